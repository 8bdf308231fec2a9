/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/account.h"

#include "lib/store/table.h"
#include "tests/unit/store_scene.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>

#define STATE "state/users/alice/state"
#define FILE_ "state/users/alice/enrollment"

static int with_alice(void **state)
{
	scene_new(state);
	enroll_alice(*state, 0x41);
	return 0;
}

static const struct who NOBODY = {"nobody-here", 0, false};
static const struct who BOB = {"bob", 1001, true};

static void who_has_no_state_shares_a_slot(void **state)
{
	struct scene *s = *state;

	assert_ok(account_lock(&s->store, &BOB, &s->account));
	assert_int_equal(s->account.kind, ACCOUNT_UNENROLLED);
	assert_status(account_enrollment(&s->account, &s->enrollment), ST_MISSING);
	assert_status(account_withdraw(&s->account), ST_MISSING);
	account_unlock(&s->account);
	assert_ok(account_lock(&s->store, &NOBODY, &s->account));
	assert_int_equal(s->account.kind, ACCOUNT_UNKNOWN);
	assert_status(account_enrollment(&s->account, &s->enrollment), ST_MISSING);
	account_unlock(&s->account);
	assert_int_equal(access(scene_path(s, "state/users/bob"), F_OK), -1);
}

static void names_that_are_no_file(void **state)
{
	struct scene *s = *state;
	char longest[300];
	struct who who = {longest, 5, true};
	bool enrolled = true;

	memset(longest, '/', sizeof(longest));
	longest[299] = '\0';
	assert_status(account_lock(&s->store, &who, &s->account), ST_BAD_NAME);
	assert_status(account_lock_own(&s->store, &who, &s->account), ST_BAD_NAME);
	assert_status(account_is_enrolled(&s->store, &who, &enrolled), ST_BAD_NAME);
	assert_false(enrolled);
	who.exists = false; /* it is counted all the same */
	assert_ok(account_lock(&s->store, &who, &s->account));
	account_unlock(&s->account);
	who.name = "";
	assert_status(account_lock(&s->store, &who, &s->account), ST_BAD_NAME);
	who.name = "x";
	assert_status(account_lock_own(&s->store, &who, &s->account), ST_NO_USER);
}

static void what_is_committed_is_loaded(void **state)
{
	const struct who *const people[] = {&(struct who){"alice", 1000, true}, &BOB, &NOBODY};
	struct scene *s = *state;

	for (uint32_t round = 1; round <= 5; round++) {
		for (size_t i = 0; i < LENGTH(people); i++) {
			assert_ok(account_lock(&s->store, people[i], &s->account));
			assert_int_equal(s->account.state->failures, round - 1);
			assert_false(s->account.was_damaged);
			assert_false(s->account.state->repair_due);
			s->account.state->failures = round;
			if (round % 3 == 0)
				assert_ok(account_commit_soft(&s->account));
			else if (round % 3 == 1)
				assert_ok(account_commit_both(&s->account));
			else
				assert_ok(account_commit(&s->account));
			account_unlock(&s->account);
		}
		assert_ok(scene_reopen(s));
	}
}

/* A million made-up names change no file's size: here as many as fill every slot often. */
static void made_up_names_grow_nothing(void **state)
{
	struct scene *s = *state;
	struct stat st;

	for (unsigned i = 0; i < 3000; i++) {
		char name[24];
		snprintf(name, sizeof(name), "no-%u", i);
		assert_ok(account_lock(&s->store, &(struct who){name, 0, false}, &s->account));
		s->account.state->failures++;
		assert_ok(account_commit_soft(&s->account));
		account_unlock(&s->account);
	}
	assert_int_equal(stat(scene_path(s, "state/unknown"), &st), 0);
	assert_int_equal(st.st_size, TABLE_SLOTS * STATE_BYTES);
	assert_int_equal(stat(scene_path(s, "state/users"), &st), 0);
	assert_int_equal(st.st_nlink <= 3, 1);
}

/* FIL-01, FIL-03, FIL-04: what is no plain file of its own, in place of either file. */
static void put_fifo(const char *path)
{
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void put_directory(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static void put_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

static void put_device(const char *path)
{
	if (mknod(path, S_IFCHR | 0600, 0x0103) != 0) /* the null device */
		put_fifo(path);
}

static void put_dangling(const char *path)
{
	assert_int_equal(symlink("/nonexistent/target", path), 0);
}

static void put_link_to_shadow(const char *path)
{
	assert_int_equal(symlink("/etc/shadow", path), 0);
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void anything_but_a_file_is_refused(void **state)
{
	static void (*const put[])(const char *) = {put_fifo,   put_directory, put_socket,
						    put_device, put_dangling,  put_link_to_shadow};
	static const char *const files[] = {STATE, FILE_};
	struct scene *s = *state;
	struct stat before;
	struct stat after;

	assert_int_equal(stat("/etc/shadow", &before), 0);
	for (size_t f = 0; f < LENGTH(files); f++) {
		char path[512];
		char aside[512];
		strcpy(path, scene_path(s, files[f]));
		strcpy(aside, scene_path(s, "aside"));
		assert_int_equal(rename(path, aside), 0);
		for (size_t i = 0; i < LENGTH(put); i++) {
			put[i](path);
			int64_t begin = milliseconds();
			assert_status(login_once(s, NULL), ST_PERM);
			assert_in_range(milliseconds() - begin, 0, 100);
			assert_int_equal(remove(path), 0);
		}
		assert_int_equal(link(aside, path), 0); /* a second name */
		assert_status(login_once(s, NULL), ST_PERM);
		assert_int_equal(unlink(aside), 0);
		assert_ok(login_once(s, NULL));
	}
	assert_int_equal(stat("/etc/shadow", &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
}

/* FIL-05 */
static void every_bit_for_others_is_refused(void **state)
{
	static const char *const files[] = {STATE, FILE_};
	struct scene *s = *state;

	for (size_t f = 0; f < LENGTH(files); f++) {
		for (mode_t mode = 0; mode <= 07777; mode++) {
			if ((mode & 0700) != 0600)
				continue;
			assert_int_equal(chmod(scene_path(s, files[f]), mode), 0);
			assert_status(login_once(s, NULL), mode == 0600 ? ST_OK : ST_PERM);
		}
		assert_int_equal(chmod(scene_path(s, files[f]), 0600), 0);
	}
}

/* FIL-05: an entry of an ACL shows as the mask in the group's bits. */
static void an_acl_is_refused(void **state)
{
	static const unsigned char acl[] = {2,   0,   0,   0,   1,   0,   6,  0,   255, 255, 255,
					    255, 2,   0,   4,   0,   57,  48, 0,   0,   4,   0,
					    0,   0,   255, 255, 255, 255, 16, 0,   4,   0,   255,
					    255, 255, 255, 32,  0,   0,   0,  255, 255, 255, 255};
	struct scene *s = *state;

	if (setxattr(scene_path(s, STATE), "system.posix_acl_access", acl, sizeof(acl), 0) != 0) {
		print_message("no ACLs here: %s\n", strerror(errno));
		skip();
	}
	assert_status(login_once(s, NULL), ST_PERM);
}

/* FIL-02, FIL-05 */
static void another_owner_is_refused(void **state)
{
	static const char *const paths[] = {STATE, FILE_, "state/users/alice", "state/users",
					    "state"};
	struct scene *s = *state;

	if (geteuid() != 0) {
		print_message("only root can give files away\n");
		skip();
	}
	for (size_t i = 0; i < LENGTH(paths); i++) {
		assert_int_equal(chown(scene_path(s, paths[i]), 12345, (gid_t)-1), 0);
		enum status result = scene_reopen(s);
		if (result == ST_OK)
			result = login_once(s, NULL);
		assert_status(result, ST_PERM);
		assert_int_equal(chown(scene_path(s, paths[i]), 0, (gid_t)-1), 0);
		assert_ok(scene_reopen(s));
	}
}

/* FIL-02 */
static void an_unsafe_directory_is_refused(void **state)
{
	struct scene *s = *state;
	char aside[512];

	assert_int_equal(chmod(scene_path(s, "state/users/alice"), 0770), 0);
	assert_status(login_once(s, NULL), ST_PERM);
	assert_int_equal(chmod(scene_path(s, "state/users/alice"), 0700), 0);
	strcpy(aside, scene_path(s, "aside"));
	assert_int_equal(rename(scene_path(s, "state/users/alice"), aside), 0);
	assert_int_equal(symlink(aside, scene_path(s, "state/users/alice")), 0);
	assert_status(login_once(s, NULL), ST_PERM);
	assert_int_equal(unlink(scene_path(s, "state/users/alice")), 0);
	write_whole(scene_path(s, "state/users/alice"), "x", 1);
	assert_status(login_once(s, NULL), ST_PERM);
}

static uint8_t whole[STATE_BYTES + 1];

/* FIL-12: state. The other slot is used, and the repair is due until somebody makes it. */
static void a_flipped_bit_costs_one_slot(void **state)
{
	struct scene *s = *state;
	unsigned seen = 0;

	assert_int_equal(read_whole(scene_path(s, STATE), whole, sizeof(whole)), STATE_BYTES);
	for (size_t bit = 0; bit < (size_t)8 * STATE_BYTES; bit += 131) {
		whole[bit / 8] ^= (uint8_t)(1 << bit % 8);
		write_whole(scene_path(s, STATE), whole, STATE_BYTES);
		assert_ok(account_lock(&s->store, &s->alice, &s->account));
		assert_true(s->account.was_damaged);
		assert_true(s->account.state->repair_due);
		account_unlock(&s->account);
		whole[bit / 8] ^= (uint8_t)(1 << bit % 8);
		seen++;
	}
	print_message("%u bits\n", seen);
}

static void the_repair_stays_due(void **state)
{
	struct scene *s = *state;

	read_whole(scene_path(s, STATE), whole, sizeof(whole));
	whole[5000] ^= 1;
	write_whole(scene_path(s, STATE), whole, STATE_BYTES);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_commit(&s->account));
	account_unlock(&s->account);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_false(s->account.was_damaged);
	assert_true(s->account.state->repair_due);
	s->account.state->repair_due = false;
	assert_ok(account_commit(&s->account));
	account_unlock(&s->account);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_false(s->account.state->repair_due);
}

/* FIL-12: enrollment, every bit. */
static void a_flipped_bit_of_the_enrollment_is_refused(void **state)
{
	struct scene *s = *state;
	uint8_t bytes[ENROLLMENT_FILE_MAX];
	size_t length = read_whole(scene_path(s, FILE_), bytes, sizeof(bytes));

	for (size_t bit = 0; bit < 8 * length; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		write_whole(scene_path(s, FILE_), bytes, length);
		enum status result = login_once(s, NULL);
		assert_true(result == ST_CORRUPT || result == ST_KEY_MISSING);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void grow(const char *path, off_t size)
{
	int fd = open(path, O_WRONLY);

	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

/* FIL-13 */
static void every_other_length_is_refused(void **state)
{
	static const off_t sizes[] = {0, 1, 8191, 8192, 8193, STATE_BYTES - 1, STATE_BYTES + 1};
	struct scene *s = *state;
	uint8_t bytes[ENROLLMENT_FILE_MAX];
	size_t length = read_whole(scene_path(s, FILE_), bytes, sizeof(bytes));

	for (size_t cut = 0; cut < length; cut++) {
		write_whole(scene_path(s, FILE_), bytes, cut);
		assert_status(login_once(s, NULL), ST_CORRUPT);
	}
	write_whole(scene_path(s, FILE_), bytes, length);
	grow(scene_path(s, FILE_), (off_t)length + 1);
	assert_status(login_once(s, NULL), ST_CORRUPT);
	grow(scene_path(s, FILE_), (off_t)4 << 30);
	assert_status(login_once(s, NULL), ST_CORRUPT);
	write_whole(scene_path(s, FILE_), bytes, length);
	assert_ok(login_once(s, NULL));
	read_whole(scene_path(s, STATE), whole, sizeof(whole));
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		write_whole(scene_path(s, STATE), whole, STATE_BYTES);
		grow(scene_path(s, STATE), sizes[i]);
		assert_status(login_once(s, NULL), ST_CORRUPT);
	}
	grow(scene_path(s, STATE), (off_t)4 << 30);
	assert_status(login_once(s, NULL), ST_CORRUPT);
}

/* FIL-15 */
static void two_damaged_slots_are_refused(void **state)
{
	struct scene *s = *state;

	read_whole(scene_path(s, STATE), whole, sizeof(whole));
	whole[100] ^= 1;
	whole[STATE_SLOT_BYTES + 100] ^= 1;
	write_whole(scene_path(s, STATE), whole, STATE_BYTES);
	assert_status(login_once(s, NULL), ST_CORRUPT);
	assert_status(account_lock_own(&s->store, &s->alice, &s->account), ST_CORRUPT);
	memset(whole, 0, sizeof(whole));
	write_whole(scene_path(s, STATE), whole, STATE_BYTES);
	assert_status(login_once(s, NULL), ST_CORRUPT);
}

/* FIL-16: not "fresh". */
static void a_missing_state_is_refused(void **state)
{
	struct scene *s = *state;

	assert_int_equal(unlink(scene_path(s, STATE)), 0);
	assert_status(login_once(s, NULL), ST_MISSING);
	assert_status(account_lock_own(&s->store, &s->alice, &s->account), ST_MISSING);
	assert_int_equal(access(scene_path(s, STATE), F_OK), -1);
}

static void copy(struct scene *s, const char *from, const char *to)
{
	size_t length = read_whole(scene_path(s, from), whole, sizeof(whole));

	write_whole(scene_path(s, to), whole, length);
}

/* FIL-08, FIL-11 */
static void another_users_files_are_refused(void **state)
{
	struct scene *s = *state;
	const struct who renumbered = {"alice", 2000, true};

	assert_ok(account_lock_own(&s->store, &BOB, &s->account));
	account_unlock(&s->account);
	copy(s, FILE_, "state/users/bob/enrollment");
	assert_status(login(s, &BOB, NULL), ST_OWNER);
	account_unlock(&s->account);
	copy(s, STATE, "state/users/bob/state");
	assert_status(login(s, &BOB, NULL), ST_OWNER);
	account_unlock(&s->account);
	assert_status(login(s, &renumbered, NULL), ST_OWNER);
	account_unlock(&s->account);
	copy(s, "state/unknown", STATE); /* too large, and not his either */
	assert_status(login_once(s, NULL), ST_CORRUPT);
}

/* An older enrollment, as from a backup, belongs to a generation that is over. */
static void an_old_enrollment_is_refused(void **state)
{
	struct scene *s = *state;
	unsigned mark = 0;

	copy(s, FILE_, "old");
	enroll_alice(s, 0x42);
	assert_ok(login_once(s, &mark));
	assert_int_equal(mark, 0x42);
	copy(s, "old", FILE_);
	assert_status(login_once(s, NULL), ST_CORRUPT);
}

/* Who was removed stays removed, even if the file comes back. */
static void a_removed_enrollment_is_worth_nothing(void **state)
{
	struct scene *s = *state;
	bool enrolled = false;

	copy(s, FILE_, "old");
	assert_ok(account_is_enrolled(&s->store, &s->alice, &enrolled));
	assert_true(enrolled);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_withdraw(&s->account));
	assert_status(account_withdraw(&s->account), ST_MISSING);
	account_unlock(&s->account);
	assert_ok(account_is_enrolled(&s->store, &s->alice, &enrolled));
	assert_false(enrolled);
	assert_status(login_once(s, NULL), ST_MISSING);
	copy(s, "old", FILE_);
	assert_status(login_once(s, NULL), ST_CORRUPT);
	assert_int_equal(unlink(scene_path(s, FILE_)), 0);
	enroll_alice(s, 0x43);
	assert_ok(login_once(s, NULL));
}

/* A child that holds the lock until told, or for `seconds`. */
static pid_t hold_elsewhere(struct scene *s, int *ready)
{
	int pipe_ends[2];

	assert_int_equal(pipe(pipe_ends), 0);
	pid_t child = fork();
	if (child == 0) {
		struct account held;
		if (scene_reopen(s) != ST_OK || account_lock(&s->store, &s->alice, &held) != ST_OK)
			_exit(1);
		if (write(pipe_ends[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(pipe_ends[1]);
	*ready = pipe_ends[0];
	char byte;
	assert_int_equal(read(*ready, &byte, 1), 1);
	close(*ready);
	return child;
}

/* CON-07, RES-11: after 5 seconds, and nothing was changed; others are not kept waiting. */
static void a_held_lock_ends_patience(void **state)
{
	struct scene *s = *state;
	int ready = -1;
	pid_t child = hold_elsewhere(s, &ready);
	int64_t begin = milliseconds();

	assert_ok(account_lock(&s->store, &BOB, &s->account));
	account_unlock(&s->account);
	assert_in_range(milliseconds() - begin, 0, 1000);
	begin = milliseconds();
	assert_status(login_once(s, NULL), ST_LOCK_TIMEOUT);
	assert_in_range(milliseconds() - begin, 4900, 5600);
	assert_int_equal(kill(child, SIGKILL), 0); /* its lock dies with it */
	waitpid(child, NULL, 0);
	assert_ok(login_once(s, NULL));
}

/* CON-13: a child forked while the lock was held does not keep it. */
static void a_forked_child_keeps_no_lock(void **state)
{
	struct scene *s = *state;

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	account_unlock(&s->account);
	assert_ok(login_once(s, NULL));
	assert_int_equal(kill(child, SIGKILL), 0);
	waitpid(child, NULL, 0);
}

/* CON-06: increments of many processes all arrive. */
static void no_increment_is_lost(void **state)
{
	enum { PROCESSES = 8, ROUNDS = 40 };
	struct scene *s = *state;

	for (int i = 0; i < PROCESSES; i++) {
		if (fork() != 0)
			continue;
		bool ok = scene_reopen(s) == ST_OK;
		for (int round = 0; ok && round < ROUNDS; round++) {
			ok = account_lock(&s->store, &s->alice, &s->account) == ST_OK;
			if (ok)
				s->account.state->failures++;
			ok = ok && (round % 2 ? account_commit(&s->account)
					      : account_commit_soft(&s->account)) == ST_OK;
			account_unlock(&s->account);
		}
		_exit(!ok);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int result = 0;
		assert_true(wait(&result) > 0);
		assert_int_equal(result, 0);
	}
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_int_equal(s->account.state->failures, PROCESSES * ROUNDS);
	assert_false(s->account.state->repair_due);
}

/* FIL-07: each login sees one whole version, whoever renames beneath it. */
static void swapped_files_are_seen_whole(void **state)
{
	struct scene *s = *state;
	char from[512];
	char to[512];

	copy(s, STATE, "state/users/alice/one");
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	s->account.state->failures = 5;
	assert_ok(account_commit_both(&s->account));
	account_unlock(&s->account);
	strcpy(to, scene_path(s, STATE));
	strcpy(from, scene_path(s, "state/users/alice/one"));
	pid_t child = fork();
	if (child == 0) {
		while (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) == 0)
			usleep(50);
		_exit(1);
	}
	for (int i = 0; i < 1000; i++) {
		assert_ok(account_lock(&s->store, &s->alice, &s->account));
		assert_true(s->account.state->failures == 0 || s->account.state->failures == 5);
		account_unlock(&s->account);
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	waitpid(child, NULL, 0);
}

/* A slot written without a flush is the one that is written next: the durable one stays. */
static void a_soft_slot_is_written_again(void **state)
{
	struct scene *s = *state;
	static uint8_t after[STATE_BYTES];

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_commit(&s->account));
	unsigned durable = s->account.slot;
	account_unlock(&s->account);
	read_whole(scene_path(s, STATE), whole, sizeof(whole));
	for (int i = 0; i < 4; i++) {
		assert_ok(account_lock(&s->store, &s->alice, &s->account));
		assert_ok(i < 3 ? account_commit_soft(&s->account) : account_commit(&s->account));
		account_unlock(&s->account);
		read_whole(scene_path(s, STATE), after, sizeof(after));
		assert_memory_equal(whole + durable * STATE_SLOT_BYTES,
				    after + durable * STATE_SLOT_BYTES, STATE_SLOT_BYTES);
		assert_memory_not_equal(whole, after, STATE_BYTES);
	}
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_commit(&s->account));
	assert_int_equal(s->account.slot, durable);
}

/* SEC-03: nothing of a token's secret lies in a file in the clear. */
static void no_secret_lies_open(void **state)
{
	struct scene *s = *state;
	uint8_t secret[20];
	size_t length = read_whole(scene_path(s, FILE_), whole, sizeof(whole));

	memset(secret, 0x41, sizeof(secret));
	assert_null(memmem(whole, length, secret, 8));
	length = read_whole(scene_path(s, STATE), whole, sizeof(whole));
	assert_null(memmem(whole, length, secret, 8));
}

/* What the administrator could not change is as it was, on the disk and for the caller. */
static void a_change_that_fails_is_no_change(void **state)
{
	struct scene *s = *state;
	static struct live_state before;
	static uint8_t after[STATE_BYTES];
	struct rlimit limit;

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	before = *s->account.state;
	uint64_t sequence = s->account.stamp.sequence;
	read_whole(scene_path(s, STATE), whole, STATE_BYTES);
	s->account.state->failures = 77;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	const struct rlimit small = {100, limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	errno = 0;
	enum status result = account_change(&s->account, &before);
	int error = errno;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_status(result, ST_LIMIT);
	assert_int_equal(error, EFBIG);
	assert_int_equal(s->account.state->failures, before.failures);
	assert_true(s->account.stamp.sequence == sequence);
	read_whole(scene_path(s, STATE), after, sizeof(after));
	assert_memory_equal(whole, after, STATE_BYTES);
	s->account.state->failures = 78;
	assert_ok(account_change(&s->account, &before));
	account_unlock(&s->account);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_int_equal(s->account.state->failures, 78);
	assert_true(s->account.stamp.sequence == sequence + 2);
}

/* The one whole slot may not be on the disk yet: it is flushed, and the damaged one is written. */
static void a_soft_slot_beside_a_damaged_one(void **state)
{
	struct scene *s = *state;

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	s->account.state->failures = 5;
	assert_ok(account_commit_soft(&s->account));
	unsigned whole_slot = s->account.slot;
	account_unlock(&s->account);
	read_whole(scene_path(s, STATE), whole, STATE_BYTES);
	whole[(1 - whole_slot) * STATE_SLOT_BYTES + 60] ^= 1;
	write_whole(scene_path(s, STATE), whole, STATE_BYTES);
	for (unsigned soft = 0; soft < 2; soft++) {
		static uint8_t after[STATE_BYTES];
		write_whole(scene_path(s, STATE), whole, STATE_BYTES);
		assert_ok(account_lock(&s->store, &s->alice, &s->account));
		assert_int_equal(s->account.slot, whole_slot);
		assert_int_equal(s->account.state->failures, 5);
		s->account.state->failures = 6;
		assert_ok(soft ? account_commit_soft(&s->account) : account_commit(&s->account));
		account_unlock(&s->account);
		read_whole(scene_path(s, STATE), after, sizeof(after));
		assert_memory_equal(whole + whole_slot * STATE_SLOT_BYTES,
				    after + whole_slot * STATE_SLOT_BYTES, STATE_SLOT_BYTES);
		assert_ok(account_lock(&s->store, &s->alice, &s->account));
		assert_int_equal(s->account.state->failures, 6);
		assert_int_equal(s->account.slot, 1 - whole_slot);
		account_unlock(&s->account);
	}
}

/* Written over, it is damaged no more: the slot that was whole all along stays as it is. */
static void a_repaired_slot_is_written_again(void **state)
{
	struct scene *s = *state;
	static uint8_t after[STATE_BYTES];

	read_whole(scene_path(s, STATE), whole, STATE_BYTES);
	whole[60] ^= 1;
	write_whole(scene_path(s, STATE), whole, STATE_BYTES);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_int_equal(s->account.slot, 1);
	assert_ok(account_commit_soft(&s->account));
	assert_ok(account_commit_soft(&s->account));
	account_unlock(&s->account);
	read_whole(scene_path(s, STATE), after, sizeof(after));
	assert_memory_not_equal(whole, after, STATE_SLOT_BYTES);
	assert_memory_equal(whole + STATE_SLOT_BYTES, after + STATE_SLOT_BYTES, STATE_SLOT_BYTES);
}

/* A file size limit that the file keeps is none; one byte less is. */
static void a_limit_that_is_large_enough(void **state)
{
	struct scene *s = *state;
	struct rlimit limit;

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	const struct rlimit enough = {STATE_BYTES, limit.rlim_max};
	const struct rlimit less = {STATE_BYTES - 1, limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &enough), 0);
	bool may = account_may_commit(&s->account);
	enum status result = account_commit_both(&s->account);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	bool may_with_less = account_may_commit(&s->account);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_true(may);
	assert_ok(result);
	assert_false(may_with_less);
}

#define WITH_ALICE(test) cmocka_unit_test_setup_teardown(test, with_alice, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_SCENE(who_has_no_state_shares_a_slot),
	    IN_SCENE(names_that_are_no_file),
	    WITH_ALICE(what_is_committed_is_loaded),
	    IN_SCENE(made_up_names_grow_nothing),
	    WITH_ALICE(anything_but_a_file_is_refused),
	    WITH_ALICE(every_bit_for_others_is_refused),
	    WITH_ALICE(an_acl_is_refused),
	    WITH_ALICE(another_owner_is_refused),
	    WITH_ALICE(an_unsafe_directory_is_refused),
	    WITH_ALICE(a_flipped_bit_costs_one_slot),
	    WITH_ALICE(the_repair_stays_due),
	    WITH_ALICE(a_flipped_bit_of_the_enrollment_is_refused),
	    WITH_ALICE(every_other_length_is_refused),
	    WITH_ALICE(two_damaged_slots_are_refused),
	    WITH_ALICE(a_missing_state_is_refused),
	    WITH_ALICE(another_users_files_are_refused),
	    WITH_ALICE(an_old_enrollment_is_refused),
	    WITH_ALICE(a_removed_enrollment_is_worth_nothing),
	    WITH_ALICE(a_held_lock_ends_patience),
	    WITH_ALICE(a_forked_child_keeps_no_lock),
	    WITH_ALICE(no_increment_is_lost),
	    WITH_ALICE(swapped_files_are_seen_whole),
	    WITH_ALICE(a_soft_slot_is_written_again),
	    WITH_ALICE(no_secret_lies_open),
	    WITH_ALICE(a_change_that_fails_is_no_change),
	    WITH_ALICE(a_soft_slot_beside_a_damaged_one),
	    WITH_ALICE(a_repaired_slot_is_written_again),
	    WITH_ALICE(a_limit_that_is_large_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
