/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the rules as built are worth against somebody who guesses whenever he may. One token of six
 * digits, code_window = 1: three of a million answers are right at any moment.
 */
#include "tests/unit/lockout_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define RIGHT_AT_ONCE (3.0 / 1e6)
#define STRANGER      from("198.51.100.1")

/* The chance that one of so many independent guesses was right. */
static double chance_of(unsigned guesses)
{
	double missed = 1;

	while (guesses-- > 0)
		missed *= 1 - RIGHT_AT_ONCE;
	return 1 - missed;
}

/* Guesses from one source until the end of the time, at every second at which it may. */
static unsigned guess_for(struct scene *s, struct source source, int64_t seconds)
{
	int64_t end = s->now.boot + seconds;
	unsigned guesses = 0;

	while (s->now.boot < end) {
		guesses += wrong_codes(s, source, 1);
		pass(s, code_state(s, source) == LOCK_OPEN ? 0 : MINUTE);
	}
	return guesses;
}

static void test_a_stranger_over_a_year(void **state)
{
	struct scene *s = scene_new();
	unsigned guesses = guess_for(s, STRANGER, 365 * DAY);

	(void)state;
	print_message("a stranger over a year: %u guesses, chance %.4f %%\n", guesses,
		      100 * chance_of(guesses));
	assert_int_equal(guesses, s->rules.cap);
	assert_true(chance_of(guesses) < 0.001);
	assert_int_equal(code_state(s, STRANGER), LOCK_CAPPED);
}

/* Without the cap the doubling alone holds him to five a day. */
static void test_without_the_cap(void **state)
{
	struct scene *s = scene_new();
	unsigned guesses;

	(void)state;
	s->rules.cap = 0;
	guesses = guess_for(s, STRANGER, 365 * DAY);
	print_message("without the cap: %u guesses, chance %.4f %%\n", guesses,
		      100 * chance_of(guesses));
	assert_in_range(guesses, 365 * 5, 365 * 5 + 7 * 5);
}

/* Every third day a login from an address never seen before clears the strangers' ledger: that is
 * the price of "a success clears its own ledger", and it is printed, not hidden. */
static void test_with_a_travelling_user(void **state)
{
	struct scene *s = scene_new();
	unsigned guesses = 0;

	(void)state;
	for (int i = 0; i < 365 / 3; i++) {
		guesses += guess_for(s, STRANGER, 3 * DAY);
		if (code_state(s, STRANGER) == LOCK_CLOSED)
			pass(s, DAY);
		right_code(s, from("192.0.2.1"));
	}
	print_message("and a user from a new address every third day: %u guesses, chance %.4f %%\n",
		      guesses, 100 * chance_of(guesses));
	assert_in_range(guesses, 1, 365 / 3 * 50);
}

/* Somebody at the keyboard, whose locks do not double: the console is not the network. */
static void test_at_the_console(void **state)
{
	struct scene *s = scene_new();
	unsigned guesses = guess_for(s, at_console(), DAY);

	(void)state;
	print_message("a day at the console: %u guesses, chance %.4f %%\n", guesses,
		      100 * chance_of(guesses));
	assert_int_equal(guesses, 24 * 4 * 5);
}

/* Four wrong codes in this hour, if they may: how many were judged; `locked` if one locked. */
static unsigned four_wrong_codes(struct scene *s, bool *locked)
{
	bool was_open = code_state(s, STRANGER) == LOCK_OPEN;
	unsigned judged = wrong_codes(s, STRANGER, 4);

	*locked = was_open && code_state(s, STRANGER) != LOCK_OPEN;
	return judged;
}

/*
 * Four wrong codes every hour for a month, which never lock where failures decay within 15 minutes.
 * By hand: four count in hour 0 and the fifth locks in hour 1 until 1:15; four more count in hour
 * 2, the fifth of them locks in hour 3, and so on while the locks double; from hour 41 on they last
 * a day. The twentieth lock is the hundredth code, and the cap.
 */
static void test_four_an_hour_for_a_month(void **state)
{
	static const int locks_in_hour[20] = {1,   3,   5,   7,   10,  15,  24,  41,  66,  91,
					      116, 141, 166, 191, 216, 241, 266, 291, 316, 341};
	struct scene *s = scene_new();
	unsigned judged = 0, locks = 0;
	bool locked;

	(void)state;
	for (int hour = 0; hour < 30 * 24; hour++) {
		judged += four_wrong_codes(s, &locked);
		if (locked) {
			assert_in_range(locks, 0, 19);
			assert_int_equal(hour, locks_in_hour[locks]);
			locks++;
		}
		pass(s, HOUR);
	}
	print_message("four an hour for a month: %u of 2880 judged, %u locks\n", judged, locks);
	assert_int_equal(locks, 20);
	assert_int_equal(judged, s->rules.cap);
	assert_int_equal(code_state(s, STRANGER), LOCK_CAPPED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_stranger_over_a_year),   cmocka_unit_test(test_without_the_cap),
	    cmocka_unit_test(test_with_a_travelling_user),   cmocka_unit_test(test_at_the_console),
	    cmocka_unit_test(test_four_an_hour_for_a_month),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
