/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/rekey.h"

#include "lib/store/table.h"
#include "tests/unit/store_scene.h"

#include <sys/file.h>
#include <sys/wait.h>

#define FILE_ "state/users/alice/enrollment"

static int with_alice(void **state)
{
	struct scene *s = NULL;
	AUTO_SECRET bytes = SECRET_EMPTY;

	scene_new((void **)&s);
	enroll_alice(s, 0x41);
	assert_ok(secret_copy(&bytes, "hashes", 6));
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_history_write(&s->account, &bytes));
	account_unlock(&s->account);
	*state = s;
	return 0;
}

static struct key_id add_key(struct scene *s)
{
	struct key_id made;

	assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &made));
	assert_ok(scene_reopen(s));
	return made;
}

static struct key_id only_key(struct scene *s)
{
	assert_int_equal(s->store.keyring.count, 1);
	return s->store.keyring.heads[0].id;
}

static bool is_used(struct scene *s, const struct key_id *id)
{
	bool used[KEYRING_MAX];
	size_t index = 0;

	assert_ok(rekey_survey(&s->store, used));
	assert_ok(keyring_find(&s->store.keyring, id, &index));
	return used[index];
}

static void assert_all_readable(struct scene *s)
{
	AUTO_SECRET bytes = SECRET_EMPTY;
	unsigned mark = 0;

	assert_ok(login(s, &s->alice, &mark));
	assert_int_equal(mark, 0x41);
	assert_false(s->account.state->repair_due);
	assert_ok(account_history_read(&s->account, &bytes));
	assert_true(secret_equals(&bytes, "hashes", 6));
	account_unlock(&s->account);
}

/* ENR-18: the old key may go only when the last file has moved. */
static void every_file_moves(void **state)
{
	struct scene *s = *state;
	struct key_id old = only_key(s);

	assert_true(is_used(s, &old));
	struct key_id new = add_key(s);
	assert_all_readable(s);
	assert_true(is_used(s, &old));
	assert_ok(rekey_user(&s->store, "alice"));
	assert_all_readable(s);
	assert_true(is_used(s, &old)); /* the tables */
	assert_ok(rekey_tables(&s->store));
	assert_false(is_used(s, &old));
	assert_true(is_used(s, &new));
	assert_ok(keyring_remove(s->key_dir, s->place.owner, &old));
	assert_ok(scene_reopen(s));
	assert_all_readable(s);
	assert_ok(account_lock(&s->store, &(struct who){"x", 0, false}, &s->account));
}

static void moving_twice_writes_nothing(void **state)
{
	struct scene *s = *state;
	struct stat before;
	struct stat after;

	(void)add_key(s);
	assert_ok(rekey_user(&s->store, "alice"));
	assert_int_equal(stat(scene_path(s, FILE_), &before), 0);
	assert_ok(rekey_user(&s->store, "alice"));
	assert_int_equal(stat(scene_path(s, FILE_), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	uint64_t sequence = s->account.stamp.sequence;
	account_unlock(&s->account);
	assert_ok(rekey_user(&s->store, "alice"));
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_int_equal(s->account.stamp.sequence, sequence);
}

/* Backup codes and the slots of the tables outlive a key. */
static void what_must_last_lasts(void **state)
{
	struct scene *s = *state;
	uint8_t before[SHA256_BYTES];
	uint8_t after[SHA256_BYTES];
	const struct who stranger = {"stranger", 0, false};

	account_pepper(&s->store, before);
	assert_ok(account_lock(&s->store, &stranger, &s->account));
	s->account.state->failures = 77;
	assert_ok(account_commit(&s->account));
	account_unlock(&s->account);
	(void)add_key(s);
	assert_ok(rekey_tables(&s->store));
	account_pepper(&s->store, after);
	assert_memory_equal(before, after, sizeof(before));
	assert_ok(account_lock(&s->store, &stranger, &s->account));
	assert_int_equal(s->account.state->failures, 77);
}

/* The name alone is given; the files say whose they are, and prove it. */
static void deleted_users_move_too(void **state)
{
	struct scene *s = *state;

	s->alice.uid = 4000000000U;
	remove_tree(scene_path(s, "state/users/alice"));
	enroll_alice(s, 0x41);
	struct key_id old = only_key(s);
	(void)add_key(s);
	assert_ok(rekey_user(&s->store, "alice"));
	assert_ok(rekey_tables(&s->store));
	assert_false(is_used(s, &old));
	assert_ok(login_once(s, NULL));
}

/* A process that had read the keys before the rekey writes with the new one. */
static void an_old_process_takes_the_new_key(void **state)
{
	struct scene *s = *state;
	struct scene *waiting = scene_begin();
	struct key_id old = only_key(s);

	waiting->place = s->place;
	assert_ok(store_open(&waiting->place, &waiting->store));
	struct stat st;
	assert_int_equal(fstat(waiting->store.keys, &st), 0);
	waiting->store.keys_changed = st.st_ctim; /* read long ago */
	usleep(20000);
	(void)add_key(s);
	assert_ok(rekey_user(&s->store, "alice"));
	assert_ok(rekey_tables(&s->store));
	assert_ok(account_peek(&waiting->store, &s->alice, &waiting->enrollment));
	assert_ok(account_lock(&waiting->store, &s->alice, &waiting->account));
	assert_ok(account_commit_both(&waiting->account));
	account_unlock(&waiting->account);
	assert_false(is_used(s, &old));
	scene_end((void **)&waiting);
}

static pid_t begin_maker(struct scene *s, const struct who *who)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(account_lock_own(&s->store, who, &s->account) == ST_OK ? 0 : 1);
	return child;
}

static pid_t begin_rekey(struct scene *s, const struct who *who)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(scene_reopen(s) == ST_OK && rekey_user(&s->store, who->name) == ST_OK ? 0
											    : 1);
	return child;
}

static bool has_ended_well(pid_t child)
{
	int status = -1;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Whoever waits to make a state has read the keys before; a rekey comes and goes meanwhile. */
static void a_state_made_during_a_rekey_has_the_new_key(void **state)
{
	struct scene *s = *state;
	const struct who bob = {"bob", 1001, true};
	struct key_id new;

	assert_int_equal(mkdir(scene_path(s, "state/users/bob"), 0700), 0);
	int directory = open(scene_path(s, "state/users/bob"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(directory, LOCK_EX), 0);
	pid_t maker = begin_maker(s, &bob);
	usleep(200000);
	assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &new));
	pid_t rekey = begin_rekey(s, &bob);
	usleep(200000);
	assert_int_equal(flock(directory, LOCK_UN), 0);
	assert_int_equal(close(directory), 0);
	assert_true(has_ended_well(rekey));
	assert_true(has_ended_well(maker));
	assert_ok(scene_reopen(s));
	assert_ok(account_lock(&s->store, &bob, &s->account));
	assert_true(s->account.is_current);
}

/* A state with one damaged slot moves, and the repair stays due. */
static void a_damaged_slot_is_not_forgotten(void **state)
{
	struct scene *s = *state;
	static uint8_t bytes[STATE_BYTES];

	for (size_t slot = 0; slot < 2; slot++) {
		read_whole(scene_path(s, "state/users/alice/state"), bytes, sizeof(bytes));
		bytes[slot * STATE_SLOT_BYTES + 60] ^= 1;
		write_whole(scene_path(s, "state/users/alice/state"), bytes, sizeof(bytes));
		(void)add_key(s);
		assert_ok(rekey_user(&s->store, "alice"));
		assert_ok(account_lock(&s->store, &s->alice, &s->account));
		assert_true(s->account.state->repair_due);
		account_unlock(&s->account);
	}
}

static void the_damaged_are_reported(void **state)
{
	struct scene *s = *state;

	(void)add_key(s);
	write_whole(scene_path(s, FILE_), "kling", 5);
	assert_status(rekey_user(&s->store, "alice"), ST_CORRUPT);
	assert_int_equal(unlink(scene_path(s, "state/users/alice/state")), 0);
	assert_status(rekey_user(&s->store, "alice"), ST_MISSING);
	assert_ok(rekey_user(&s->store, "bob"));
	assert_int_equal(mkdir(scene_path(s, "state/users/bob"), 0700), 0);
	assert_ok(rekey_user(&s->store, "bob"));
}

/* Whoever lost his state still keeps the key of his other files in use, and no other key. */
static void files_without_a_state_need_their_key(void **state)
{
	static const char *const files[] = {FILE_, "state/users/alice/history"};
	struct scene *s = *state;
	struct key_id old = only_key(s);

	(void)add_key(s);
	assert_ok(rekey_tables(&s->store));
	assert_int_equal(unlink(scene_path(s, "state/users/alice/state")), 0);
	for (size_t i = 0; i < LENGTH(files); i++) {
		assert_true(is_used(s, &old));
		assert_int_equal(unlink(scene_path(s, files[i])), 0);
	}
	assert_false(is_used(s, &old));
}

static void leftovers_go(void **state)
{
	struct scene *s = *state;

	write_whole(scene_path(s, FILE_ ".new"), "half", 4);
	assert_ok(rekey_user(&s->store, "alice"));
	assert_int_equal(access(scene_path(s, FILE_ ".new"), F_OK), -1);
}

#define WITH_ALICE(test) cmocka_unit_test_setup_teardown(test, with_alice, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ALICE(every_file_moves),
	    WITH_ALICE(moving_twice_writes_nothing),
	    WITH_ALICE(what_must_last_lasts),
	    WITH_ALICE(deleted_users_move_too),
	    WITH_ALICE(an_old_process_takes_the_new_key),
	    WITH_ALICE(a_state_made_during_a_rekey_has_the_new_key),
	    WITH_ALICE(a_damaged_slot_is_not_forgotten),
	    WITH_ALICE(the_damaged_are_reported),
	    WITH_ALICE(files_without_a_state_need_their_key),
	    WITH_ALICE(leftovers_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
