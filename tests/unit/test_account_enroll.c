/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/account.h"

#include "tests/unit/store_scene.h"

#include <errno.h>
#include <sys/wait.h>

#define STATE "state/users/alice/state"
#define FILE_ "state/users/alice/enrollment"

static int with_alice(void **state)
{
	scene_new(state);
	enroll_alice(*state, 0x41);
	return 0;
}

static uint8_t saved_state[STATE_BYTES];
static uint8_t saved_enrollment[ENROLLMENT_FILE_MAX];
static size_t saved_length;

static void save(struct scene *s)
{
	read_whole(scene_path(s, STATE), saved_state, sizeof(saved_state));
	saved_length = read_whole(scene_path(s, FILE_), saved_enrollment, sizeof(saved_enrollment));
}

static void generations_go_up(void **state)
{
	struct scene *s = *state;
	unsigned mark = 0;

	for (unsigned i = 1; i <= 4; i++) {
		assert_ok(login(s, &s->alice, &mark));
		assert_int_equal(mark, 0x40 + i);
		assert_int_equal(s->account.state->generation, i);
		assert_int_equal(s->account.state->pending_generation, 0);
		assert_int_equal(s->account.state->tokens[0].last_step, 7);
		account_unlock(&s->account);
		enroll_alice(s, 0x41 + i);
	}
}

/* DUR-03: died behind the rename. The state as announced, the enrollment new. */
static void what_was_announced_is_adopted(void **state)
{
	struct scene *s = *state;
	struct live_state *live = NULL;
	unsigned mark = 0;

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	live = s->account.state;
	live->failures = 3;
	live->pending_generation = 2;
	live->pending_tokens[0] = (struct token_use){.id = 1, .last_step = 99};
	live->pending_spent = 5;
	live->highest_accepted = 2000;
	live->pending_highest = 1000;
	assert_ok(account_commit(&s->account));
	account_unlock(&s->account);
	save(s);
	/* The old enrollment still holds. */
	assert_ok(login_once(s, &mark));
	assert_int_equal(mark, 0x41);
	/* A copy of the store, made to finish what was begun. */
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	s->account.state->pending_generation = 0;
	s->account.state->generation = 1;
	assert_ok(enroll_under_lock(s, 0x42));
	account_unlock(&s->account);
	write_whole(scene_path(s, STATE), saved_state, STATE_BYTES);
	assert_ok(login(s, &s->alice, &mark));
	assert_int_equal(mark, 0x42);
	live = s->account.state;
	assert_int_equal(live->generation, 2);
	assert_int_equal(live->pending_generation, 0);
	assert_int_equal(live->tokens[0].last_step, 99);
	assert_int_equal(live->pending_tokens[0].id, 0);
	assert_int_equal(live->spent, 5);
	assert_int_equal(live->highest_accepted, 1000);
	assert_int_equal(live->pending_highest, 0);
	assert_int_equal(live->failures, 3);
	assert_ok(account_commit(&s->account));
	account_unlock(&s->account);
	assert_ok(login_once(s, &mark));
}

/* A number that was announced once is not given to anything else. */
static void an_announced_number_is_not_used_again(void **state)
{
	struct scene *s = *state;

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	s->account.state->pending_generation = 9;
	assert_ok(account_commit(&s->account));
	assert_ok(enroll_under_lock(s, 0x42));
	assert_int_equal(s->account.state->generation, 10);
	assert_int_equal(s->account.state->pending_generation, 0);
}

static void a_first_enrollment_makes_the_state_first(void **state)
{
	struct scene *s = *state;

	assert_ok(account_lock_own(&s->store, &s->alice, &s->account));
	assert_int_equal(access(scene_path(s, STATE), F_OK), 0);
	assert_int_equal(access(scene_path(s, FILE_), F_OK), -1);
	assert_status(account_enrollment(&s->account, &s->enrollment), ST_MISSING);
	assert_ok(enroll_under_lock(s, 0x41));
	assert_int_equal(access(scene_path(s, FILE_ ".new"), F_OK), -1);
	assert_int_equal(access(scene_path(s, STATE ".new"), F_OK), -1);
}

static void only_an_own_state_takes_an_enrollment(void **state)
{
	struct scene *s = *state;
	const struct token_use uses[TOKENS_MAX] = {{.id = 1}};

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(enrollment_new(&s->enrollment));
	fill_record(s->enrollment.record, 1);
	assert_status(account_enroll(&s->account, &s->enrollment, uses, 0), ST_INTERNAL);
}

/* A shared slot has neither, and takes neither; and nobody is nobody's peer. */
static void a_shared_slot_has_no_files(void **state)
{
	struct scene *s = *state;
	const struct who stranger = {"stranger", 0, false};
	AUTO_SECRET bytes = SECRET_EMPTY;

	assert_ok(secret_copy(&bytes, "hashes", 6));
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_int_equal(s->account.kind, ACCOUNT_UNENROLLED);
	assert_status(account_enrollment(&s->account, &s->enrollment), ST_MISSING);
	assert_status(account_withdraw(&s->account), ST_MISSING);
	assert_status(account_history_write(&s->account, &bytes), ST_MISSING);
	assert_status(account_history_read(&s->account, &bytes), ST_MISSING);
	assert_int_equal(bytes.length, 0);
	account_unlock(&s->account);
	assert_status(account_peek(&s->store, &stranger, &s->enrollment), ST_MISSING);
	assert_null(s->enrollment.record);
	assert_int_equal(access(scene_path(s, "state/users/alice"), F_OK), -1);
	assert_int_equal(access(scene_path(s, "state/users/stranger"), F_OK), -1);
}

/* Nothing that cannot be read back is written, and nothing is announced for it. */
static void an_impossible_record_changes_nothing(void **state)
{
	struct scene *s = *state;
	const struct token_use uses[TOKENS_MAX] = {{.id = 1}};
	unsigned mark = 0;

	save(s);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(enrollment_new(&s->enrollment));
	fill_record(s->enrollment.record, 1);
	s->enrollment.record->tokens[0].digits = 5;
	assert_status(account_enroll(&s->account, &s->enrollment, uses, 0), ST_RANGE);
	account_unlock(&s->account);
	enrollment_clear(&s->enrollment);
	static uint8_t now[STATE_BYTES];
	read_whole(scene_path(s, STATE), now, sizeof(now));
	assert_memory_equal(now, saved_state, sizeof(now));
	assert_ok(login_once(s, &mark));
	assert_int_equal(mark, 0x41);
}

/* Whatever a dead writer left under the other names is in nobody's way. */
static void leftovers_are_overwritten(void **state)
{
	struct scene *s = *state;
	unsigned mark = 0;

	write_whole(scene_path(s, FILE_ ".new"), "half", 4);
	assert_int_equal(symlink("/etc/passwd", scene_path(s, "state/users/alice/history.new")), 0);
	enroll_alice(s, 0x42);
	assert_ok(login_once(s, &mark));
	assert_int_equal(mark, 0x42);
	AUTO_SECRET bytes = SECRET_EMPTY;
	assert_ok(secret_copy(&bytes, "h", 1));
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_history_write(&s->account, &bytes));
	struct stat st;
	assert_int_equal(lstat(scene_path(s, "state/users/alice/history"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

static void peeking_needs_no_lock(void **state)
{
	struct scene *s = *state;
	const struct who nobody = {"nobody-here", 0, false};
	const struct who bob = {"bob", 1001, true};

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_peek(&s->store, &s->alice, &s->enrollment));
	assert_int_equal(s->enrollment.record->generation, 1);
	assert_int_equal(s->enrollment.record->backup.count, 2);
	enrollment_clear(&s->enrollment);
	assert_status(account_peek(&s->store, &bob, &s->enrollment), ST_MISSING);
	assert_status(account_peek(&s->store, &nobody, &s->enrollment), ST_MISSING);
	assert_null(s->enrollment.record);
}

static void a_history_comes_back(void **state)
{
	struct scene *s = *state;
	AUTO_SECRET bytes = SECRET_EMPTY;
	AUTO_SECRET again = SECRET_EMPTY;
	static const uint8_t most[HISTORY_MAX + 1] = {1, 2, 3};
	const size_t lengths[] = {0, 1, 1000, HISTORY_MAX};

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_status(account_history_read(&s->account, &again), ST_MISSING);
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		secret_clear(&bytes);
		assert_ok(secret_copy(&bytes, most, lengths[i]));
		assert_ok(account_history_write(&s->account, &bytes));
		secret_clear(&again);
		assert_ok(account_history_read(&s->account, &again));
		assert_true(secret_equals(&again, most, lengths[i]));
	}
	secret_clear(&bytes);
	assert_ok(secret_copy(&bytes, most, sizeof(most)));
	assert_status(account_history_write(&s->account, &bytes), ST_TOO_BIG);
	secret_clear(&again);
	assert_ok(account_history_read(&s->account, &again));
	assert_int_equal(again.length, HISTORY_MAX);
}

/* An enrollment in the place of a history, and the other way. */
static void purposes_are_not_mixed(void **state)
{
	struct scene *s = *state;
	AUTO_SECRET bytes = SECRET_EMPTY;

	save(s);
	write_whole(scene_path(s, "state/users/alice/history"), saved_enrollment, saved_length);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_status(account_history_read(&s->account, &bytes), ST_OWNER);
	assert_ok(secret_copy(&bytes, "h", 1));
	assert_ok(account_history_write(&s->account, &bytes));
	size_t length = read_whole(scene_path(s, "state/users/alice/history"), saved_enrollment,
				   sizeof(saved_enrollment));
	write_whole(scene_path(s, FILE_), saved_enrollment, length);
	assert_status(account_enrollment(&s->account, &s->enrollment), ST_OWNER);
}

/* One of several at once, each with a store of its own, as processes have it. */
static int be_first(struct scene *s, bool enrolls, int start)
{
	char go;
	enum status status = scene_reopen(s);

	if (read(start, &go, 1) < 0 || status != ST_OK)
		return 1;
	if (!enrolls)
		return account_lock(&s->store, &s->alice, &s->account) == ST_OK ? 0 : 2;
	status = account_lock_own(&s->store, &s->alice, &s->account);
	if (status == ST_OK)
		status = enroll_under_lock(s, 0x41);
	account_unlock(&s->account);
	return status == ST_OK ? 0 : 3;
}

/* CLI-10: nobody takes a first enrollment in the making for one that lost its state. */
static void many_first_enrollments_at_once(void **state)
{
	struct scene *s = *state;

	for (unsigned round = 0; round < 200; round++) {
		int start[2];
		remove_tree(scene_path(s, "state/users/alice"));
		assert_int_equal(pipe(start), 0);
		for (unsigned i = 0; i < 6; i++) {
			pid_t child = fork();
			assert_true(child >= 0);
			if (child == 0) {
				close(start[1]);
				_exit(be_first(s, i < 4, start[0]));
			}
		}
		close(start[0]);
		close(start[1]);
		for (unsigned i = 0; i < 6; i++) {
			int result = 0;
			assert_true(wait(&result) > 0);
			assert_int_equal(result, 0);
		}
	}
}

#define WITH_ALICE(test) cmocka_unit_test_setup_teardown(test, with_alice, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ALICE(generations_go_up),
	    WITH_ALICE(what_was_announced_is_adopted),
	    WITH_ALICE(an_announced_number_is_not_used_again),
	    IN_SCENE(a_first_enrollment_makes_the_state_first),
	    IN_SCENE(only_an_own_state_takes_an_enrollment),
	    IN_SCENE(a_shared_slot_has_no_files),
	    WITH_ALICE(an_impossible_record_changes_nothing),
	    WITH_ALICE(leftovers_are_overwritten),
	    WITH_ALICE(peeking_needs_no_lock),
	    WITH_ALICE(a_history_comes_back),
	    WITH_ALICE(purposes_are_not_mixed),
	    IN_SCENE(many_first_enrollments_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
