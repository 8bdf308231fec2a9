/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/lockout_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { HERE = LEDGER_STRANGERS };

static bool is_open(struct scene *s)
{
	struct attempt ticket;

	if (!admit(s, HERE, &ticket))
		return false;
	lockout_return_ticket(&s->ledgers, HERE, &ticket);
	return true;
}

/* One after the other, each process gone before the next: five are judged. */
static void test_five_wrong_passwords_lock(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	assert_int_equal(wrong_passwords(s, HERE, 64), 5);
	pass(s, 15 * MINUTE - 1);
	assert_false(is_open(s));
	pass(s, 1);
	assert_true(is_open(s));
}

/* Passwords lock flat: the tenth lock is as long as the first. */
static void test_locks_do_not_double(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(wrong_passwords(s, HERE, 64), 5);
		pass(s, 15 * MINUTE - 1);
		assert_false(is_open(s));
		pass(s, 1);
	}
}

/* Ten at once with the defaults: all are judged, all are right, none leaves a trace. */
static void test_ten_parallel_right_passwords(void **state)
{
	struct scene *s = scene_new();
	struct attempt tickets[10];

	(void)state;
	for (size_t i = 0; i < COUNT(tickets); i++)
		assert_true(admit(s, HERE, &tickets[i]));
	for (size_t i = 0; i < COUNT(tickets); i++)
		lockout_redeem_ticket(&s->ledgers, HERE, &tickets[i]);
	assert_int_equal(s->ledgers.ledger[HERE].attempt_count, 0);
	assert_true(is_open(s));
}

/* 64 wrong at once: ten are judged, then the ledger is locked. */
static void test_parallel_wrong_passwords(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;
	unsigned judged = 0;

	(void)state;
	for (int i = 0; i < 64; i++)
		judged += admit(s, HERE, &ticket);
	assert_int_equal(judged, 10);
	all_die(s);
	assert_true(sweep(s, HERE));
	assert_false(is_open(s));
	pass(s, 15 * MINUTE - 1);
	assert_int_equal(wrong_passwords(s, HERE, 64), 0);
	pass(s, 1);
	assert_true(is_open(s));
}

/* At most lockout_tries + lockout_parallel are judged, whatever the two are. */
static void test_never_more_than_tries_and_parallel(void **state)
{
	struct attempt ticket;

	(void)state;
	for (uint32_t tries = 1; tries <= LOCKOUT_TRIES_MAX; tries++) {
		for (uint32_t parallel = 1; parallel <= LOCKOUT_PARALLEL_MAX; parallel++) {
			struct scene *s = scene_new();
			unsigned judged = 0;

			s->rules.tries = tries;
			s->rules.parallel = parallel;
			for (int i = 0; i < 64; i++) {
				judged += admit(s, HERE, &ticket);
				if (i % 3 == 0)
					s->dead_below++;
			}
			assert_in_range(judged, tries, tries + parallel);
		}
	}
}

/* The window is exact: a failure counts while it is younger than the interval. */
static void test_the_sliding_window(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(wrong_passwords(s, HERE, 1), 1);
		pass(s, MINUTE);
	}
	pass(s, 11 * MINUTE - 1);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 4);
	pass(s, 1);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 3);
	pass(s, MINUTE);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 2);
}

/* Four every window never lock; a fifth within it does. */
static void test_four_a_window_never_lock(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(wrong_passwords(s, HERE, 4), 4);
		pass(s, 15 * MINUTE);
	}
	assert_int_equal(wrong_passwords(s, HERE, 4), 4);
	pass(s, 15 * MINUTE - 1);
	assert_int_equal(wrong_passwords(s, HERE, 4), 1);
}

/* The lock runs from the last failure, not from when somebody looks. */
static void test_the_lock_begins_with_the_last_failure(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	wrong_passwords(s, HERE, 4);
	pass(s, 2 * MINUTE);
	wrong_passwords(s, HERE, 1);
	pass(s, 10 * MINUTE);
	assert_true(sweep(s, HERE));
	assert_int_equal(lockout_until(&s->ledgers, HERE, &s->rules, false),
			 s->now.wall + 5 * MINUTE);
}

/* A lock longer than the window is in force although nobody looked within the window. */
static void test_a_lock_noticed_late(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	s->rules.duration = HOUR;
	wrong_passwords(s, HERE, 5);
	pass(s, 50 * MINUTE);
	assert_false(admit(s, HERE, &ticket));
	assert_int_equal(lockout_until(&s->ledgers, HERE, &s->rules, false),
			 s->now.wall + 10 * MINUTE);
}

/* A lock shorter than the window gives back all tries, once. */
static void test_a_short_lock(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.duration = MINUTE;
	assert_int_equal(wrong_passwords(s, HERE, 64), 5);
	pass(s, MINUTE);
	assert_int_equal(wrong_passwords(s, HERE, 5), 5);
	assert_true(sweep(s, HERE));
	assert_int_equal(wrong_passwords(s, HERE, 64), 0);
	pass(s, MINUTE - 1);
	assert_int_equal(wrong_passwords(s, HERE, 64), 0);
}

/* The log hears of a lock once, and not of one that is over when it is noticed. */
static void test_a_lock_is_told_once(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	wrong_passwords(s, HERE, 5);
	assert_true(sweep(s, HERE));
	assert_false(sweep(s, HERE));
	pass(s, MINUTE);
	assert_false(sweep(s, HERE));

	s = scene_new();
	wrong_passwords(s, HERE, 5);
	pass(s, 15 * MINUTE);
	assert_false(sweep(s, HERE));
}

/* LCK-20: ten thousand abandoned prompts lock passwords here, and leave codes alone. */
static void test_abandoned_prompts(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	wrong_passwords(s, HERE, 10000);
	assert_false(is_open(s));
	assert_int_equal(code_state(s, from("198.51.100.1")), LOCK_OPEN);
	assert_true(admit(s, LEDGER_CONSOLE, &ticket));
}

/* A wrong code, junk, a blind conversation, an abandoned code prompt: the ticket comes back. */
static void test_returned_tickets_leave_no_trace(void **state)
{
	struct scene *s = scene_new();
	struct ledgers before;
	struct attempt ticket;

	(void)state;
	wrong_passwords(s, HERE, 3);
	sweep(s, HERE);
	memcpy(&before, &s->ledgers, sizeof(before));
	for (int i = 0; i < 100; i++) {
		assert_true(admit(s, HERE, &ticket));
		assert_true(lockout_return_ticket(&s->ledgers, HERE, &ticket));
		assert_false(lockout_return_ticket(&s->ledgers, HERE, &ticket));
	}
	assert_int_equal(before.ledger[HERE].attempt_count, s->ledgers.ledger[HERE].attempt_count);
	assert_memory_equal(before.ledger[HERE].attempts, s->ledgers.ledger[HERE].attempts,
			    3 * sizeof(struct attempt));
}

/* One that differs from it in anything is somebody else's. */
static void test_a_similar_ticket_is_another(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket, similar;

	(void)state;
	assert_true(admit(s, HERE, &ticket));
	similar = ticket;
	similar.pid++;
	assert_false(lockout_return_ticket(&s->ledgers, HERE, &similar));
	similar = ticket;
	similar.started++;
	assert_false(lockout_return_ticket(&s->ledgers, HERE, &similar));
	similar = ticket;
	similar.at--;
	assert_false(lockout_return_ticket(&s->ledgers, HERE, &similar));
	assert_true(lockout_return_ticket(&s->ledgers, HERE, &ticket));
}

/* A right password clears the failures of its ledger and their lock, not the others under way. */
static void test_redeem(void **state)
{
	struct scene *s = scene_new();
	struct attempt mine, other;

	(void)state;
	wrong_passwords(s, HERE, 4);
	wrong_passwords(s, LEDGER_CONSOLE, 4);
	assert_true(admit(s, HERE, &mine));
	assert_true(admit(s, HERE, &other));
	lockout_redeem_ticket(&s->ledgers, HERE, &mine);
	assert_int_equal(password_failures(s, HERE), 0);
	assert_int_equal(s->ledgers.ledger[HERE].attempt_count, 1);
	assert_true(lockout_return_ticket(&s->ledgers, HERE, &other));
	sweep(s, LEDGER_CONSOLE);
	assert_int_equal(password_failures(s, LEDGER_CONSOLE), 4);
}

/* A parallel right login opens what parallel wrong ones had locked meanwhile. */
static void test_redeem_opens_the_lock(void **state)
{
	struct scene *s = scene_new();
	struct attempt mine;

	(void)state;
	wrong_passwords(s, HERE, 5);
	assert_true(lockout_admit_password(&s->ledgers, HERE, &s->rules, false, 7777, 1, &mine));
	assert_true(sweep(s, HERE));
	lockout_redeem_ticket(&s->ledgers, HERE, &mine);
	assert_true(is_open(s));
}

/* sudo asks three times on one handle: each new try makes the one before a failure. */
static void test_tries_on_one_handle(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	for (uint32_t i = 1; i <= 5; i++) {
		assert_true(admit(s, HERE, &ticket));
		assert_int_equal(lockout_fail_ticket(&s->ledgers, HERE, &s->rules, &ticket),
				 i == 5);
		assert_int_equal(password_failures(s, HERE), i % 5);
		assert_false(lockout_fail_ticket(&s->ledgers, HERE, &s->rules, &ticket));
	}
	assert_false(is_open(s));
}

/* A ticket grows old: within ten minutes it is open, then it is a failure, alive or not. */
static void test_tickets_age(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	assert_true(admit(s, HERE, &ticket));
	pass(s, LEDGER_TICKET_SECONDS - 1);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 0);
	pass(s, 1);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 1);
	assert_false(lockout_return_ticket(&s->ledgers, HERE, &ticket));
	pass(s, 5 * MINUTE);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 0);
}

/* The pid lives, but belongs to another process by now. */
static void test_a_reused_pid_is_a_dead_process(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	assert_true(lockout_admit_password(&s->ledgers, HERE, &s->rules, false, 500, 2, &ticket));
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 1);
}

/* Without a witness nobody is known to be dead. */
static void test_without_a_witness(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	assert_true(admit(s, HERE, &ticket));
	all_die(s);
	lockout_sweep(&s->ledgers, HERE, &s->rules, NULL);
	assert_int_equal(password_failures(s, HERE), 0);
}

/* Tickets of another boot are failures, and age by the wall clock. */
static void test_tickets_across_boots(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(admit(s, HERE, &ticket));
	reboot(s, 10 * MINUTE, 30);
	assert_false(lockout_return_ticket(&s->ledgers, HERE, &ticket));
	assert_int_equal(password_failures(s, HERE), 3);
	pass(s, 5 * MINUTE - 1);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 3);
	pass(s, 1);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 0);
}

/* LCK-18: off means no ticket at all; a lock from before does not outlive it. */
static void test_off(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	wrong_passwords(s, HERE, 20);
	s->rules.tries = 0;
	for (int i = 0; i < 100; i++) {
		uint32_t count = s->ledgers.ledger[HERE].attempt_count;

		assert_true(admit(s, HERE, &ticket));
		assert_int_equal(ticket.pid, 0);
		assert_false(lockout_return_ticket(&s->ledgers, HERE, &ticket));
		lockout_redeem_ticket(&s->ledgers, HERE, &ticket);
		assert_false(lockout_fail_ticket(&s->ledgers, HERE, &s->rules, &ticket));
		assert_int_equal(s->ledgers.ledger[HERE].attempt_count, count);
	}
	s->rules.tries = 5;
	assert_false(is_open(s));
}

static void test_until_unlocked(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.duration = 0;
	wrong_passwords(s, HERE, 20);
	pass(s, 3650LL * DAY);
	assert_false(is_open(s));
	reboot(s, 3650LL * DAY, 10);
	assert_false(is_open(s));
	lockout_unlock(&s->ledgers);
	assert_true(is_open(s));
}

static void test_exempt_root(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	s->root = true;
	s->rules.root = false;
	assert_int_equal(wrong_passwords(s, HERE, 100), 100);
	assert_int_equal(s->ledgers.ledger[HERE].attempt_count, 0);
	s->root = false;
	wrong_passwords(s, HERE, 100);
	assert_false(admit(s, HERE, &ticket));
	s->root = true;
	assert_true(admit(s, HERE, &ticket));
}

/* Nobody's pid cannot hold a ticket: it would read as a failure. */
static void test_pid_zero(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	assert_false(lockout_admit_password(&s->ledgers, HERE, &s->rules, false, 0, 1, &ticket));
	assert_int_equal(s->ledgers.ledger[HERE].attempt_count, 0);
}

/* Rules that became stricter than what is on record: refused until it is worked off, no overrun. */
static void test_stricter_rules_than_before(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	s->rules.tries = LOCKOUT_TRIES_MAX;
	s->rules.parallel = LOCKOUT_PARALLEL_MAX;
	for (int i = 0; i < LEDGER_ATTEMPTS; i++)
		assert_true(admit(s, HERE, &ticket));
	assert_false(admit(s, HERE, &ticket));
	s->rules.tries = 1000;
	assert_false(admit(s, HERE, &ticket));
	s->rules.tries = 1;
	s->rules.parallel = 1;
	assert_false(admit(s, HERE, &ticket));
	all_die(s);
	assert_true(sweep(s, HERE));
	assert_int_equal(s->ledgers.ledger[HERE].attempt_count, 0);
	pass(s, 15 * MINUTE);
	assert_true(is_open(s));
}

/* Another service's attempt does not sweep this ledger with its own rules. */
static void test_sweeping_one_ledger_only(void **state)
{
	struct scene *s = scene_new();
	struct lockout_rules hasty = s->rules;

	(void)state;
	wrong_passwords(s, HERE, 4);
	sweep(s, HERE);
	pass(s, 10);
	hasty.interval = 1;
	lockout_sweep(&s->ledgers, LEDGER_CONSOLE, &hasty, NULL);
	sweep(s, HERE);
	assert_int_equal(password_failures(s, HERE), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_five_wrong_passwords_lock),
	    cmocka_unit_test(test_locks_do_not_double),
	    cmocka_unit_test(test_ten_parallel_right_passwords),
	    cmocka_unit_test(test_parallel_wrong_passwords),
	    cmocka_unit_test(test_never_more_than_tries_and_parallel),
	    cmocka_unit_test(test_the_sliding_window),
	    cmocka_unit_test(test_four_a_window_never_lock),
	    cmocka_unit_test(test_the_lock_begins_with_the_last_failure),
	    cmocka_unit_test(test_a_lock_noticed_late),
	    cmocka_unit_test(test_a_short_lock),
	    cmocka_unit_test(test_a_lock_is_told_once),
	    cmocka_unit_test(test_abandoned_prompts),
	    cmocka_unit_test(test_returned_tickets_leave_no_trace),
	    cmocka_unit_test(test_a_similar_ticket_is_another),
	    cmocka_unit_test(test_redeem),
	    cmocka_unit_test(test_redeem_opens_the_lock),
	    cmocka_unit_test(test_tries_on_one_handle),
	    cmocka_unit_test(test_tickets_age),
	    cmocka_unit_test(test_a_reused_pid_is_a_dead_process),
	    cmocka_unit_test(test_without_a_witness),
	    cmocka_unit_test(test_tickets_across_boots),
	    cmocka_unit_test(test_off),
	    cmocka_unit_test(test_until_unlocked),
	    cmocka_unit_test(test_exempt_root),
	    cmocka_unit_test(test_pid_zero),
	    cmocka_unit_test(test_stricter_rules_than_before),
	    cmocka_unit_test(test_sweeping_one_ledger_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
