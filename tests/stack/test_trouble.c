/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files, disks, configurations and limits that are not as they should be, seen through a login:
 * FIL-01 to FIL-18, DUR-07, DUR-09, CON-07, CFG-01 to CFG-07, RES-04, RES-06, RES-09, RES-12.
 */
#include "tests/long.h"
#include "tests/stack/rig.h"
#include "tests/stack/rig_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START = 1795262410, FILE_MAX = STATE_BYTES };

#define STATE      "state/users/alice/state"
#define ENROLLMENT "state/users/alice/enrollment"

static void fresh(void)
{
	rig_clock_set(START, 5000);
	rig_conf("");
	rig_store();
	rig_enroll("alice", 4);
	rig_log_clear();
}

static void remove_file(const char *name)
{
	assert_int_equal(unlink(rig_path(name)), 0);
}

static size_t read_file(const char *name, uint8_t bytes[FILE_MAX])
{
	int fd = open(rig_path(name), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	ssize_t length = pread(fd, bytes, FILE_MAX, 0);
	assert_true(length > 0);
	(void)close(fd);
	return (size_t)length;
}

/* In place, with the mode it had. */
static void write_file(const char *name, const uint8_t *bytes, size_t length)
{
	int fd = open(rig_path(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, length, 0), length);
	assert_int_equal(ftruncate(fd, (off_t)length), 0);
	(void)close(fd);
}

static int64_t milliseconds(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The right code is refused, at once, with one line that says why. */
static void refused(const char *user, int result, const char *reason)
{
	int64_t before = milliseconds();
	rig_log_clear();
	int got = rig_answer(user, rig_code(user, 0));
	if (got != result || rig_log_count(reason) != 1 || milliseconds() - before > 2000)
		fail_msg("%d, not %d with %s: %s", got, result, reason, rig_log());
}

static void accepted(const char *user)
{
	if (rig_answer(user, rig_code(user, 0)) != PAM_SUCCESS)
		fail_msg("%s", rig_log());
}

/* What the host does not say cannot be taken for a host that says nothing: a stranger's ledger
 * would be charged for a known source, or a blind conversation for a guess. */
static void items_that_cannot_be_read(void **state)
{
	(void)state;
	const struct login home = {
	    .service = "code", .user = "alice", .rhost = "192.0.2.1", .account = true};
	fresh();
	struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1};
	assert_int_equal(rig_login(&home, &talk), PAM_SUCCESS);
	for (long at = 1; at <= 30; at++) {
		rig_unlock("alice");
		uint64_t before = rig_user_fingerprint("alice");
		rig_log_clear();
		fault_arm(&(struct fault){.call = "pam_get_item", .at = at, .error = PAM_BUF_ERR});
		assert_true(rig_answer("alice", "000000") != PAM_SUCCESS);
		if (fault_disarm() < at)
			return;
		if (rig_user_fingerprint("alice") != before)
			assert_int_equal(rig_log_count("reason=bad-code user=\"alice\" uid=1001 "
						       "service=code rhost=192.0.2.1 ledger=known"),
					 1);
	}
	fail_msg("no end of the calls");
}

/* --- what lies in the place of a file ----------------------------------------------------------
 */

/* FIL-01 */
static void symbolic_links(void **state)
{
	(void)state;
	static const char *const files[] = {STATE, ENROLLMENT};
	for (size_t i = 0; i < 2; i++) {
		fresh();
		rig_enroll("bob", 0);
		const char *targets[] = {
		    rig_path(i == 0 ? "state/users/bob/state" : "state/users/bob/enrollment"),
		    "/etc/shadow", "/nonexistent/file"};
		uint64_t before = rig_user_fingerprint("bob");
		for (size_t j = 0; j < 3; j++) {
			remove_file(files[i]);
			assert_int_equal(symlink(targets[j], rig_path(files[i])), 0);
			refused("alice", PAM_AUTH_ERR, "reason=state-perm");
		}
		assert_true(rig_user_fingerprint("bob") == before);
	}
}

/* FIL-02 */
static void directories(void **state)
{
	(void)state;
	fresh();
	static const struct {
		const char *name;
		int result;
	} parents[] = {{"state", PAM_SYSTEM_ERR},
		       {"state/users", PAM_SYSTEM_ERR},
		       {"state/users/alice", PAM_AUTH_ERR}};
	for (size_t i = 0; i < 3; i++) {
		const char *path = rig_path(parents[i].name);
		assert_int_equal(chmod(path, 0770), 0);
		refused("alice", parents[i].result, "reason=state-perm");
		assert_int_equal(chmod(path, 0700), 0);
		assert_int_equal(chown(path, 1002, 0), 0);
		refused("alice", parents[i].result, "reason=state-perm");
		assert_int_equal(chown(path, 0, 0), 0);
		assert_int_equal(rename(path, rig_path("aside")), 0);
		assert_int_equal(symlink(rig_path("aside"), path), 0);
		refused("alice", parents[i].result, "reason=state-perm");
		assert_int_equal(unlink(path), 0);
		assert_int_equal(rename(rig_path("aside"), path), 0);
	}
	accepted("alice");
}

/* FIL-03 */
static void hard_links(void **state)
{
	(void)state;
	static const char *const files[] = {STATE, ENROLLMENT};
	fresh();
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(link(rig_path(files[i]), rig_path("second")), 0);
		refused("alice", PAM_AUTH_ERR, "reason=state-perm");
		remove_file("second");
	}
	accepted("alice");
}

static void make_socket(const char *path)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	(void)close(fd);
}

/* FIL-04 */
static void other_kinds_of_files(void **state)
{
	(void)state;
	static const char *const files[] = {STATE, ENROLLMENT};
	for (size_t i = 0; i < 2; i++) {
		fresh();
		const char *path = rig_path(files[i]);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(mkfifo(path, 0600), 0);
		refused("alice", PAM_AUTH_ERR, "reason=state-perm");
		assert_int_equal(unlink(path), 0);
		make_socket(path);
		refused("alice", PAM_AUTH_ERR, "reason=state-perm");
		assert_int_equal(unlink(path), 0);
		if (mknod(path, S_IFCHR | 0600, makedev(1, 3)) == 0) {
			rig_log_clear();
			assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
			assert_int_equal(unlink(path), 0);
		}
		assert_int_equal(mkdir(path, 0700), 0);
		refused("alice", PAM_AUTH_ERR, "reason=state-perm");
	}
}

/* FIL-05 */
static void modes_and_owners(void **state)
{
	(void)state;
	static const char *const files[] = {STATE, ENROLLMENT};
	static const mode_t modes[] = {0644, 0660, 0640, 0604, 0610, 04600};
	fresh();
	for (size_t i = 0; i < 2; i++) {
		const char *path = rig_path(files[i]);
		for (size_t j = 0; j < sizeof(modes) / sizeof(modes[0]); j++) {
			assert_int_equal(chmod(path, modes[j]), 0);
			refused("alice", PAM_AUTH_ERR, "reason=state-perm");
		}
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(chown(path, 1001, 0), 0);
		refused("alice", PAM_AUTH_ERR, "reason=state-perm");
		assert_int_equal(chown(path, 0, 0), 0);
	}
	accepted("alice");
}

/* --- whose it is -------------------------------------------------------------------------------
 */

/* FIL-08 */
static void the_enrollment_of_another_user(void **state)
{
	(void)state;
	static uint8_t bytes[FILE_MAX];
	fresh();
	rig_enroll("bob", 0);
	size_t length = read_file(ENROLLMENT, bytes);
	write_file("state/users/bob/enrollment", bytes, length);
	rig_log_clear();
	assert_int_equal(rig_answer("bob", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=state-owner"), 1);
	length = read_file(STATE, bytes);
	write_file("state/users/bob/state", bytes, length);
	refused("bob", PAM_AUTH_ERR, "reason=state-owner");
	accepted("alice");
}

/* FIL-09 */
static void the_files_of_another_host(void **state)
{
	(void)state;
	static uint8_t enrollment[FILE_MAX], live[FILE_MAX];
	fresh();
	size_t length = read_file(ENROLLMENT, enrollment);
	size_t live_length = read_file(STATE, live);
	fresh();
	write_file(ENROLLMENT, enrollment, length);
	rig_log_clear();
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=key-mi") + rig_log_count("reason=state-owner"), 1);
	write_file(STATE, live, live_length);
	rig_log_clear();
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=key-mi") + rig_log_count("reason=state-owner"), 1);
}

static void set_uid(const char *from, const char *to)
{
	static char text[16384];
	char *at = NULL;
	int fd = open("/etc/passwd", O_RDWR | O_CLOEXEC);
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);
	assert_true(length > 0);
	text[length] = '\0';
	at = strstr(text, from);
	assert_non_null(at);
	memcpy(at, to, strlen(to));
	assert_int_equal(pwrite(fd, text, (size_t)length, 0), length);
	(void)close(fd);
}

/* FIL-11 */
static void a_new_uid(void **state)
{
	(void)state;
	fresh();
	set_uid("alice:x:1001", "alice:x:1009");
	refused("alice", PAM_AUTH_ERR, "reason=state-owner");
	set_uid("alice:x:1009", "alice:x:1001");
	accepted("alice");
}

/* --- damage ------------------------------------------------------------------------------------
 */

static void flip(const char *name, size_t bit, uint8_t *bytes)
{
	bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	int fd = open(rig_path(name), O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &bytes[bit / 8], 1, (off_t)(bit / 8)), 1);
	(void)close(fd);
}

/* FIL-12, FIL-14: every bit of it is authenticated, the version and the ids too. */
static void each_bit_of_the_enrollment(void **state)
{
	(void)state;
	static uint8_t bytes[FILE_MAX], live[FILE_MAX];
	fresh();
	rig_conf("lockout_tries = 0\nlockout_cap = 0\n");
	size_t length = read_file(ENROLLMENT, bytes);
	size_t live_length = read_file(STATE, live);
	for (size_t bit = 0; bit < 8 * length; bit++) {
		flip(ENROLLMENT, bit, bytes);
		rig_log_clear();
		int result = rig_answer("alice", rig_code("alice", 0));
		if (result != PAM_AUTH_ERR || rig_log_count("reason=ok") != 0)
			fail_msg("bit %zu: %d %s", bit, result, rig_log());
		flip(ENROLLMENT, bit, bytes);
	}
	write_file(STATE, live, live_length);
	accepted("alice");
}

/* Where the part of a slot ends whose bits are flipped: that in use and a little; in the long form
 * all of it. */
static size_t flipped_bytes(const uint8_t *slot)
{
	size_t used = STATE_SLOT_BYTES;
	while (used > 0 && slot[used - 1] == 0)
		used--;
	return is_long() ? STATE_SLOT_BYTES : used + 2;
}

/*
 * FIL-12: whichever bit of whichever slot: a code that was used is never accepted again, nor a
 * spent backup code, nor anything wrong; and the count of failures does not shrink.
 */
static void each_bit_of_the_state(void **state)
{
	(void)state;
	static uint8_t whole[FILE_MAX], bytes[FILE_MAX];
	fresh();
	const char *code = rig_code("alice", 0);
	assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
	assert_int_equal(rig_answer("alice", rig_backup(1)), PAM_SUCCESS);
	assert_int_equal(rig_answer("alice", code), PAM_SUCCESS);
	for (int i = 0; i < 2; i++)
		assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
	size_t length = read_file(STATE, whole);
	memcpy(bytes, whole, length);
	for (size_t slot = 0; slot < 2; slot++) {
		size_t start = slot * STATE_SLOT_BYTES;
		size_t end = start + flipped_bytes(whole + start);
		for (size_t bit = 8 * start; bit < 8 * end; bit++) {
			flip(STATE, bit, bytes);
			rig_log_clear();
			if (rig_answer("alice", bit % 8 == 7 ? rig_backup(1) : code) !=
				PAM_AUTH_ERR ||
			    rig_log_count("event=repair reason=state-corrupt") != 1)
				fail_msg("bit %zu: %s", bit, rig_log());
			if (bit % 64 == 0 &&
			    rig_state("alice")->ledgers.ledger[LEDGER_STRANGERS].code_failures < 3)
				fail_msg("bit %zu: a failure was forgotten", bit);
			bytes[bit / 8] = whole[bit / 8];
			write_file(STATE, whole, length);
		}
	}
	rig_clock_step(90);
	accepted("alice");
}

/* After the repair the next code that nobody can have seen is right again. */
static void after_the_repair(void **state)
{
	(void)state;
	static uint8_t bytes[FILE_MAX];
	fresh();
	(void)read_file(STATE, bytes);
	flip(STATE, 800, bytes);
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_answer("alice", rig_code("alice", 1)), PAM_AUTH_ERR);
	assert_int_equal(rig_answer("alice", rig_backup(2)), PAM_SUCCESS);
	assert_int_equal(rig_log_count("event=repair"), 1);
	rig_clock_step(60);
	accepted("alice");
}

static void truncated_to(const char *file, const uint8_t *whole, size_t length, size_t to)
{
	assert_int_equal(truncate(rig_path(file), (off_t)to), 0);
	rig_log_clear();
	if (rig_answer("alice", rig_code("alice", 0)) != PAM_AUTH_ERR)
		fail_msg("%s of %zu bytes: %s", file, to, rig_log());
	write_file(file, whole, length);
}

/* FIL-13 */
static void other_lengths(void **state)
{
	(void)state;
	static uint8_t whole[FILE_MAX], live[FILE_MAX];
	fresh();
	rig_conf("lockout_tries = 0\nlockout_cap = 0\n");
	size_t length = read_file(ENROLLMENT, whole);
	size_t live_length = read_file(STATE, live);
	for (size_t to = 0; to < length; to++)
		truncated_to(ENROLLMENT, whole, length, to);
	truncated_to(ENROLLMENT, whole, length, length + 1);
	truncated_to(ENROLLMENT, whole, length, (size_t)4 << 30);
	write_file(STATE, live, live_length);
	for (size_t to = 0; to < live_length; to += is_long() ? 1 : to % 8192 < 700 ? 7 : 97)
		truncated_to(STATE, live, live_length, to);
	truncated_to(STATE, live, live_length, live_length + 1);
	truncated_to(STATE, live, live_length, (size_t)4 << 30);
	accepted("alice");
}

/* FIL-15 */
static void both_slots(void **state)
{
	(void)state;
	static uint8_t bytes[FILE_MAX];
	fresh();
	size_t length = read_file(STATE, bytes);
	bytes[100] ^= 1;
	bytes[STATE_SLOT_BYTES + 100] ^= 1;
	write_file(STATE, bytes, length);
	for (int i = 0; i < 10; i++) {
		refused("alice", PAM_AUTH_ERR, "reason=state-corrupt");
		assert_int_equal(rig_answer("alice", rig_backup(0)), PAM_AUTH_ERR);
		rig_clock_step(30);
	}
}

/* FIL-16 */
static void a_state_that_is_gone(void **state)
{
	(void)state;
	fresh();
	remove_file(STATE);
	refused("alice", PAM_AUTH_ERR, "reason=state-missing");
	assert_int_equal(rig_answer("alice", rig_backup(0)), PAM_AUTH_ERR);
	assert_int_equal(access(rig_path(STATE), F_OK), -1);
}

/* FIL-18 */
static void a_store_that_is_gone(void **state)
{
	(void)state;
	fresh();
	rig_conf("[service cron]\nsecond_factor = off\n");
	rig_service("cron", "auth required @\nauth required pam_permit.so\n");
	assert_int_equal(rename(rig_path("state"), rig_path("aside")), 0);
	for (int empty = 0; empty < 2; empty++) {
		if (empty)
			assert_int_equal(mkdir(rig_path("state"), 0700), 0);
		refused("alice", PAM_SYSTEM_ERR, "reason=state-missing");
		refused("bob", PAM_SYSTEM_ERR, "reason=state-missing");
		struct talk talk = {0};
		const struct login cron = {.service = "cron", .user = "alice"};
		assert_int_equal(rig_login(&cron, &talk), PAM_SUCCESS);
	}
	assert_int_equal(rmdir(rig_path("state")), 0);
	assert_int_equal(rename(rig_path("aside"), rig_path("state")), 0);
	accepted("alice");
}

/* --- disks -------------------------------------------------------------------------------------
 */

/* The store on a disk of its own, which can be filled and turned read-only. */
static void store_on_a_disk(void)
{
	char command[1200];
	fresh();
	assert_int_equal(mkdir(rig_path("disk"), 0700) == 0 || errno == EEXIST, 1);
	assert_int_equal(mount("none", rig_path("disk"), "tmpfs", 0, "mode=0700,size=12m"), 0);
	(void)snprintf(command, sizeof(command), "cp -a %s/. %s/", rig_path("state"),
		       rig_path("disk"));
	assert_int_equal(system(command), 0); // NOLINT: our own paths
	assert_int_equal(mount(rig_path("disk"), rig_path("state"), NULL, MS_BIND, NULL), 0);
}

static void no_disk(void)
{
	assert_int_equal(umount2(rig_path("state"), 0), 0);
	assert_int_equal(umount2(rig_path("disk"), 0), 0);
}

static void fill_the_disk(void)
{
	static const char zeros[65536];
	int fd = open(rig_path("disk/filler"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	while (write(fd, zeros, 1) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	(void)close(fd);
}

/* DUR-07 */
static void a_full_disk(void **state)
{
	(void)state;
	store_on_a_disk();
	fill_the_disk();
	accepted("alice");
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_answer("alice", rig_backup(1)), PAM_SUCCESS);
	for (int i = 0; i < 10; i++)
		assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=bad-code"), 5);
	assert_int_equal(rig_log_count("event=deny reason=locked"), 5);
	rig_clock_step(30);
	refused("alice", PAM_AUTH_ERR, "reason=locked");
	no_disk();
}

/* DUR-09 */
static void a_read_only_disk(void **state)
{
	(void)state;
	store_on_a_disk();
	const unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY;
	assert_int_equal(mount(NULL, rig_path("state"), NULL, flags, NULL), 0);
	uint64_t before = rig_fingerprint();
	refused("alice", PAM_AUTH_ERR, "event=deny reason=state-io");
	rig_log_clear();
	assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=deny reason=state-io"), 1);
	assert_int_equal(rig_answer("alice", rig_backup(0)), PAM_AUTH_ERR);
	assert_true(rig_fingerprint() == before);
	no_disk();
}

/* --- locks -------------------------------------------------------------------------------------
 */

static int lock_of(const char *name)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(rig_path(name), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	if (fcntl(fd, F_OFD_SETLK, &all) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* CON-07 */
static void somebody_else_holds_the_lock(void **state)
{
	(void)state;
	fresh();
	int fd = lock_of(STATE);
	assert_true(fd >= 0);
	uint64_t before = rig_user_fingerprint("alice");
	int64_t started = milliseconds();
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_in_range(milliseconds() - started, 4000, 7000);
	assert_int_equal(rig_log_count("event=deny reason=lock-timeout"), 1);
	(void)close(fd);
	assert_true(rig_user_fingerprint("alice") == before);
	accepted("alice");
}

static unsigned locked_lookups, locked_lines, lookups, lines;

static bool is_locked(void)
{
	int fd = lock_of(STATE);
	if (fd >= 0)
		(void)close(fd);
	return fd < 0;
}

static void watch_call(const char *call)
{
	static _Thread_local bool within;
	if (within || strncmp(call, "getpwnam", 8) * strncmp(call, "getgr", 5) != 0)
		return;
	within = true;
	lookups++;
	locked_lookups += is_locked();
	within = false;
}

static void watch_log(void)
{
	lines++;
	locked_lines += is_locked();
}

/* RES-09, RES-12: nobody waits for a name service or a log with a lock in his hand. */
static void no_lock_is_held_outside(void **state)
{
	(void)state;
	fresh();
	rig_conf("[group staff]\nlockout_tries = 5\n");
	fault_watch = watch_call;
	rig_log_watch = watch_log;
	const struct login all = {.service = "code",
				  .user = "alice",
				  .rhost = "192.0.2.1",
				  .account = true,
				  .session = true};
	const char *answers[] = {rig_wrong("alice"), rig_backup(0), rig_code("alice", 0)};
	for (size_t i = 0; i < 3; i++) {
		struct talk talk = {.answers = {answers[i]}, .count = 1};
		assert_int_equal(rig_login(&all, &talk), i == 0 ? PAM_AUTH_ERR : PAM_SUCCESS);
	}
	fault_watch = NULL;
	rig_log_watch = NULL;
	assert_true(lookups >= 6 && lines >= 3);
	assert_int_equal(locked_lookups + locked_lines, 0);
}

/* --- configuration -----------------------------------------------------------------------------
 */

static void write_conf(const char *bytes, size_t length)
{
	int fd = open(rig_path("kling.conf"), O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	(void)close(fd);
}

static void bad_conf(const char *line_in_log)
{
	struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1};
	const struct login login = {.service = "code", .user = "alice", .rhost = "192.0.2.1"};
	rig_log_clear();
	int result = rig_login(&login, &talk);
	if (result != PAM_SYSTEM_ERR || talk.asked != 0 ||
	    rig_log_count("event=deny reason=config") != 1 || rig_log_count(line_in_log) != 1)
		fail_msg("%d, not with %s: %s", result, line_in_log, rig_log());
}

/* CFG-01: one that is named must be there. */
static void no_configuration(void **state)
{
	(void)state;
	fresh();
	remove_file("kling.conf");
	bad_conf("kling.conf");
	rig_conf("");
	accepted("alice");
}

/* CFG-02 */
static void odd_configuration_files(void **state)
{
	(void)state;
	static char long_line[1 << 20];
	fresh();
	const char *path = rig_path("kling.conf");
	static const mode_t modes[] = {0664, 0646, 0666};
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		bad_conf("kling.conf");
	}
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(chown(path, 1001, 0), 0);
	bad_conf("kling.conf");
	assert_int_equal(chown(path, 0, 0), 0);
	assert_int_equal(truncate(path, (off_t)1 << 30), 0);
	bad_conf("kling.conf");
	write_conf("lockout_tries = 3\n\0\n", 20);
	bad_conf("line=2");
	write_conf("lockout_tries = 3\r\n", 19);
	bad_conf("line=1");
	write_conf("# one\nlockout_tries = 3", 23);
	bad_conf("line=2");
	memset(long_line, 'a', sizeof(long_line));
	write_conf(long_line, sizeof(long_line));
	bad_conf("kling.conf");
	assert_int_equal(rename(path, rig_path("elsewhere")), 0);
	assert_int_equal(symlink(rig_path("elsewhere"), path), 0);
	bad_conf("kling.conf");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	bad_conf("kling.conf");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
	bad_conf("kling.conf");
	assert_int_equal(rmdir(path), 0);
}

/* CFG-03, CFG-04, CFG-06. The lines stand behind state_dir and key_dir. */
static void lines_that_do_not_load(void **state)
{
	(void)state;
	static const char *const bad[] = {"second_facter = required\n",
					  "lockout_tries = 5x\n",
					  "lockout_tries = -1\n",
					  "lockout_tries = 4294967296\n",
					  "lockout_tries =\n",
					  "lockout_tries\n",
					  "second_factor = required off\n",
					  "allow_from = 10.0.0.0/33\n",
					  "allow_from = 10.0.0.0/8 example.org\n",
					  "lockout_max_duration = 1m\n",
					  "state_dir = relative/path\n",
					  "[user alice\n",
					  "[color red]\n",
					  "include = /etc/other\n"};
	fresh();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rig_conf(bad[i]);
		bad_conf("line=3");
	}
	rig_conf("lockout_tries = 5\nlockout_tries = 5\n");
	bad_conf("line=4");
	rig_conf("allow_from =\n");
	refused("alice", PAM_AUTH_ERR, "reason=rhost-denied");
}

/* CFG-05 */
static void arguments_win(void **state)
{
	(void)state;
	fresh();
	rig_conf("lockout_tries = 5\n[user alice]\nlockout_tries = 6\n");
	rig_service("strict", "auth required @ lockout_tries=2\n");
	const struct login login = {.service = "strict", .user = "alice", .rhost = "192.0.2.1"};
	for (int i = 0; i < 3; i++) {
		struct talk talk = {.answers = {rig_wrong("alice")}, .count = 1};
		assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
	}
	assert_int_equal(rig_log_count("reason=bad-code"), 2);
	rig_service("broken", "auth required @ lockout_tries=x\n");
	const struct login broken = {.service = "broken", .user = "alice", .rhost = "192.0.2.1"};
	struct talk talk = {0};
	assert_int_equal(rig_login(&broken, &talk), PAM_SYSTEM_ERR);
	assert_int_equal(rig_log_count("reason=config"), 1);
}

/* CFG-06 */
static void places_that_others_can_change(void **state)
{
	(void)state;
	char conf[512];
	fresh();
	assert_int_equal(mkdir(rig_path("open"), 0777), 0);
	assert_int_equal(chmod(rig_path("open"), 0777), 0);
	(void)snprintf(conf, sizeof(conf), "%s/state", rig_path("open"));
	assert_int_equal(rename(rig_path("state"), conf), 0);
	(void)snprintf(conf, sizeof(conf), "state_dir = %s/state\nkey_dir = %s\n", rig_path("open"),
		       rig_path("keys"));
	write_conf(conf, strlen(conf));
	refused("alice", PAM_SYSTEM_ERR, "reason=state-perm");
	(void)snprintf(conf, sizeof(conf), "%s/state", rig_path("open"));
	assert_int_equal(rename(conf, rig_path("state")), 0);
	rig_conf("");
	accepted("alice");
}

static const char *key_path(void)
{
	static char path[512];
	char pattern[300];
	(void)snprintf(pattern, sizeof(pattern), "ls %s/*.key", rig_path("keys"));
	FILE *list = popen(pattern, "r"); // NOLINT: our own paths
	assert_non_null(list);
	assert_non_null(fgets(path, sizeof(path), list));
	(void)pclose(list);
	path[strcspn(path, "\n")] = '\0';
	return path;
}

/* CFG-07 */
static void keys(void **state)
{
	(void)state;
	uint8_t whole[512], other[512] = {0};
	fresh();
	const char *path = key_path();
	const char *name = path + strlen(rig_path(""));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, whole, sizeof(whole));
	assert_in_range(length, 64, 400);
	(void)close(fd);
	size_t size = (size_t)length;
	write_file(name, whole, size - 1);
	refused("alice", PAM_SYSTEM_ERR, "reason=key-mismatch");
	memcpy(other, whole, size);
	write_file(name, other, size + 1);
	refused("alice", PAM_SYSTEM_ERR, "reason=key-mismatch");
	memset(other, 0, size);
	write_file(name, other, size);
	refused("alice", PAM_SYSTEM_ERR, "reason=key-mismatch");
	write_file(name, whole, size);
	for (size_t bit = 0; bit < 8 * size; bit++) {
		memcpy(other, whole, size);
		flip(name, bit, other);
		rig_log_clear();
		if (rig_answer("alice", rig_code("alice", 0)) == PAM_SUCCESS)
			fail_msg("bit %zu", bit);
	}
	write_file(name, whole, size);
	assert_int_equal(chmod(path, 0644), 0);
	refused("alice", PAM_SYSTEM_ERR, "reason=key-mismatch");
	assert_int_equal(chmod(path, 0400), 0);
	accepted("alice");
	assert_int_equal(unlink(path), 0);
	refused("alice", PAM_SYSTEM_ERR, "reason=key-missing");
	refused("bob", PAM_SYSTEM_ERR, "reason=key-missing");
}

/* --- limits ------------------------------------------------------------------------------------
 */

static int in_a_child(int (*body)(void *), void *context)
{
	int status = -1;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(body(context));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int with_few_files(void *context)
{
	const rlim_t limit = *(const rlim_t *)context;
	const struct rlimit files = {limit, limit};
	const char *code = rig_code("alice", 0), *wrong = rig_wrong("alice");
	for (int fd = 3; fd < 64; fd++)
		(void)close(fd);
	if (setrlimit(RLIMIT_NOFILE, &files) != 0 || rig_answer("alice", wrong) == PAM_SUCCESS)
		return 255;
	return rig_answer("alice", code);
}

/* RES-04 */
static void few_descriptors(void **state)
{
	(void)state;
	unsigned passed = 0;
	for (rlim_t limit = 3; limit <= 20; limit++) {
		fresh();
		int result = in_a_child(with_few_files, &limit);
		assert_true(result != 255 && result != PAM_IGNORE);
		passed += result == PAM_SUCCESS;
	}
	assert_in_range(passed, 1, 17);
}

static int without_standard_files(void *context)
{
	(void)context;
	for (int fd = 0; fd < 64; fd++)
		(void)close(fd);
	return rig_answer("alice", rig_code("alice", 0));
}

static void no_standard_descriptors(void **state)
{
	(void)state;
	fresh();
	assert_int_equal(in_a_child(without_standard_files, NULL), PAM_SUCCESS);
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=replay"), 1);
}

static int with_limit(void *context)
{
	const int what = *(const int *)context;
	const struct rlimit limit = {1, 1};
	if (what == RLIMIT_NICE)
		(void)!nice(19);
	else if (setrlimit((__rlimit_resource_t)what, &limit) != 0)
		return 255;
	return rig_answer("alice", rig_code("alice", 0));
}

static int with_little_memory(void *context)
{
	const rlim_t bytes = *(const rlim_t *)context;
	const struct rlimit limit = {bytes, bytes};
	if (setrlimit(RLIMIT_AS, &limit) != 0)
		return 255;
	return rig_answer("alice", rig_wrong("alice"));
}

static void *login_on_a_small_stack(void *context)
{
	*(int *)context = rig_answer("alice", rig_code("alice", 0));
	return NULL;
}

/* RES-06 */
static void limits(void **state)
{
	(void)state;
	static const int limited[] = {RLIMIT_CPU, RLIMIT_MEMLOCK, RLIMIT_CORE, RLIMIT_NICE};
	for (size_t i = 0; i < 4; i++) {
		int what = limited[i];
		fresh();
		assert_int_equal(in_a_child(with_limit, &what), PAM_SUCCESS);
	}
	fresh();
	if (fault_has_memory())
		for (rlim_t bytes = (rlim_t)1 << 20; bytes <= (rlim_t)64 << 20; bytes *= 2) {
			int result = in_a_child(with_little_memory, &bytes);
			assert_true(result != PAM_SUCCESS && result != PAM_IGNORE);
		}
	pthread_attr_t attributes;
	pthread_t thread;
	int result = -1;
	size_t stack = fault_has_memory() ? 64 << 10 : 1 << 20;
	fresh();
	assert_int_equal(pthread_attr_init(&attributes), 0);
	assert_int_equal(pthread_attr_setstacksize(&attributes, stack), 0);
	assert_int_equal(pthread_create(&thread, &attributes, login_on_a_small_stack, &result), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void)pthread_attr_destroy(&attributes);
	assert_int_equal(result, PAM_SUCCESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(items_that_cannot_be_read),
	    cmocka_unit_test(symbolic_links),
	    cmocka_unit_test(directories),
	    cmocka_unit_test(hard_links),
	    cmocka_unit_test(other_kinds_of_files),
	    cmocka_unit_test(modes_and_owners),
	    cmocka_unit_test(the_enrollment_of_another_user),
	    cmocka_unit_test(the_files_of_another_host),
	    cmocka_unit_test(a_new_uid),
	    cmocka_unit_test(each_bit_of_the_enrollment),
	    cmocka_unit_test(each_bit_of_the_state),
	    cmocka_unit_test(after_the_repair),
	    cmocka_unit_test(other_lengths),
	    cmocka_unit_test(both_slots),
	    cmocka_unit_test(a_state_that_is_gone),
	    cmocka_unit_test(a_store_that_is_gone),
	    cmocka_unit_test(a_full_disk),
	    cmocka_unit_test(a_read_only_disk),
	    cmocka_unit_test(somebody_else_holds_the_lock),
	    cmocka_unit_test(no_lock_is_held_outside),
	    cmocka_unit_test(no_configuration),
	    cmocka_unit_test(odd_configuration_files),
	    cmocka_unit_test(lines_that_do_not_load),
	    cmocka_unit_test(arguments_win),
	    cmocka_unit_test(places_that_others_can_change),
	    cmocka_unit_test(keys),
	    cmocka_unit_test(few_descriptors),
	    cmocka_unit_test(no_standard_descriptors),
	    cmocka_unit_test(limits),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
