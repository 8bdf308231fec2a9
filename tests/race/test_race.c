/* SPDX-License-Identifier: BSD-3-Clause */
/* N at once, all with their prompt open: CON-01 to CON-05. */
#include "tests/long.h"
#include "tests/stack/rig.h"

enum { CROWD = 64 };

static const struct login code_login = {.service = "code", .user = "alice", .rhost = "192.0.2.1"};

static void fresh(void)
{
	rig_clock_set(1795262410, 5000);
	rig_conf("");
	rig_store();
	rig_enroll("alice", 10);
	rig_log_clear();
}

static size_t count_of(const int *results, size_t count, int value)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		found += results[i] == value;
	return found;
}

static void same_answer(size_t count, const char *answer, int *results)
{
	const char *answers[CROWD];
	for (size_t i = 0; i < count; i++)
		answers[i] = answer;
	rig_crowd(&code_login, answers, count, results);
}

static void one_code_one_login(size_t count, unsigned rounds)
{
	int results[CROWD];
	fresh();
	for (unsigned round = 0; round < rounds; round++) {
		rig_log_clear();
		same_answer(count, rig_code("alice", 0), results);
		assert_int_equal(count_of(results, count, PAM_SUCCESS), 1);
		assert_int_equal(count_of(results, count, PAM_AUTH_ERR), count - 1);
		assert_int_equal(rig_log_count("reason=replay"), count - 1);
		rig_clock_step(30);
	}
	printf("total: one code %zu times at once, %u rounds: one acceptance in each\n", count,
	       rounds);
}

static void one_code_2(void **state)
{
	(void)state;
	one_code_one_login(2, 100);
}

static void one_code_8(void **state)
{
	(void)state;
	one_code_one_login(8, 100);
}

/* CON-01 */
static void one_code_64(void **state)
{
	(void)state;
	one_code_one_login(CROWD, long_or(1000, 200));
}

/* CON-02 */
static void one_backup_code(void **state)
{
	(void)state;
	int results[CROWD];
	fresh();
	rig_conf("lockout_tries = 0\nlockout_cap = 0\n");
	for (unsigned i = 0; i < 10; i++) {
		same_answer(CROWD, rig_backup(i), results);
		assert_int_equal(count_of(results, CROWD, PAM_SUCCESS), 1);
		const struct live_state *after = rig_state("alice");
		assert_int_equal(__builtin_popcount(after->spent), i + 1);
	}
}

/* CON-03 */
static void exactly_tries_are_judged(void **state)
{
	(void)state;
	int results[CROWD];
	fresh();
	same_answer(CROWD, rig_wrong("alice"), results);
	assert_int_equal(count_of(results, CROWD, PAM_AUTH_ERR), CROWD);
	assert_int_equal(rig_log_count("reason=bad-code"), 5);
	assert_int_equal(rig_log_count("event=deny reason=locked"), CROWD - 5);
	assert_int_equal(rig_log_count("event=lock reason=locked"), 1);
	const struct live_state *after = rig_state("alice");
	assert_int_equal(after->failures, 5);
}

/* CON-04: the right one among 64 wins as often as a queue would let it, and no more. */
static void chance_of_the_right_one(void **state)
{
	(void)state;
	enum { ROUNDS = 200, LOW = 6, HIGH = 28 }; /* binomial(200, 5/64), 99 %: 6 to 27 */
	int results[CROWD];
	unsigned wins = 0;
	srand(20261121);
	for (unsigned round = 0; round < ROUNDS; round++) {
		const char *answers[CROWD];
		fresh();
		for (size_t i = 0; i < CROWD; i++)
			answers[i] = rig_wrong("alice");
		answers[(size_t)rand() % CROWD] = rig_code("alice", 0);
		rig_crowd(&code_login, answers, CROWD, results);
		wins += count_of(results, CROWD, PAM_SUCCESS) > 0;
	}
	printf("the right code among 64 won %u of %d rounds (5/64 is %.1f)\n", wins, ROUNDS,
	       ROUNDS * 5.0 / 64);
	assert_in_range(wins, LOW, HIGH);
}

/* CON-05: ten sessions, each with a code of its own, never lock. */
static void honest_neighbours(void **state)
{
	(void)state;
	fresh();
	for (unsigned round = 0; round < 20; round++) {
		const char *answers[3];
		int results[3];
		for (int i = 0; i < 3; i++)
			answers[i] = rig_code("alice", i - 1);
		rig_crowd(&code_login, answers, 3, results);
		assert_true(count_of(results, 3, PAM_SUCCESS) >= 1);
		rig_clock_step(90);
	}
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
	const struct live_state *after = rig_state("alice");
	assert_int_equal(after->ledgers.ledger[LEDGER_STRANGERS].code_failures, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_code_2),
	    cmocka_unit_test(one_code_8),
	    cmocka_unit_test(one_code_64),
	    cmocka_unit_test(one_backup_code),
	    cmocka_unit_test(exactly_tries_are_judged),
	    cmocka_unit_test(chance_of_the_right_one),
	    cmocka_unit_test(honest_neighbours),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
