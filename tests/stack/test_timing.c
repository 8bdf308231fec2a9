/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * INP-03: how long a refusal takes tells nobody who is who. The one test of ours that looks at a
 * clock, within the bound that the case itself sets: 5 %, or 1 ms.
 */
#include "tests/stack/rig.h"

#include <time.h>

enum { KINDS = 5, ROUNDS = 1000 };

static const char *const kinds[KINDS] = {"wrong", "unknown", "not enrolled", "locked", "replayed"};
static double samples[KINDS][ROUNDS];

static double now(void)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static double refuse(const char *user, const char *answer)
{
	double start = now();
	int result = rig_answer(user, answer);
	double end = now();
	assert_int_equal(result, PAM_AUTH_ERR);
	return end - start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

static void prepare(void)
{
	rig_conf("enroll_grace = 0\nlockout_tries = 16\nlockout_cap = 0\n");
	rig_enroll("alice", 0);
	rig_enroll("carol", 0);
	rig_enroll("dave", 0);
	for (int i = 0; i < 16; i++)
		(void)rig_answer("carol", rig_wrong("carol"));
	assert_int_equal(rig_answer("dave", rig_code("dave", 0)), PAM_SUCCESS);
}

static void refusals_take_equally_long(void **state)
{
	(void)state;
	prepare();
	const char *wrong = rig_wrong("alice");
	const char *used = rig_code("dave", 0);
	for (size_t i = 0; i < ROUNDS; i++) {
		if (i % 12 == 0) { /* alice is never locked: a success in between */
			rig_clock_step(0);
			rig_enroll("alice", 0);
			AUTO_STORE store = STORE_CLOSED;
			AUTO_ACCOUNT account = ACCOUNT_CLOSED;
			const struct who alice = {"alice", 1001, true};
			rig_open(&store);
			assert_int_equal(account_lock(&store, &alice, &account), ST_OK);
			lockout_unlock(&account.state->ledgers);
			assert_int_equal(account_commit(&account), ST_OK);
		}
		samples[0][i] = refuse("alice", wrong);
		samples[1][i] = refuse("mallory", wrong);
		samples[2][i] = refuse("bob", wrong);
		samples[3][i] = refuse("carol", wrong);
		samples[4][i] = refuse("dave", used);
	}
	double base = median(samples[0]);
	for (size_t kind = 0; kind < KINDS; kind++) {
		double other = median(samples[kind]);
		double apart = other > base ? other - base : base - other;
		printf("%-12s %.3f ms\n", kinds[kind], other);
		assert_true(apart < 1.0 || apart < 0.05 * base);
	}
	assert_int_equal(rig_log_count("event=accept"), 1);
	assert_true(rig_log_count("event=deny reason=locked") >= ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(refusals_take_equally_long)};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
