/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/lockout_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define STRANGER     from("198.51.100.1")

/* LCK-01, CON-03: of 64 wrong answers exactly five are judged, and the right one behind them not.
 */
static void test_five_wrong_codes_lock(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	assert_int_equal(wrong_codes(s, STRANGER, 4), 4);
	assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
	assert_int_equal(wrong_codes(s, STRANGER, 60), 1);
	assert_int_equal(code_state(s, STRANGER), LOCK_CLOSED);
	assert_false(right_code(s, STRANGER));
}

/* LCK-02 */
static void test_the_lock_ends_to_the_second(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	wrong_codes(s, STRANGER, 5);
	pass(s, 15 * MINUTE - 1);
	assert_false(right_code(s, STRANGER));
	pass(s, 1);
	assert_true(right_code(s, STRANGER));
}

/* LCK-03 */
static void test_success_clears_the_count(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(wrong_codes(s, STRANGER, 4), 4);
		assert_true(right_code(s, STRANGER));
	}
}

/* Clearing opens a lock, too: with lockout_root = no a right code is judged during one. */
static void test_success_opens_the_lock(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	wrong_codes(s, STRANGER, 5);
	s->root = true;
	s->rules.root = false;
	assert_true(right_code(s, STRANGER));
	s->rules.root = true;
	assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
}

/* Wrong codes never decay: one a month locks in the fifth month. */
static void test_codes_do_not_decay(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	for (int month = 1; month <= 5; month++) {
		assert_int_equal(wrong_codes(s, STRANGER, 1), 1);
		assert_int_equal(code_state(s, STRANGER), month < 5 ? LOCK_OPEN : LOCK_CLOSED);
		pass(s, month < 5 ? 30 * DAY : 0);
	}
}

/* What the next lock for wrong codes lasts. */
static int64_t lock_once(struct scene *s, struct source source)
{
	int64_t begin = s->now.boot;

	wrong_codes(s, source, s->rules.tries);
	assert_int_equal(code_state(s, source), LOCK_CLOSED);
	while (code_state(s, source) == LOCK_CLOSED)
		pass(s, MINUTE);
	return s->now.boot - begin;
}

/* LCK-05: each further lock lasts twice as long, up to a day; a success starts over. */
static void test_locks_double(void **state)
{
	static const int64_t minutes[] = {15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440};
	struct scene *s = scene_new();

	(void)state;
	for (size_t i = 0; i < COUNT(minutes); i++)
		assert_int_equal(lock_once(s, STRANGER), minutes[i] * MINUTE);
	assert_true(right_code(s, STRANGER));
	assert_int_equal(lock_once(s, STRANGER), 15 * MINUTE);
	assert_int_equal(lock_once(s, STRANGER), 30 * MINUTE);
}

/* The console is not doubled, so that the way back in stays short. */
static void test_the_console_does_not_double(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	for (int i = 0; i < 40; i++)
		assert_int_equal(lock_once(s, at_console()), 15 * MINUTE);
}

/* Lengths at the ends of their range neither wrap nor become short. */
static void test_long_locks(void **state)
{
	static const struct {
		uint64_t duration, longest;
		uint32_t doublings;
		int64_t length;
	} table[] = {
	    {900, 1000, 1, 1000},
	    {900, 1800, 1, 1800},
	    {900, 1799, 1, 1799},
	    {900, 1801, 2, 1801},
	    {900, 900, 5, 900},
	    {900, 86400, UINT32_MAX, 86400},
	    {1, 31536000, 24, 16777216},
	    {1, 31536000, 25, 31536000},
	    {31536000, 31536000, 64, 31536000},
	    {1000, 1, 3, 1000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct scene *s = scene_new();

		s->rules.duration = table[i].duration;
		s->rules.max_duration = table[i].longest;
		s->ledgers.ledger[LEDGER_STRANGERS].doublings = table[i].doublings;
		wrong_codes(s, STRANGER, 5);
		pass(s, table[i].length - 1);
		assert_int_equal(code_state(s, STRANGER), LOCK_CLOSED);
		pass(s, 1);
		assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
	}
}

static void test_numbers_without_sense_lock_for_good(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.duration = s->rules.max_duration = UINT64_MAX;
	s->ledgers.ledger[LEDGER_STRANGERS].doublings = UINT32_MAX;
	s->ledgers.ledger[LEDGER_STRANGERS].code_run = UINT32_MAX;
	s->rules.cap = 0;
	wrong_codes(s, STRANGER, 5);
	assert_true(s->ledgers.ledger[LEDGER_STRANGERS].doublings == UINT32_MAX);
	assert_true(s->ledgers.ledger[LEDGER_STRANGERS].code_run == UINT32_MAX);
	pass(s, 100000LL * DAY);
	assert_int_equal(code_state(s, STRANGER), LOCK_CLOSED);
}

/* LCK-06: attempts while locked are not judged and move nothing. */
static void test_attempts_during_a_lock_change_nothing(void **state)
{
	struct scene *s = scene_new();
	struct ledgers before;

	(void)state;
	wrong_codes(s, STRANGER, 5);
	memcpy(&before, &s->ledgers, sizeof(before));
	assert_int_equal(wrong_codes(s, STRANGER, 100), 0);
	assert_memory_equal(&s->ledgers, &before, sizeof(before));
}

/* LCK-10: a hundred in a row close the account to strangers until somebody opens it. */
static void test_the_cap(void **state)
{
	struct scene *s = scene_new();
	unsigned judged = 0;

	(void)state;
	while (code_state(s, STRANGER) != LOCK_CAPPED) {
		judged += wrong_codes(s, STRANGER, 1);
		pass(s, HOUR);
	}
	assert_int_equal(judged, 100);
	pass(s, 3650LL * DAY);
	assert_int_equal(code_state(s, STRANGER), LOCK_CAPPED);
	assert_true(right_code(s, at_console()));
	assert_int_equal(code_state(s, STRANGER), LOCK_CAPPED);
	lockout_unlock(&s->ledgers);
	assert_true(right_code(s, STRANGER));
}

static enum charge_event charge(struct scene *s, struct source source)
{
	return lockout_charge_code(&s->ledgers, ledger_of(s, source), &s->rules, s->root);
}

/* What the log is told: counted, locked, and the cap once. */
static void test_events(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.cap = 12;
	for (int i = 1; i <= 12; i++) {
		enum charge_event expected = CHARGE_COUNTED;

		if (i == 12)
			expected = CHARGE_CAPPED;
		else if (i % 5 == 0)
			expected = CHARGE_LOCKED;
		assert_int_equal(charge(s, STRANGER), expected);
		pass(s, DAY);
	}
}

/* The cap is reached although a lock begins with the same code. */
static void test_cap_and_lock_at_once(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.cap = 5;
	wrong_codes(s, STRANGER, 4);
	assert_int_equal(charge(s, STRANGER), CHARGE_CAPPED);
	assert_int_equal(code_state(s, STRANGER), LOCK_CAPPED);
}

/* Only strangers have a cap: elsewhere the locks go on, but end. */
static void test_other_ledgers_have_no_cap(void **state)
{
	const struct source others[] = {at_console(), with_key("198.51.100.1"), by_uid(0, false),
					by_uid(1000, true), by_uid(1001, false)};
	struct scene *s = scene_new();

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		for (int round = 0; round < 200; round++) {
			wrong_codes(s, others[i], 1);
			pass(s, DAY);
		}
		assert_int_equal(code_state(s, others[i]), LOCK_OPEN);
	}
}

/* A success in strangers clears its run; a success elsewhere does not. */
static void test_who_resets_the_run(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.cap = 10;
	s->rules.tries = 0;
	wrong_codes(s, STRANGER, 9);
	assert_true(right_code(s, STRANGER));
	wrong_codes(s, STRANGER, 9);
	assert_true(right_code(s, with_key("198.51.100.1")));
	wrong_codes(s, STRANGER, 1);
	assert_int_equal(code_state(s, STRANGER), LOCK_CAPPED);
}

/* LCK-18: each zero, and what it leaves on. */
static void test_zeros(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.tries = 0;
	assert_int_equal(wrong_codes(s, STRANGER, 1000), 100);
	assert_int_equal(code_state(s, STRANGER), LOCK_CAPPED);
	assert_int_equal(wrong_codes(s, at_console(), 1000), 1000);

	s = scene_new();
	s->rules.tries = s->rules.cap = 0;
	assert_int_equal(wrong_codes(s, STRANGER, 1000), 1000);

	s = scene_new();
	s->rules.cap = 0;
	for (int i = 0; i < 1000; i++) {
		wrong_codes(s, STRANGER, 1);
		pass(s, DAY);
	}
	assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);

	s = scene_new();
	s->rules.duration = 0;
	assert_int_equal(wrong_codes(s, STRANGER, 10), 5);
	pass(s, 3650LL * DAY);
	assert_int_equal(code_state(s, STRANGER), LOCK_CLOSED);
	reboot(s, 3650LL * DAY, 100);
	assert_true(s->ledgers.ledger[LEDGER_STRANGERS].code_locked_until == LOCKED_UNTIL_UNLOCK);
	assert_int_equal(code_state(s, STRANGER), LOCK_CLOSED);
	lockout_unlock(&s->ledgers);
	assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
}

/* A lock from before lockout_tries was set to 0 does not outlive it. */
static void test_off_frees_at_once(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	wrong_codes(s, STRANGER, 5);
	s->rules.tries = 0;
	assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
}

/* lockout_root = no: root is neither counted nor locked; everybody else is. */
static void test_exempt_root(void **state)
{
	struct scene *s = scene_new();
	struct ledgers before;

	(void)state;
	s->rules.root = false;
	s->root = true;
	memcpy(&before, &s->ledgers, sizeof(before));
	assert_int_equal(wrong_codes(s, STRANGER, 1000), 1000);
	assert_memory_equal(&s->ledgers, &before, sizeof(before));
	s->root = false;
	assert_int_equal(wrong_codes(s, STRANGER, 1000), 5);
	s->root = true;
	assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
	s->rules.root = true;
	assert_int_equal(code_state(s, STRANGER), LOCK_CLOSED);
}

/* scope = account: one ledger for everybody, with the cap. */
static void test_scope_account(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.scope = LOCKOUT_SCOPE_ACCOUNT;
	wrong_codes(s, STRANGER, 2);
	wrong_codes(s, at_console(), 2);
	wrong_codes(s, by_uid(1000, true), 1);
	assert_int_equal(code_state(s, with_key("203.0.113.7")), LOCK_CLOSED);
	for (int i = 0; i < 200; i++) {
		wrong_codes(s, at_console(), 1);
		pass(s, DAY);
	}
	assert_int_equal(code_state(s, at_console()), LOCK_CAPPED);
}

/* LCK-07: 100,000 wrong answers from 1,000 addresses leave the administrator every other way in. */
static void test_strangers_exhaust_only_strangers(void **state)
{
	struct scene *s = scene_new();
	const struct source admin[] = {from("203.0.113.7"), with_key("192.0.2.9"), at_console(),
				       by_uid(0, false), by_uid(1000, true)};
	unsigned judged = 0;
	char address[32];

	(void)state;
	lockout_remember_source(&s->ledgers, &admin[0].address);
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(address, sizeof(address), "198.51.%u.%u", i % 4, i % 1000 / 4);
		judged += wrong_codes(s, from(address), 1);
		pass(s, i % 8 == 0);
	}
	print_message("100,000 answers of strangers, %u judged\n", judged);
	assert_in_range(judged, 5, s->rules.cap);
	for (size_t i = 0; i < COUNT(admin); i++)
		assert_true(right_code(s, admin[i]));
	assert_int_not_equal(code_state(s, STRANGER), LOCK_OPEN);
}

/* LCK-12: another local user's hundred wrong answers touch nobody else. */
static void test_a_local_user_locks_only_himself(void **state)
{
	const struct source admin[] = {from("203.0.113.7"), with_key("192.0.2.9"),
				       at_console(),        by_uid(0, false),
				       by_uid(1000, true),  by_uid(1002, false)};
	struct scene *s = scene_new();

	(void)state;
	assert_int_equal(wrong_codes(s, by_uid(1001, false), 100), 5);
	for (size_t i = 0; i < COUNT(admin); i++)
		assert_true(right_code(s, admin[i]));
	assert_false(right_code(s, by_uid(1001, false)));
}

/* LCK-08: behind the administrator's own address only that ledger locks. */
static void test_behind_a_known_address(void **state)
{
	struct scene *s = scene_new();
	struct source office = from("203.0.113.7"), home = from("203.0.113.8");

	(void)state;
	lockout_remember_source(&s->ledgers, &office.address);
	lockout_remember_source(&s->ledgers, &home.address);
	assert_int_equal(wrong_codes(s, office, 100), 5);
	assert_false(right_code(s, office));
	assert_true(right_code(s, home));
	assert_true(right_code(s, at_console()));
	assert_true(right_code(s, STRANGER));
}

/* Codes and passwords are counted and locked apart. */
static void test_codes_do_not_lock_passwords(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	wrong_codes(s, STRANGER, 5);
	assert_true(admit(s, LEDGER_STRANGERS, &ticket));
	wrong_passwords(s, LEDGER_STRANGERS, 20);
	pass(s, 20 * MINUTE);
	wrong_passwords(s, LEDGER_STRANGERS, 20);
	lockout_clear_code(&s->ledgers, LEDGER_STRANGERS);
	assert_int_equal(code_state(s, STRANGER), LOCK_OPEN);
	assert_false(admit(s, LEDGER_STRANGERS, &ticket));
}

/* LCK-17: unlock clears everything but who is known. */
static void test_unlock(void **state)
{
	struct scene *s = scene_new();
	struct source office = from("203.0.113.7");
	int64_t until;

	(void)state;
	lockout_remember_source(&s->ledgers, &office.address);
	wrong_codes(s, STRANGER, 5);
	wrong_codes(s, office, 5);
	wrong_codes(s, at_console(), 3);
	wrong_passwords(s, LEDGER_KEYED, 20);
	assert_true(lockout_any(&s->ledgers, &s->rules, false, &until));
	lockout_unlock(&s->ledgers);
	assert_false(lockout_any(&s->ledgers, &s->rules, false, &until));
	assert_int_equal(until, 0);
	assert_int_equal(ledger_of(s, office), LEDGER_KNOWN);
	assert_int_equal(wrong_codes(s, at_console(), 100), 5);
	assert_int_equal(wrong_codes(s, office, 100), 5);
	assert_int_equal(lock_once(s, STRANGER), 15 * MINUTE);
}

/* What status shows, in wall time. */
static void test_until(void **state)
{
	struct scene *s = scene_new();
	int64_t until;

	(void)state;
	assert_int_equal(lockout_until(&s->ledgers, LEDGER_STRANGERS, &s->rules, false), 0);
	wrong_codes(s, STRANGER, 5);
	assert_true(lockout_any(&s->ledgers, &s->rules, false, &until));
	assert_int_equal(until, s->now.wall + 15 * MINUTE);
	pass(s, 5 * MINUTE);
	wrong_codes(s, at_console(), 5);
	assert_int_equal(lockout_until(&s->ledgers, LEDGER_STRANGERS, &s->rules, false),
			 s->now.wall + 10 * MINUTE);
	assert_true(lockout_any(&s->ledgers, &s->rules, false, &until));
	assert_int_equal(until, s->now.wall + 15 * MINUTE);
	pass(s, 15 * MINUTE);
	assert_false(lockout_any(&s->ledgers, &s->rules, false, &until));
	assert_int_equal(until, 0);
}

static void test_until_unlocked(void **state)
{
	struct scene *s = scene_new();
	int64_t until;

	(void)state;
	s->rules.duration = 0;
	wrong_codes(s, at_console(), 5);
	assert_true(lockout_any(&s->ledgers, &s->rules, true, &until));
	assert_true(until == LOCKED_UNTIL_UNLOCK);
	s->rules.root = false;
	assert_false(lockout_any(&s->ledgers, &s->rules, true, &until));
	assert_true(lockout_any(&s->ledgers, &s->rules, false, &until));

	s = scene_new();
	s->rules.cap = 1;
	wrong_codes(s, STRANGER, 1);
	assert_true(lockout_until(&s->ledgers, LEDGER_STRANGERS, &s->rules, false) ==
		    LOCKED_UNTIL_UNLOCK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_five_wrong_codes_lock),
	    cmocka_unit_test(test_the_lock_ends_to_the_second),
	    cmocka_unit_test(test_success_clears_the_count),
	    cmocka_unit_test(test_success_opens_the_lock),
	    cmocka_unit_test(test_codes_do_not_decay),
	    cmocka_unit_test(test_locks_double),
	    cmocka_unit_test(test_the_console_does_not_double),
	    cmocka_unit_test(test_long_locks),
	    cmocka_unit_test(test_numbers_without_sense_lock_for_good),
	    cmocka_unit_test(test_attempts_during_a_lock_change_nothing),
	    cmocka_unit_test(test_the_cap),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_cap_and_lock_at_once),
	    cmocka_unit_test(test_other_ledgers_have_no_cap),
	    cmocka_unit_test(test_who_resets_the_run),
	    cmocka_unit_test(test_zeros),
	    cmocka_unit_test(test_off_frees_at_once),
	    cmocka_unit_test(test_exempt_root),
	    cmocka_unit_test(test_scope_account),
	    cmocka_unit_test(test_strangers_exhaust_only_strangers),
	    cmocka_unit_test(test_a_local_user_locks_only_himself),
	    cmocka_unit_test(test_behind_a_known_address),
	    cmocka_unit_test(test_codes_do_not_lock_passwords),
	    cmocka_unit_test(test_unlock),
	    cmocka_unit_test(test_until),
	    cmocka_unit_test(test_until_unlocked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
