/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/lockout_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool remember(struct scene *s, const char *address)
{
	struct address source = origin_of(address).address;

	return lockout_remember_source(&s->ledgers, &source);
}

static void test_each_source_has_its_ledger(void **state)
{
	const struct {
		struct source source;
		size_t ledger;
		const char *name;
	} table[] = {
	    {from("198.51.100.1"), LEDGER_STRANGERS, "strangers"},
	    {from("2001:db8::1"), LEDGER_STRANGERS, "strangers"},
	    {from("client.example.org"), LEDGER_STRANGERS, "strangers"},
	    {from(NULL), LEDGER_STRANGERS, "strangers"},
	    {from("203.0.113.7"), LEDGER_KNOWN, "known"},
	    {from("::ffff:203.0.113.7"), LEDGER_KNOWN, "known"},
	    {with_key("198.51.100.1"), LEDGER_KEYED, "keyed"},
	    {with_key("203.0.113.7"), LEDGER_KEYED, "keyed"},
	    {at_console(), LEDGER_CONSOLE, "console"},
	    {by_uid(0, false), LEDGER_LOCAL_ROOT, "local"},
	    {by_uid(0, true), LEDGER_LOCAL_ROOT, "local"},
	    {by_uid(1000, true), LEDGER_LOCAL_SELF, "local"},
	    {by_uid(1001, false), LEDGER_LOCAL_OTHER, "local"},
	};
	struct scene *s = scene_new();

	(void)state;
	remember(s, "203.0.113.7");
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_int_equal(ledger_of(s, table[i].source), table[i].ledger);
		assert_string_equal(ledger_name(table[i].ledger), table[i].name);
	}
	assert_string_equal(ledger_name(LEDGER_LOCAL_REST), "local");
	assert_string_equal(ledger_name(LEDGER_KNOWN - 1), "local");
	assert_string_equal(ledger_name(LEDGER_COUNT - 1), "known");
	assert_string_equal(ledger_name(LEDGER_COUNT), "none");
}

static void test_scope_account_has_one_ledger(void **state)
{
	const struct source everybody[] = {from("203.0.113.7"), with_key("203.0.113.7"),
					   at_console(),        by_uid(0, false),
					   by_uid(1000, true),  by_uid(1001, false)};
	struct scene *s = scene_new();

	(void)state;
	remember(s, "203.0.113.7");
	s->rules.scope = LOCKOUT_SCOPE_ACCOUNT;
	for (size_t i = 0; i < COUNT(everybody); i++)
		assert_int_equal(ledger_of(s, everybody[i]), LEDGER_STRANGERS);
	for (size_t i = LEDGER_LOCAL_OTHER; i < LEDGER_KNOWN; i++)
		assert_false(s->ledgers.ledger[i].in_use);
}

/* IPv4 addresses are remembered one by one, IPv6 by the /64. */
static void test_what_counts_as_the_same_source(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	assert_true(remember(s, "203.0.113.7"));
	assert_true(remember(s, "2001:db8:1:2:aaaa::1"));
	assert_int_equal(ledger_of(s, from("203.0.113.8")), LEDGER_STRANGERS);
	assert_int_equal(ledger_of(s, from("2001:db8:1:2:bbbb::2")), LEDGER_KNOWN + 1);
	assert_int_equal(ledger_of(s, from("2001:db8:1:3::1")), LEDGER_STRANGERS);
	assert_false(remember(s, "2001:db8:1:2::3"));
}

static void test_nothing_usable_is_not_remembered(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	assert_false(remember(s, "client.example.org"));
	assert_false(remember(s, NULL));
	assert_int_equal(ledger_of(s, from("client.example.org")), LEDGER_STRANGERS);
}

/* Known for 30 days after the last login, written at most daily. */
static void test_known_for_thirty_days(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	assert_true(remember(s, "203.0.113.7"));
	pass(s, DAY - 1);
	assert_false(remember(s, "203.0.113.7"));
	pass(s, 1);
	assert_true(remember(s, "203.0.113.7"));
	pass(s, 30 * DAY - 1);
	assert_int_equal(ledger_of(s, from("203.0.113.7")), LEDGER_KNOWN);
	pass(s, 1);
	assert_int_equal(ledger_of(s, from("203.0.113.7")), LEDGER_STRANGERS);
}

/* The thirty days go on through reboots. */
static void test_known_across_boots(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	remember(s, "203.0.113.7");
	reboot(s, 29 * DAY, 10);
	assert_int_equal(ledger_of(s, from("203.0.113.7")), LEDGER_KNOWN);
	reboot(s, DAY, 10);
	assert_int_equal(ledger_of(s, from("203.0.113.7")), LEDGER_STRANGERS);
}

/* Known anew after a long time: the wrong codes of back then are forgotten. */
static void test_known_again(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.duration = 0;
	remember(s, "203.0.113.7");
	wrong_codes(s, from("203.0.113.7"), 5);
	pass(s, 30 * DAY);
	assert_true(right_code(s, from("203.0.113.7")));
	assert_true(remember(s, "203.0.113.7"));
	assert_int_equal(ledger_of(s, from("203.0.113.7")), LEDGER_KNOWN);
	assert_true(right_code(s, from("203.0.113.7")));
}

/* Still known: a success by key or elsewhere does not open this address's lock. */
static void test_refreshing_keeps_the_lock(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	s->rules.duration = 0;
	remember(s, "203.0.113.7");
	wrong_codes(s, from("203.0.113.7"), 5);
	pass(s, 2 * DAY);
	assert_true(remember(s, "203.0.113.7"));
	assert_false(right_code(s, from("203.0.113.7")));
}

/* LCK-14: of nine the one used longest ago goes, with all it held. */
static void test_the_ninth_known_address(void **state)
{
	struct scene *s = scene_new();
	char address[32];

	(void)state;
	for (int i = 0; i < 8; i++) {
		snprintf(address, sizeof(address), "203.0.113.%d", i);
		assert_true(remember(s, address));
		pass(s, DAY);
	}
	assert_true(remember(s, "203.0.113.0"));
	wrong_codes(s, from("203.0.113.1"), 3);
	assert_true(remember(s, "203.0.113.100"));
	assert_int_equal(ledger_of(s, from("203.0.113.1")), LEDGER_STRANGERS);
	assert_int_equal(ledger_of(s, from("203.0.113.100")), LEDGER_KNOWN + 1);
	assert_int_equal(s->ledgers.ledger[LEDGER_KNOWN + 1].code_failures, 0);
	for (int i = 2; i < 9; i++) {
		snprintf(address, sizeof(address), "203.0.113.%d", i % 8);
		assert_int_equal(ledger_of(s, from(address)), LEDGER_KNOWN + i % 8);
	}
}

/* Equally old: the first slot goes, always. */
static void test_the_oldest_is_deterministic(void **state)
{
	struct scene *s = scene_new();
	char address[32];

	(void)state;
	for (int i = 0; i < 9; i++) {
		snprintf(address, sizeof(address), "203.0.113.%d", i);
		assert_true(remember(s, address));
	}
	assert_int_equal(ledger_of(s, from("203.0.113.0")), LEDGER_STRANGERS);
	assert_int_equal(ledger_of(s, from("203.0.113.8")), LEDGER_KNOWN);
}

/* Four other users have a ledger each, the rest share one; who did no harm gives his up. */
static void test_other_local_users(void **state)
{
	struct scene *s = scene_new();

	(void)state;
	for (uint32_t uid = 2000; uid < 2004; uid++) {
		assert_int_equal(ledger_of(s, by_uid(uid, false)), LEDGER_LOCAL_OTHER + uid - 2000);
		wrong_codes(s, by_uid(uid, false), 1);
	}
	assert_int_equal(ledger_of(s, by_uid(2004, false)), LEDGER_LOCAL_REST);
	assert_int_equal(wrong_codes(s, by_uid(2004, false), 3), 3);
	assert_int_equal(wrong_codes(s, by_uid(2005, false), 3), 2);
	right_code(s, by_uid(2002, false));
	assert_int_equal(ledger_of(s, by_uid(2006, false)), LEDGER_LOCAL_OTHER + 2);
	assert_int_equal(ledger_of(s, by_uid(2002, false)), LEDGER_LOCAL_OTHER + 2);
	assert_int_equal(ledger_of(s, by_uid(2001, false)), LEDGER_LOCAL_OTHER + 1);
}

/* Of several without a count, the one idle longest gives way. */
static void test_the_longest_idle_gives_way(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;

	(void)state;
	for (uint32_t uid = 2000; uid < 2004; uid++) {
		ledger_of(s, by_uid(uid, false));
		pass(s, MINUTE);
	}
	wrong_codes(s, by_uid(2000, false), 1);
	right_code(s, by_uid(2000, false));
	assert_true(admit(s, LEDGER_LOCAL_OTHER + 1, &ticket));
	lockout_return_ticket(&s->ledgers, LEDGER_LOCAL_OTHER + 1, &ticket);
	assert_int_equal(ledger_of(s, by_uid(2004, false)), LEDGER_LOCAL_OTHER + 2);
}

/* A ledger with a lock, a doubling or a password under way is not idle; old passwords are. */
static void test_what_is_idle(void **state)
{
	struct scene *s = scene_new();
	struct attempt ticket;
	size_t first = LEDGER_LOCAL_OTHER;

	(void)state;
	for (uint32_t uid = 2000; uid < 2004; uid++)
		ledger_of(s, by_uid(uid, false));
	wrong_codes(s, by_uid(2000, false), 5);
	pass(s, DAY);
	s->ledgers.ledger[first + 1].password_locked_until = s->now.boot + 1;
	assert_true(admit(s, first + 2, &ticket));
	assert_true(admit(s, first + 3, &ticket));
	assert_int_equal(ledger_of(s, by_uid(2004, false)), LEDGER_LOCAL_REST);
	pass(s, 1);
	assert_int_equal(ledger_of(s, by_uid(2004, false)), first + 1);
	wrong_codes(s, by_uid(2004, false), 1);
	pass(s, 15 * MINUTE - 2);
	assert_int_equal(ledger_of(s, by_uid(2005, false)), LEDGER_LOCAL_REST);
	pass(s, 1);
	assert_int_equal(ledger_of(s, by_uid(2005, false)), first + 2);
	assert_int_equal(s->ledgers.ledger[first + 2].attempt_count, 0);
}

/* Out of use for a month a ledger goes with its counts, from the second in which its lock ends. */
static void test_a_month_out_of_use(void **state)
{
	(void)state;
	for (int of_passwords = 0; of_passwords < 2; of_passwords++) {
		struct scene *s = scene_new();
		struct ledger *first = &s->ledgers.ledger[LEDGER_LOCAL_OTHER];

		for (uint32_t uid = 2000; uid < 2004; uid++)
			wrong_codes(s, by_uid(uid, false), 1);
		pass(s, 30 * DAY - 1);
		for (uint32_t uid = 2001; uid < 2004; uid++)
			wrong_codes(s, by_uid(uid, false), 1);
		if (of_passwords)
			first->password_locked_until = s->now.boot + 2;
		else
			first->code_locked_until = s->now.boot + 2;
		pass(s, 1);
		assert_int_equal(ledger_of(s, by_uid(2004, false)), LEDGER_LOCAL_REST);
		pass(s, 1);
		assert_int_equal(ledger_of(s, by_uid(2004, false)), LEDGER_LOCAL_OTHER);
		assert_int_equal(first->code_failures, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_source_has_its_ledger),
	    cmocka_unit_test(test_scope_account_has_one_ledger),
	    cmocka_unit_test(test_what_counts_as_the_same_source),
	    cmocka_unit_test(test_nothing_usable_is_not_remembered),
	    cmocka_unit_test(test_known_for_thirty_days),
	    cmocka_unit_test(test_known_across_boots),
	    cmocka_unit_test(test_known_again),
	    cmocka_unit_test(test_refreshing_keeps_the_lock),
	    cmocka_unit_test(test_the_ninth_known_address),
	    cmocka_unit_test(test_the_oldest_is_deterministic),
	    cmocka_unit_test(test_other_local_users),
	    cmocka_unit_test(test_the_longest_idle_gives_way),
	    cmocka_unit_test(test_what_is_idle),
	    cmocka_unit_test(test_a_month_out_of_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
