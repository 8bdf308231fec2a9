/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/account.h"

#include "tests/unit/store_scene.h"

#include <malloc.h>

#define USER  "state/users/alice"
#define STATE USER "/state"
#define FILE_ USER "/enrollment"

static int with_alice(void **state)
{
	scene_new(state);
	enroll_alice(*state, 0x41);
	return 0;
}

static void assert_rebuilt(struct scene *s)
{
	unsigned mark = 0;

	assert_ok(account_rebuild(&s->store, &s->alice));
	assert_ok(login(s, &s->alice, &mark));
	assert_int_equal(mark, 0x41);
	assert_true(s->account.state->repair_due);
	assert_int_equal(s->account.state->spent, UINT32_MAX);
	assert_int_equal(s->account.state->tokens[0].id, 1);
	account_unlock(&s->account);
}

/* FIL-13, FIL-15, FIL-16: what an administrator can bring back, and how much it costs the user. */
static void a_lost_state_is_rebuilt(void **state)
{
	static const uint8_t zeros[STATE_BYTES];
	static const size_t sizes[] = {0, 5, STATE_BYTES};
	struct scene *s = *state;

	assert_status(account_rebuild(&s->store, &s->alice), ST_EXISTS);
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		write_whole(scene_path(s, STATE), zeros, sizes[i]);
		assert_status(login_once(s, NULL), ST_CORRUPT);
		assert_rebuilt(s);
	}
	assert_int_equal(unlink(scene_path(s, STATE)), 0);
	assert_rebuilt(s);
	assert_status(account_rebuild(&s->store, &(struct who){"bob", 1, true}), ST_MISSING);
}

/* FIL-11: another person's enrollment is not taken over; a plain old state is. */
static void nothing_foreign_is_rebuilt(void **state)
{
	struct scene *s = *state;
	const struct who renumbered = {"alice", 2000, true};

	assert_status(account_rebuild(&s->store, &renumbered), ST_OWNER);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_withdraw(&s->account));
	account_unlock(&s->account);
	assert_ok(account_rebuild(&s->store, &renumbered));
	assert_status(login(s, &renumbered, NULL), ST_MISSING);
	assert_int_equal(s->account.kind, ACCOUNT_USER);
	assert_int_equal(s->account.state->spent, 0);
}

static void what_is_unsafe_is_not_rebuilt(void **state)
{
	struct scene *s = *state;

	assert_int_equal(chmod(scene_path(s, STATE), 0644), 0);
	assert_status(account_rebuild(&s->store, &s->alice), ST_PERM);
}

static void the_discarded_lie_in_the_trash(void **state)
{
	struct scene *s = *state;
	char path[64];

	for (int i = 0; i < 3; i++) {
		assert_ok(account_discard(&s->store, "alice"));
		snprintf(path, sizeof(path), "state/trash/%d/alice/enrollment", i);
		assert_int_equal(access(scene_path(s, path), F_OK), 0);
		assert_int_equal(access(scene_path(s, USER), F_OK), -1);
		assert_ok(account_lock(&s->store, &s->alice, &s->account));
		assert_int_equal(s->account.kind, ACCOUNT_UNENROLLED);
		account_unlock(&s->account);
		enroll_alice(s, 0x41);
	}
	assert_status(account_discard(&s->store, "bob"), ST_MISSING);
	write_whole(scene_path(s, STATE), "damaged", 7);
	assert_ok(account_discard(&s->store, "alice"));
	enroll_alice(s, 0x44);
}

/* A login that waits while the directory goes away does not write into the trash. */
static void a_discarded_account_is_not_the_users(void **state)
{
	struct scene *s = *state;

	assert_ok(account_discard(&s->store, "alice"));
	assert_int_equal(mkdir(scene_path(s, USER), 0700), 0);
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_int_equal(s->account.kind, ACCOUNT_UNENROLLED);
}

struct seen {
	unsigned count;
	uint64_t sum;
	unsigned stop_at;
};

static enum status see(void *context, const char *name)
{
	struct seen *seen = context;

	seen->sum += strlen(name);
	seen->count++;
	return seen->count == seen->stop_at ? ST_STALE : ST_OK;
}

/* The list of users takes the same memory however many there are. */
static void listing_takes_no_memory(void **state)
{
	enum { USERS = 20000 };
	struct scene *s = *state;
	struct seen seen = {0, 0, 0};
	uint64_t sum = 5; /* alice */

	for (unsigned i = 0; i < USERS; i++) {
		char path[96];
		sum += (unsigned)snprintf(path, sizeof(path), "u%u", i);
		assert_int_equal(mkdirat(s->store.users, path, 0700), 0);
	}
	assert_int_equal(mkdirat(s->store.users, "lost+found", 0700), 0);
	assert_int_equal(mkdirat(s->store.users, "%41", 0700), 0);
	size_t before = mallinfo2().uordblks;
	assert_ok(account_each(&s->store, see, &seen));
	assert_int_equal(mallinfo2().uordblks, before);
	assert_int_equal(seen.count, USERS + 1);
	assert_int_equal(seen.sum, sum);
	seen = (struct seen){0, 0, 7};
	assert_status(account_each(&s->store, see, &seen), ST_STALE);
	assert_int_equal(seen.count, 7);
}

static void encoded_names_are_listed_as_names(void **state)
{
	struct scene *s = *state;
	struct seen seen = {0, 0, 0};

	assert_ok(account_lock_own(&s->store, &(struct who){"a/b c", 7, true}, &s->account));
	account_unlock(&s->account);
	assert_int_equal(access(scene_path(s, "state/users/a%2Fb%20c/state"), F_OK), 0);
	assert_ok(account_each(&s->store, see, &seen));
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.sum, 5);
}

#define WITH_ALICE(test) cmocka_unit_test_setup_teardown(test, with_alice, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ALICE(a_lost_state_is_rebuilt),
	    WITH_ALICE(nothing_foreign_is_rebuilt),
	    WITH_ALICE(what_is_unsafe_is_not_rebuilt),
	    WITH_ALICE(the_discarded_lie_in_the_trash),
	    WITH_ALICE(a_discarded_account_is_not_the_users),
	    WITH_ALICE(listing_takes_no_memory),
	    IN_SCENE(encoded_names_are_listed_as_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
