/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/deadline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { HOUR = 3600, DAY = 24 * HOUR, MONDAY = 1800000000 };

static const struct enroll_rules seven_days = {.grace = 7 * DAY};

static enum grace_phase phase_at(const struct grace *grace, const struct enroll_rules *rules,
				 int64_t wall)
{
	return deadline_view(grace, rules, wall).phase;
}

/* What is recorded, what is configured, when one looks: what holds, and until when. */
static void test_view(void **state)
{
	static const struct {
		struct grace grace;
		struct enroll_rules rules;
		int64_t wall;
		enum grace_phase phase;
		int64_t end;
	} table[] = {
	    /* not begun */
	    {{0}, {.grace = 7 * DAY}, MONDAY, GRACE_NOT_BEGUN, MONDAY + 7 * DAY},
	    {{0}, {.grace = 0}, MONDAY, GRACE_OVER, MONDAY},
	    {{0}, {.grace = 1}, MONDAY, GRACE_NOT_BEGUN, MONDAY + 1},
	    {{0}, {7 * DAY, MONDAY + DAY, 0}, MONDAY, GRACE_NOT_BEGUN, MONDAY + DAY},
	    {{0}, {7 * DAY, MONDAY + 1, 0}, MONDAY, GRACE_NOT_BEGUN, MONDAY + 1},
	    {{0}, {7 * DAY, MONDAY, 0}, MONDAY, GRACE_OVER, MONDAY},
	    {{0}, {7 * DAY, MONDAY - DAY, 0}, MONDAY, GRACE_OVER, MONDAY - DAY},
	    /* running: day 7 minus one second, and a second later */
	    {{.start = MONDAY}, {.grace = 7 * DAY}, MONDAY, GRACE_RUNNING, MONDAY + 7 * DAY},
	    {{.start = MONDAY},
	     {.grace = 7 * DAY},
	     MONDAY + 7 * DAY - 1,
	     GRACE_RUNNING,
	     MONDAY + 7 * DAY},
	    {{.start = MONDAY}, {.grace = 7 * DAY}, MONDAY + 7 * DAY, GRACE_OVER, MONDAY + 7 * DAY},
	    {{.start = MONDAY}, {.grace = 0}, MONDAY, GRACE_OVER, MONDAY},
	    /* the deadline for everybody */
	    {{.start = MONDAY},
	     {7 * DAY, MONDAY + DAY, 0},
	     MONDAY + DAY - 1,
	     GRACE_RUNNING,
	     MONDAY + DAY},
	    {{.start = MONDAY}, {7 * DAY, MONDAY + DAY, 0}, MONDAY + DAY, GRACE_OVER, MONDAY + DAY},
	    {{.start = MONDAY},
	     {7 * DAY, MONDAY + 9 * DAY, 0},
	     MONDAY + 7 * DAY,
	     GRACE_OVER,
	     MONDAY + 7 * DAY},
	    /* extended: wins over the grace, even over none, but not over the deadline */
	    {{MONDAY, MONDAY + 9 * DAY, false, 0},
	     {.grace = 7 * DAY},
	     MONDAY + 8 * DAY,
	     GRACE_RUNNING,
	     MONDAY + 9 * DAY},
	    {{MONDAY, MONDAY + 9 * DAY, false, 0},
	     {.grace = 0},
	     MONDAY + 8 * DAY,
	     GRACE_RUNNING,
	     MONDAY + 9 * DAY},
	    {{MONDAY, MONDAY + 9 * DAY, false, 0},
	     {.grace = 7 * DAY},
	     MONDAY + 9 * DAY,
	     GRACE_OVER,
	     MONDAY + 9 * DAY},
	    {{MONDAY, MONDAY + 9 * DAY, false, 0},
	     {7 * DAY, MONDAY + DAY, 0},
	     MONDAY + DAY,
	     GRACE_OVER,
	     MONDAY + DAY},
	    {{MONDAY, MONDAY + DAY, false, 0},
	     {.grace = 7 * DAY},
	     MONDAY + 2 * DAY,
	     GRACE_OVER,
	     MONDAY + DAY},
	    /* ended */
	    {{.start = MONDAY, .ended = true},
	     {.grace = 7 * DAY},
	     MONDAY + 1,
	     GRACE_OVER,
	     MONDAY + 1},
	    {{.ended = true}, {.grace = 7 * DAY}, MONDAY, GRACE_OVER, MONDAY},
	    {{.start = MONDAY, .ended = true},
	     {.grace = 7 * DAY},
	     MONDAY + 8 * DAY,
	     GRACE_OVER,
	     MONDAY + 7 * DAY},
	    {{MONDAY, MONDAY + 9 * DAY, true, 0}, {.grace = 7 * DAY}, MONDAY, GRACE_OVER, MONDAY},
	    /* the clock turned back after it was seen to be over */
	    {{.start = MONDAY, .seen = MONDAY + 8 * DAY},
	     {.grace = 7 * DAY},
	     MONDAY + DAY,
	     GRACE_OVER,
	     MONDAY + 7 * DAY},
	    /* numbers without sense stay numbers */
	    {{.start = INT64_MAX}, {.grace = UINT64_MAX}, MONDAY, GRACE_RUNNING, INT64_MAX},
	    {{.start = MONDAY}, {.grace = UINT64_MAX}, INT64_MAX, GRACE_OVER, INT64_MAX},
	    {{0}, {.grace = 7 * DAY}, INT64_MIN, GRACE_NOT_BEGUN, 7 * DAY},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct grace_view view =
		    deadline_view(&table[i].grace, &table[i].rules, table[i].wall);

		if (view.phase != table[i].phase || view.end != table[i].end)
			fail_msg("row %zu: phase %d, end %lld", i, (int)view.phase,
				 (long long)(view.end - MONDAY));
	}
}

/* The seven days begin when the requirement first meets the user, and only once. */
static void test_meeting_begins_it_once(void **state)
{
	struct grace grace = {0};

	(void)state;
	assert_true(deadline_meet(&grace, &seven_days, MONDAY));
	assert_int_equal(grace.start, MONDAY);
	assert_false(deadline_meet(&grace, &seven_days, MONDAY + 10));
	assert_true(deadline_meet(&grace, &seven_days, MONDAY + 3 * DAY));
	assert_int_equal(grace.start, MONDAY);
	assert_int_equal(deadline_view(&grace, &seven_days, MONDAY + 3 * DAY).end,
			 MONDAY + 7 * DAY);
}

/* Without any grace to give, its seven days are still to come. */
static void test_nothing_begins_without_grace(void **state)
{
	const struct enroll_rules none = {0}, past = {7 * DAY, MONDAY - DAY, 0};
	struct grace grace = {0};

	(void)state;
	deadline_meet(&grace, &none, MONDAY);
	deadline_meet(&grace, &past, MONDAY);
	assert_int_equal(grace.start, 0);
	assert_int_equal(phase_at(&grace, &seven_days, MONDAY + DAY), GRACE_NOT_BEGUN);
}

/* Looking is written down by the hour, and when the end is first seen. */
static void test_what_is_worth_a_write(void **state)
{
	struct grace grace = {0};

	(void)state;
	assert_true(deadline_meet(&grace, &seven_days, MONDAY));
	assert_false(deadline_meet(&grace, &seven_days, MONDAY));
	grace.seen = MONDAY;
	assert_false(deadline_meet(&grace, &seven_days, MONDAY + HOUR - 1));
	grace.seen = MONDAY;
	assert_true(deadline_meet(&grace, &seven_days, MONDAY + HOUR));
	grace.seen = MONDAY + 7 * DAY - 1;
	assert_true(deadline_meet(&grace, &seven_days, MONDAY + 7 * DAY));
	assert_false(deadline_meet(&grace, &seven_days, MONDAY + 7 * DAY + 1));
}

/* TIM: turning the clock back gains nothing, at whichever moment it is tried. */
static void test_clock_turned_back(void **state)
{
	struct grace grace = {0};

	(void)state;
	deadline_meet(&grace, &seven_days, MONDAY);
	deadline_meet(&grace, &seven_days, MONDAY + 6 * DAY);
	deadline_meet(&grace, &seven_days, MONDAY + DAY);
	assert_int_equal(grace.seen, MONDAY + 6 * DAY);
	assert_int_equal(phase_at(&grace, &seven_days, MONDAY + DAY), GRACE_RUNNING);
	deadline_meet(&grace, &seven_days, MONDAY + 7 * DAY);
	for (int64_t back = 0; back < 8 * DAY; back += HOUR)
		assert_int_equal(phase_at(&grace, &seven_days, MONDAY + 7 * DAY - back),
				 GRACE_OVER);
	assert_false(deadline_meet(&grace, &seven_days, MONDAY - DAY));
	assert_int_equal(grace.start, MONDAY);
}

/* A clock at the beginning of time does not look like "not begun". */
static void test_beginning_at_zero(void **state)
{
	struct grace grace = {0};

	(void)state;
	assert_true(deadline_meet(&grace, &seven_days, 0));
	assert_int_equal(phase_at(&grace, &seven_days, 8 * DAY), GRACE_OVER);
}

static void test_extend(void **state)
{
	static const struct {
		struct grace grace;
		int64_t wall, end;
	} table[] = {
	    /* running: added to its end */
	    {{.start = MONDAY}, MONDAY + 5 * DAY, MONDAY + 10 * DAY},
	    {{MONDAY, MONDAY + 10 * DAY, false, 0}, MONDAY + 9 * DAY, MONDAY + 13 * DAY},
	    /* over or ended: from now */
	    {{.start = MONDAY}, MONDAY + 20 * DAY, MONDAY + 23 * DAY},
	    {{.start = MONDAY, .ended = true}, MONDAY + DAY, MONDAY + 4 * DAY},
	    {{MONDAY, MONDAY + 10 * DAY, true, 0}, MONDAY + DAY, MONDAY + 4 * DAY},
	    /* not begun: begins, and the grace counts */
	    {{0}, MONDAY, MONDAY + 10 * DAY},
	    /* begun and seen by a clock that was ahead: the administrator's clock is believed */
	    {{.start = MONDAY + 3650LL * DAY, .seen = MONDAY + 3650LL * DAY},
	     MONDAY,
	     MONDAY + 10 * DAY},
	    {{.start = MONDAY, .seen = MONDAY + 3650LL * DAY}, MONDAY + DAY, MONDAY + 10 * DAY},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct grace grace = table[i].grace;

		deadline_extend(&grace, &seven_days, table[i].wall, 3 * DAY);
		assert_int_equal(deadline_view(&grace, &seven_days, table[i].wall).end,
				 table[i].end);
		assert_int_equal(phase_at(&grace, &seven_days, table[i].end - 1), GRACE_RUNNING);
		assert_int_equal(phase_at(&grace, &seven_days, table[i].end), GRACE_OVER);
	}
}

static void test_extend_without_end(void **state)
{
	struct grace grace = {.start = MONDAY};

	(void)state;
	deadline_extend(&grace, &seven_days, MONDAY, UINT64_MAX);
	assert_int_equal(phase_at(&grace, &seven_days, INT64_MAX - 1), GRACE_RUNNING);
}

static void test_end(void **state)
{
	struct grace grace = {.start = MONDAY};

	(void)state;
	deadline_end(&grace);
	assert_int_equal(phase_at(&grace, &seven_days, MONDAY + 1), GRACE_OVER);
	deadline_meet(&grace, &seven_days, MONDAY + 2);
	assert_int_equal(phase_at(&grace, &seven_days, MONDAY + 3), GRACE_OVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_view),
	    cmocka_unit_test(test_meeting_begins_it_once),
	    cmocka_unit_test(test_nothing_begins_without_grace),
	    cmocka_unit_test(test_what_is_worth_a_write),
	    cmocka_unit_test(test_clock_turned_back),
	    cmocka_unit_test(test_beginning_at_zero),
	    cmocka_unit_test(test_extend),
	    cmocka_unit_test(test_extend_without_end),
	    cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
