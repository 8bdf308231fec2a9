/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/lockout_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define STRANGER     from("198.51.100.1")

/* How long the strangers stay locked from now on, when nothing but time goes by. */
static int64_t left(struct scene *s)
{
	int64_t until = lockout_until(&s->ledgers, LEDGER_STRANGERS, &s->rules, false);

	return until == 0 ? 0 : until - s->now.wall;
}

static struct scene *locked_scene(void)
{
	struct scene *s = scene_new();

	wrong_codes(s, STRANGER, 5);
	wrong_passwords(s, LEDGER_STRANGERS, 5);
	sweep(s, LEDGER_STRANGERS);
	return s;
}

/* TIM-06, TIM-10: within a boot only the boot clock counts; it goes on through suspend. */
static void test_the_wall_clock_does_not_matter_within_a_boot(void **state)
{
	static const int64_t jumps[] = {-3650LL * DAY, -HOUR, -1, 0, 1, HOUR, 3650LL * DAY};

	(void)state;
	for (size_t i = 0; i < COUNT(jumps); i++) {
		struct scene *s = locked_scene();

		s->now.wall += jumps[i];
		pass(s, MINUTE);
		assert_int_equal(left(s), 14 * MINUTE);
		s->now.wall -= 2 * jumps[i];
		pass(s, MINUTE);
		assert_int_equal(left(s), 13 * MINUTE);
	}
}

/* Across boots the wall clock says how long ago, within what cannot be otherwise. TIM-07 */
static void test_across_boots(void **state)
{
	static const struct {
		int64_t wall, uptime, left;
	} table[] = {
	    {0, 0, 15 * MINUTE},
	    {MINUTE, 30, 14 * MINUTE},
	    {15 * MINUTE - 1, 30, 1},
	    {15 * MINUTE, 30, 0},
	    {3650LL * DAY, 30, 0},
	    /* set back: never longer than the lock still was, never shorter than the new boot
	       lasted */
	    {-365LL * DAY, 0, 15 * MINUTE},
	    {-365LL * DAY, 30, 15 * MINUTE - 30},
	    {-365LL * DAY, 15 * MINUTE, 0},
	    {-1800000000, 30, 15 * MINUTE - 30},
	    {0, 5 * MINUTE, 10 * MINUTE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct scene *s = locked_scene();

		reboot(s, table[i].wall, table[i].uptime);
		assert_int_equal(left(s), table[i].left);
		assert_int_equal(code_state(s, STRANGER) == LOCK_OPEN, table[i].left == 0);
	}
}

/* Many boots in a row neither free nor prolong. */
static void test_many_boots(void **state)
{
	struct scene *s = locked_scene();

	(void)state;
	for (int i = 1; i < 15; i++) {
		reboot(s, MINUTE, 20);
		assert_int_equal(left(s), (15 - i) * MINUTE);
	}
	reboot(s, MINUTE, 20);
	assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
}

/* A lock survives a boot with a longer boot clock than the one before. */
static void test_a_later_boot_clock(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->now.boot = 10;
	s->now.boot_id[0] = 77;
	lockout_rebase(&s->ledgers, &s->now);
	wrong_codes(s, STRANGER, 5);
	s->now.boot_id[0] = 78;
	s->now.boot = 8 * MINUTE;
	s->now.wall += 10 * MINUTE;
	lockout_rebase(&s->ledgers, &s->now);
	assert_int_equal(left(s), 5 * MINUTE);
}

/* Counts of codes are no times: no boot clears them. */
static void test_counts_survive(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	wrong_codes(s, STRANGER, 4);
	reboot(s, 365 * DAY, 10);
	wrong_codes(s, STRANGER, 1);
	assert_int_equal(code_state(s, STRANGER), LOCK_CLOSED);
	reboot(s, 365 * DAY, 10);
	wrong_codes(s, STRANGER, 5);
	assert_int_equal(left(s), 30 * MINUTE);
}

/* A reading taken before somebody else's, but used after it, does not turn time back. */
static void test_an_earlier_reading(void **state)
{
	struct scene *s = scene_new();
	struct moment earlier = s->now;

	(void)state;
	pass(s, 10);
	wrong_codes(s, STRANGER, 5);
	lockout_rebase(&s->ledgers, &earlier);
	assert_int_equal(s->ledgers.anchor.boot, s->now.boot);
	assert_int_equal(s->ledgers.anchor.wall, s->now.wall);
	assert_int_equal(left(s), 15 * MINUTE);
}

/* Ledgers that nobody wrote yet, met at any time, are empty and open. */
static void test_the_first_time(void **state)
{
	static const struct moment moments[] = {
	    {1800000000, 5000, {1}},     {0, 0, {1}}, {-5, 0, {1}},
	    {INT64_MAX, INT64_MAX, {1}}, {5, 5, {0}},
	};
	static struct ledgers ledgers;
	struct lockout_rules rules = default_lockout();
	int64_t until;

	(void)state;
	for (size_t i = 0; i < COUNT(moments); i++) {
		memset(&ledgers, 0, sizeof(ledgers));
		lockout_rebase(&ledgers, &moments[i]);
		assert_false(lockout_any(&ledgers, &rules, false, &until));
		assert_memory_equal(&ledgers.anchor, &moments[i], sizeof(ledgers.anchor));
	}
}

/* Clocks at the ends of their range: no overflow, and nothing locked is freed by going back. */
static void test_clocks_without_sense(void **state)
{
	static const struct {
		int64_t wall, uptime;
		bool open;
	} table[] = {
	    {INT64_MIN, 0, false},        {INT64_MIN, 60, false},       {INT64_MAX, 0, true},
	    {INT64_MAX, INT64_MAX, true}, {INT64_MIN, INT64_MAX, true}, {0, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct scene *s = locked_scene();

		s->now = (struct moment){table[i].wall, table[i].uptime, {99}};
		lockout_rebase(&s->ledgers, &s->now);
		assert_int_equal(code_state(s, STRANGER) == LOCK_OPEN, table[i].open);
		s->now = (struct moment){INT64_MAX, INT64_MAX, {100}};
		lockout_rebase(&s->ledgers, &s->now);
		assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_wall_clock_does_not_matter_within_a_boot),
	    cmocka_unit_test(test_across_boots),
	    cmocka_unit_test(test_many_boots),
	    cmocka_unit_test(test_a_later_boot_clock),
	    cmocka_unit_test(test_counts_survive),
	    cmocka_unit_test(test_an_earlier_reading),
	    cmocka_unit_test(test_the_first_time),
	    cmocka_unit_test(test_clocks_without_sense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
