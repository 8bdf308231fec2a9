/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { PHONE = 1, TABLET = 7, WALL = 1800000000 };

/* What one answer matched: `count` steps of one token. */
static struct matches matching(uint32_t token, const uint64_t *steps, size_t count)
{
	struct matches matches = {0};

	for (size_t i = 0; i < count; i++)
		matches.match[matches.count++] = (struct match){token, steps[i]};
	return matches;
}

static struct matches one_match(uint32_t token, uint64_t step)
{
	return matching(token, &step, 1);
}

/* TIM-02, TIM-04, CON-01: a step counts only if it is greater than the last accepted one. */
static void test_steps_of_one_token(void **state)
{
	static const struct {
		uint64_t last, repeated, matched;
		enum replay_outcome outcome;
		uint64_t last_after, repeated_after;
	} table[] = {
	    {0, 0, 100, REPLAY_FRESH, 100, 0},
	    {99, 0, 100, REPLAY_FRESH, 100, 0},
	    {100, 0, 100, REPLAY_USED, 100, 100},
	    {101, 0, 100, REPLAY_USED, 101, 100},
	    {100, 100, 100, REPLAY_USED_AGAIN, 100, 100},
	    {101, 100, 100, REPLAY_USED_AGAIN, 101, 100},
	    {101, 101, 100, REPLAY_USED, 101, 100},
	    {100, 100, 101, REPLAY_FRESH, 101, 100},
	    {UINT64_MAX, 0, UINT64_MAX, REPLAY_USED, UINT64_MAX, UINT64_MAX},
	    {UINT64_MAX - 1, 0, UINT64_MAX, REPLAY_FRESH, UINT64_MAX, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct token_use uses[TOKENS_MAX] = {{PHONE, table[i].last, table[i].repeated, 5}};
		struct matches matches = one_match(PHONE, table[i].matched);
		size_t index = 99;

		assert_int_equal(replay_judge(uses, &matches, WALL, &index), table[i].outcome);
		assert_int_equal(index, 0);
		assert_true(uses[0].last_step == table[i].last_after);
		assert_true(uses[0].repeated_step == table[i].repeated_after);
		assert_int_equal(uses[0].last_used, table[i].outcome == REPLAY_FRESH ? WALL : 5);
	}
}

static void assert_wrong(const struct matches *matches)
{
	struct token_use uses[TOKENS_MAX] = {{PHONE, 100, 90, 5}, {0, 0, 0, 0}};
	struct token_use before[TOKENS_MAX];
	size_t index = 99;

	memcpy(before, uses, sizeof(uses));
	assert_int_equal(replay_judge(uses, matches, WALL, &index), REPLAY_WRONG);
	assert_int_equal(index, 99);
	assert_memory_equal(uses, before, sizeof(uses));
}

/* No match, a token nobody has, and the id of no token are wrong and change nothing. */
static void test_wrong_changes_nothing(void **state)
{
	struct matches none = {0}, stranger = one_match(TABLET, 200), zero = one_match(0, 200);

	(void)state;
	assert_wrong(&none);
	assert_wrong(&stranger);
	assert_wrong(&zero);
}

/* Cockpit: the used code over and over costs one charge; another used code costs its own. */
static void test_a_repeated_code_is_charged_once(void **state)
{
	struct token_use uses[TOKENS_MAX] = {{PHONE, 0, 0, 0}};
	struct matches now = one_match(PHONE, 100), before = one_match(PHONE, 99);

	(void)state;
	assert_int_equal(replay_judge(uses, &now, WALL, NULL), REPLAY_FRESH);
	assert_int_equal(replay_judge(uses, &now, WALL, NULL), REPLAY_USED);
	for (int i = 0; i < 10; i++)
		assert_int_equal(replay_judge(uses, &now, WALL, NULL), REPLAY_USED_AGAIN);
	assert_int_equal(replay_judge(uses, &before, WALL, NULL), REPLAY_USED);
	assert_int_equal(replay_judge(uses, &before, WALL, NULL), REPLAY_USED_AGAIN);
	assert_int_equal(replay_judge(uses, &now, WALL, NULL), REPLAY_USED);
}

/* The same digits at two steps of one token open the door once. */
static void test_one_answer_at_two_steps(void **state)
{
	struct token_use uses[TOKENS_MAX] = {{PHONE, 98, 0, 0}};
	struct matches both = matching(PHONE, (uint64_t[]){99, 101}, 2);
	struct matches turned = matching(PHONE, (uint64_t[]){101, 99}, 2);

	(void)state;
	assert_int_equal(replay_judge(uses, &both, WALL, NULL), REPLAY_FRESH);
	assert_true(uses[0].last_step == 101);
	assert_int_equal(replay_judge(uses, &turned, WALL, NULL), REPLAY_USED);
	assert_int_equal(replay_judge(uses, &both, WALL, NULL), REPLAY_USED_AGAIN);
}

/* The same digits for two tokens open the door once, too; the first of them is named. */
static void test_one_answer_of_two_tokens(void **state)
{
	struct token_use uses[TOKENS_MAX] = {{0, 0, 0, 0}, {PHONE, 98, 0, 0}, {TABLET, 50, 0, 0}};
	struct matches both = {2, {{TABLET, 100}, {PHONE, 100}}};
	size_t index = 99;

	(void)state;
	assert_int_equal(replay_judge(uses, &both, WALL, &index), REPLAY_FRESH);
	assert_int_equal(index, 1);
	assert_int_equal(uses[1].last_used, WALL);
	assert_int_equal(uses[2].last_used, 0);
	assert_int_equal(replay_judge(uses, &both, WALL, &index), REPLAY_USED);
	assert_int_equal(index, 1);
	assert_int_equal(replay_judge(uses, &both, WALL, &index), REPLAY_USED_AGAIN);
}

/* Used for one token, fresh for another: fresh. Tokens do not touch each other's steps. */
static void test_tokens_are_apart(void **state)
{
	struct token_use uses[TOKENS_MAX] = {{PHONE, 100, 0, 0}, {TABLET, 50, 0, 0}};
	struct matches both = {2, {{PHONE, 100}, {TABLET, 100}}};
	size_t index = 99;

	(void)state;
	assert_int_equal(replay_judge(uses, &both, WALL, &index), REPLAY_FRESH);
	assert_int_equal(index, 1);
	assert_true(uses[0].last_step == 100 && uses[0].repeated_step == 0);
	assert_true(uses[1].last_step == 100);
}

static void test_more_matches_than_there_can_be(void **state)
{
	struct token_use uses[TOKENS_MAX] = {{PHONE, 0, 0, 0}};
	struct matches matches = {SIZE_MAX, {{PHONE, 1}}};

	(void)state;
	assert_int_equal(replay_judge(uses, &matches, WALL, NULL), REPLAY_FRESH);
	assert_true(uses[0].last_step == 1);
}

static void test_nothing_behind_the_count(void **state)
{
	struct token_use uses[TOKENS_MAX] = {{PHONE, 0, 0, 0}};
	struct matches matches = {1, {{PHONE, 99}, {PHONE, 101}}};

	(void)state;
	assert_int_equal(replay_judge(uses, &matches, WALL, NULL), REPLAY_FRESH);
	assert_true(uses[0].last_step == 99);
}

/* FIL-12: after damage every step up to now and the window is used; never fewer than before. */
static void test_exhaust(void **state)
{
	struct token_use use = {PHONE, 100, 0, 0};

	(void)state;
	replay_exhaust(&use, 99);
	assert_true(use.last_step == 100);
	replay_exhaust(&use, 105);
	assert_true(use.last_step == 105);
}

/* TIM-03, TIM-05: how far a clock is behind the highest accepted time. */
static void test_clock_behind(void **state)
{
	static const struct {
		int64_t highest, wall, behind;
	} table[] = {
	    {0, WALL, 0},
	    {WALL, WALL, 0},
	    {WALL, WALL + 1, 0},
	    {WALL, WALL - REPLAY_CLOCK_SLACK, 0},
	    {WALL, WALL - REPLAY_CLOCK_SLACK - 1, REPLAY_CLOCK_SLACK + 1},
	    {WALL, WALL - 3600, 3600},
	    {WALL, 0, WALL},
	    {INT64_MAX, INT64_MIN, INT64_MAX},
	    {INT64_MIN, INT64_MAX, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_true(replay_clock_behind(table[i].highest, table[i].wall) ==
			    table[i].behind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_steps_of_one_token),
	    cmocka_unit_test(test_wrong_changes_nothing),
	    cmocka_unit_test(test_a_repeated_code_is_charged_once),
	    cmocka_unit_test(test_one_answer_at_two_steps),
	    cmocka_unit_test(test_one_answer_of_two_tokens),
	    cmocka_unit_test(test_tokens_are_apart),
	    cmocka_unit_test(test_more_matches_than_there_can_be),
	    cmocka_unit_test(test_nothing_behind_the_count),
	    cmocka_unit_test(test_exhaust),
	    cmocka_unit_test(test_clock_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
