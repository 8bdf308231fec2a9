/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { DAY = 86400, MONDAY = 1800000000 };

/* How far the grace of somebody who is not enrolled has come, all seen on Monday. */
enum came { NOT_BEGUN, RUNNING, OVER, ENDED };

static const struct grace came_to[] = {
    [NOT_BEGUN] = {0},
    [RUNNING] = {.start = MONDAY - 6 * DAY},
    [OVER] = {.start = MONDAY - 7 * DAY},
    [ENDED] = {.start = MONDAY - DAY, .ended = true},
};

static const struct range office[] = {
    {{4, {203, 0, 113, 0}}, 24},
    {{6, {0x20, 0x01, 0x0d, 0xb8}}, 32},
};

static const enum second_factor required = SECOND_FACTOR_REQUIRED,
				optional = SECOND_FACTOR_OPTIONAL, off = SECOND_FACTOR_OFF;

static struct rules rules_of(enum second_factor second_factor)
{
	return (struct rules){
	    .second_factor = second_factor,
	    .enroll = {.grace = 7 * DAY},
	    .public_key = PUBLIC_KEY_ACCEPT,
	    .allow_from = {.any = true},
	};
}

static struct visitor visitor_of(enum standing standing, enum came came)
{
	return (struct visitor){
	    .standing = standing,
	    .origin = origin_of("203.0.113.7"),
	    .grace = came_to[came],
	    .wall = MONDAY,
	};
}

static void assert_decision(size_t row, struct decision d, enum verdict verdict, enum reason reason)
{
	if (d.verdict != verdict || d.reason != reason)
		fail_msg("row %zu: verdict %d, reason %s", row, (int)d.verdict,
			 reason_text(d.reason));
}

/* Who is asked for a code, who passes without one, who is asked in vain. INP-01, ENR-16 */
static void test_auth(void **state)
{
	const struct {
		enum second_factor second_factor;
		enum standing standing;
		enum came came;
		enum verdict verdict;
		enum reason reason;
	} table[] = {
	    {required, STANDING_ENROLLED, NOT_BEGUN, VERDICT_ASK, REASON_OK},
	    {required, STANDING_ENROLLED, OVER, VERDICT_ASK, REASON_OK},
	    {required, STANDING_NOT_ENROLLED, NOT_BEGUN, VERDICT_PASS, REASON_GRACE},
	    {required, STANDING_NOT_ENROLLED, RUNNING, VERDICT_PASS, REASON_GRACE},
	    {required, STANDING_NOT_ENROLLED, OVER, VERDICT_ASK, REASON_NOT_ENROLLED},
	    {required, STANDING_NOT_ENROLLED, ENDED, VERDICT_ASK, REASON_NOT_ENROLLED},
	    {required, STANDING_UNKNOWN, NOT_BEGUN, VERDICT_ASK, REASON_UNKNOWN},
	    {required, STANDING_UNINITIALISED, NOT_BEGUN, VERDICT_PASS, REASON_NOT_INITIALISED},
	    {required, STANDING_UNINITIALISED, OVER, VERDICT_PASS, REASON_NOT_INITIALISED},
	    {required, STANDING_TROUBLE, NOT_BEGUN, VERDICT_ASK, REASON_STATE_IO},
	    {optional, STANDING_ENROLLED, NOT_BEGUN, VERDICT_ASK, REASON_OK},
	    {optional, STANDING_NOT_ENROLLED, NOT_BEGUN, VERDICT_PASS, REASON_OPTIONAL},
	    {optional, STANDING_NOT_ENROLLED, OVER, VERDICT_PASS, REASON_OPTIONAL},
	    {optional, STANDING_NOT_ENROLLED, ENDED, VERDICT_PASS, REASON_OPTIONAL},
	    {optional, STANDING_UNKNOWN, NOT_BEGUN, VERDICT_ASK, REASON_UNKNOWN},
	    {optional, STANDING_UNINITIALISED, NOT_BEGUN, VERDICT_PASS, REASON_NOT_INITIALISED},
	    {optional, STANDING_TROUBLE, NOT_BEGUN, VERDICT_ASK, REASON_STATE_IO},
	    {off, STANDING_ENROLLED, NOT_BEGUN, VERDICT_PASS, REASON_OFF},
	    {off, STANDING_NOT_ENROLLED, OVER, VERDICT_PASS, REASON_OFF},
	    {off, STANDING_UNKNOWN, NOT_BEGUN, VERDICT_PASS, REASON_OFF},
	    {off, STANDING_UNINITIALISED, NOT_BEGUN, VERDICT_PASS, REASON_OFF},
	    {off, STANDING_TROUBLE, NOT_BEGUN, VERDICT_PASS, REASON_OFF},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct rules rules = rules_of(table[i].second_factor);
		struct visitor visitor = visitor_of(table[i].standing, table[i].came);

		if (table[i].standing == STANDING_TROUBLE)
			visitor.trouble = REASON_STATE_IO;
		assert_decision(i, access_auth(&rules, &visitor), table[i].verdict,
				table[i].reason);
	}
}

/* The account phase behind our auth line. */
static void test_account_after_auth(void **state)
{
	const struct {
		enum second_factor second_factor;
		enum standing standing;
		enum came came;
		enum verdict verdict;
		enum reason reason;
	} table[] = {
	    {required, STANDING_ENROLLED, OVER, VERDICT_PASS, REASON_OK},
	    {required, STANDING_NOT_ENROLLED, NOT_BEGUN, VERDICT_ENROLL, REASON_GRACE},
	    {required, STANDING_NOT_ENROLLED, RUNNING, VERDICT_ENROLL, REASON_GRACE},
	    {required, STANDING_NOT_ENROLLED, OVER, VERDICT_DENY, REASON_DEADLINE},
	    {required, STANDING_NOT_ENROLLED, ENDED, VERDICT_DENY, REASON_DEADLINE},
	    {required, STANDING_UNKNOWN, NOT_BEGUN, VERDICT_DENY, REASON_UNKNOWN},
	    {required, STANDING_UNINITIALISED, NOT_BEGUN, VERDICT_PASS, REASON_NOT_INITIALISED},
	    {required, STANDING_TROUBLE, NOT_BEGUN, VERDICT_DENY, REASON_STATE_IO},
	    {optional, STANDING_ENROLLED, OVER, VERDICT_PASS, REASON_OK},
	    {optional, STANDING_NOT_ENROLLED, OVER, VERDICT_PASS, REASON_OPTIONAL},
	    {optional, STANDING_UNKNOWN, NOT_BEGUN, VERDICT_DENY, REASON_UNKNOWN},
	    {optional, STANDING_UNINITIALISED, NOT_BEGUN, VERDICT_PASS, REASON_NOT_INITIALISED},
	    {optional, STANDING_TROUBLE, NOT_BEGUN, VERDICT_DENY, REASON_STATE_IO},
	    {off, STANDING_NOT_ENROLLED, OVER, VERDICT_PASS, REASON_OFF},
	    {off, STANDING_TROUBLE, NOT_BEGUN, VERDICT_PASS, REASON_OFF},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct rules rules = rules_of(table[i].second_factor);
		struct visitor visitor = visitor_of(table[i].standing, table[i].came);

		if (table[i].standing == STANDING_TROUBLE)
			visitor.trouble = REASON_STATE_IO;
		assert_decision(i, access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH),
				table[i].verdict, table[i].reason);
	}
}

/* A key login: public_key decides, not the grace. */
static void test_account_of_a_key_login(void **state)
{
	const struct {
		enum second_factor second_factor;
		enum public_key public_key;
		enum standing standing;
		enum came came;
		enum verdict verdict;
		enum reason reason;
	} table[] = {
	    {required, PUBLIC_KEY_ACCEPT, STANDING_ENROLLED, NOT_BEGUN, VERDICT_PASS, REASON_OK},
	    {required, PUBLIC_KEY_ACCEPT, STANDING_NOT_ENROLLED, OVER, VERDICT_PASS, REASON_OK},
	    {required, PUBLIC_KEY_ACCEPT, STANDING_TROUBLE, NOT_BEGUN, VERDICT_PASS, REASON_OK},
	    {required, PUBLIC_KEY_ACCEPT, STANDING_UNINITIALISED, NOT_BEGUN, VERDICT_PASS,
	     REASON_OK},
	    {required, PUBLIC_KEY_NEEDS_CODE, STANDING_ENROLLED, NOT_BEGUN, VERDICT_DENY,
	     REASON_PUBLIC_KEY},
	    {required, PUBLIC_KEY_NEEDS_CODE, STANDING_NOT_ENROLLED, RUNNING, VERDICT_DENY,
	     REASON_PUBLIC_KEY},
	    {required, PUBLIC_KEY_NEEDS_CODE, STANDING_NOT_ENROLLED, OVER, VERDICT_DENY,
	     REASON_PUBLIC_KEY},
	    {required, PUBLIC_KEY_NEEDS_CODE, STANDING_UNINITIALISED, OVER, VERDICT_DENY,
	     REASON_PUBLIC_KEY},
	    {required, PUBLIC_KEY_NEEDS_CODE, STANDING_TROUBLE, OVER, VERDICT_DENY,
	     REASON_PUBLIC_KEY},
	    {optional, PUBLIC_KEY_ACCEPT, STANDING_ENROLLED, NOT_BEGUN, VERDICT_PASS, REASON_OK},
	    {optional, PUBLIC_KEY_NEEDS_CODE, STANDING_ENROLLED, NOT_BEGUN, VERDICT_DENY,
	     REASON_PUBLIC_KEY},
	    {optional, PUBLIC_KEY_NEEDS_CODE, STANDING_NOT_ENROLLED, OVER, VERDICT_PASS, REASON_OK},
	    {optional, PUBLIC_KEY_NEEDS_CODE, STANDING_UNINITIALISED, OVER, VERDICT_PASS,
	     REASON_OK},
	    {optional, PUBLIC_KEY_NEEDS_CODE, STANDING_UNKNOWN, OVER, VERDICT_DENY,
	     REASON_PUBLIC_KEY},
	    {optional, PUBLIC_KEY_NEEDS_CODE, STANDING_TROUBLE, OVER, VERDICT_DENY,
	     REASON_PUBLIC_KEY},
	    {off, PUBLIC_KEY_NEEDS_CODE, STANDING_ENROLLED, NOT_BEGUN, VERDICT_PASS, REASON_OFF},
	    {off, PUBLIC_KEY_NEEDS_CODE, STANDING_TROUBLE, NOT_BEGUN, VERDICT_PASS, REASON_OFF},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct rules rules = rules_of(table[i].second_factor);
		struct visitor visitor = visitor_of(table[i].standing, table[i].came);

		rules.public_key = table[i].public_key;
		assert_decision(i, access_account(&rules, &visitor, ACCOUNT_KEY_LOGIN),
				table[i].verdict, table[i].reason);
	}
}

/* LCK-11: NOPASSWD sudo, cron, su from root and greeters pass on day 8 as on day 1. */
static void test_account_of_others_always_passes(void **state)
{
	static const enum standing standings[] = {STANDING_TROUBLE, STANDING_UNKNOWN,
						  STANDING_NOT_ENROLLED, STANDING_ENROLLED,
						  STANDING_UNINITIALISED};

	(void)state;
	for (size_t i = 0; i < COUNT(standings); i++) {
		struct rules rules = rules_of(required);
		struct visitor visitor = visitor_of(standings[i], OVER);

		rules.public_key = PUBLIC_KEY_NEEDS_CODE;
		rules.allow_from = (struct range_list){false, NULL, 0};
		visitor.origin = origin_of("client.example.org");
		assert_decision(i, access_account(&rules, &visitor, ACCOUNT_OTHER), VERDICT_PASS,
				REASON_OK);
	}
}

enum service { REMOTE, CONSOLE, LOCAL };

/* NET-01, NET-04, NET-05: where from, and by which kind of service. */
static void test_origins(void **state)
{
	static const struct {
		const char *rhost;
		enum service service;
		enum reason reason;
	} table[] = {
	    {"203.0.113.7", REMOTE, REASON_OK},
	    {"::ffff:203.0.113.7", REMOTE, REASON_OK},
	    {"2001:db8::7", REMOTE, REASON_OK},
	    {"203.0.114.7", REMOTE, REASON_RHOST_DENIED},
	    {"2001:db9::7", REMOTE, REASON_RHOST_DENIED},
	    {"127.0.0.1", REMOTE, REASON_RHOST_DENIED},
	    {"::1", REMOTE, REASON_RHOST_DENIED},
	    {NULL, REMOTE, REASON_RHOST_DENIED},
	    {"", REMOTE, REASON_RHOST_DENIED},
	    {"UNKNOWN", REMOTE, REASON_RHOST_NAME},
	    {"localhost", REMOTE, REASON_RHOST_NAME},
	    {"office.example.org", REMOTE, REASON_RHOST_NAME},
	    {"203.0.113.0/24", REMOTE, REASON_RHOST_NAME},
	    {"203.0.113.7", CONSOLE, REASON_OK},
	    {"203.0.114.7", CONSOLE, REASON_RHOST_DENIED},
	    {NULL, CONSOLE, REASON_OK},
	    {"", CONSOLE, REASON_OK},
	    {"thishost", CONSOLE, REASON_RHOST_NAME},
	    {"203.0.113.7", LOCAL, REASON_OK},
	    {"203.0.114.7", LOCAL, REASON_RHOST_DENIED},
	    {NULL, LOCAL, REASON_OK},
	    {"", LOCAL, REASON_OK},
	    {"thishost", LOCAL, REASON_OK},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct rules rules = rules_of(required);
		struct visitor visitor = visitor_of(STANDING_ENROLLED, NOT_BEGUN);

		visitor.origin = origin_of(table[i].rhost);
		visitor.console_service = table[i].service == CONSOLE;
		visitor.local_service = table[i].service == LOCAL;
		assert_int_equal(access_origin(&rules, &visitor), REASON_OK);
		rules.allow_from = (struct range_list){false, office, COUNT(office)};
		assert_int_equal(access_origin(&rules, &visitor), table[i].reason);
	}
}

/* CFG-04: an empty list lets no address in. */
static void test_an_empty_list_lets_nobody_in(void **state)
{
	struct rules rules = rules_of(required);
	struct visitor visitor = visitor_of(STANDING_ENROLLED, NOT_BEGUN);

	(void)state;
	rules.allow_from = (struct range_list){false, NULL, 0};
	assert_int_equal(access_origin(&rules, &visitor), REASON_RHOST_DENIED);
}

/* A denied origin is asked like everybody else, whoever it is, and refused; account denies it. */
static void test_a_denied_origin(void **state)
{
	static const enum second_factor modes[] = {SECOND_FACTOR_REQUIRED, SECOND_FACTOR_OPTIONAL,
						   SECOND_FACTOR_OFF};

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		for (int s = STANDING_TROUBLE; s <= STANDING_UNINITIALISED; s++) {
			struct rules rules = rules_of(modes[i]);
			struct visitor visitor = visitor_of((enum standing)s, NOT_BEGUN);

			rules.allow_from = (struct range_list){false, office, COUNT(office)};
			visitor.origin = origin_of("198.51.100.1");
			assert_decision(i, access_auth(&rules, &visitor), VERDICT_ASK,
					REASON_RHOST_DENIED);
			assert_decision(i, access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH),
					VERDICT_DENY, REASON_RHOST_DENIED);
			assert_decision(i, access_account(&rules, &visitor, ACCOUNT_KEY_LOGIN),
					VERDICT_DENY, REASON_RHOST_DENIED);
		}
	}
}

/* INP-06: a name that cannot be one is an unknown user with its own word in the log. */
static void test_bad_names(void **state)
{
	struct rules rules = rules_of(optional);
	struct visitor visitor = visitor_of(STANDING_UNKNOWN, NOT_BEGUN);

	(void)state;
	visitor.trouble = REASON_BAD_NAME;
	assert_decision(0, access_auth(&rules, &visitor), VERDICT_ASK, REASON_BAD_NAME);
	assert_decision(1, access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH), VERDICT_DENY,
			REASON_BAD_NAME);
}

/* Trouble without a reason never turns into the reason of a success. */
static void test_trouble_is_never_ok(void **state)
{
	struct rules rules = rules_of(required);
	struct visitor visitor = visitor_of(STANDING_TROUBLE, NOT_BEGUN);

	(void)state;
	visitor.trouble = REASON_OK;
	assert_decision(0, access_auth(&rules, &visitor), VERDICT_ASK, REASON_INTERNAL);
	assert_decision(1, access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH), VERDICT_DENY,
			REASON_INTERNAL);
}

/* Without a store the grace holds for everybody, where there is one and until enroll_deadline. */
static void test_uninitialised(void **state)
{
	static const struct {
		struct enroll_rules enroll;
		bool passes;
	} table[] = {
	    {{7 * DAY, 0, 0}, true},
	    {{1, 0, 0}, true},
	    {{0, 0, 0}, false},
	    {{7 * DAY, MONDAY + 1, 0}, true},
	    {{7 * DAY, MONDAY, 0}, false},
	    {{0, MONDAY + DAY, 0}, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct rules rules = rules_of(required);
		struct visitor visitor = visitor_of(STANDING_UNINITIALISED, NOT_BEGUN);

		rules.enroll = table[i].enroll;
		assert_decision(i, access_auth(&rules, &visitor),
				table[i].passes ? VERDICT_PASS : VERDICT_ASK,
				REASON_NOT_INITIALISED);
		assert_decision(i, access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH),
				table[i].passes ? VERDICT_PASS : VERDICT_DENY,
				REASON_NOT_INITIALISED);
	}
}

/* On day 7 minus one second it still works, a second later it does not. */
static void test_the_last_second(void **state)
{
	struct rules rules = rules_of(required);
	struct visitor visitor = visitor_of(STANDING_NOT_ENROLLED, NOT_BEGUN);

	(void)state;
	visitor.grace.start = MONDAY;
	visitor.wall = MONDAY + 7 * DAY - 1;
	assert_decision(0, access_auth(&rules, &visitor), VERDICT_PASS, REASON_GRACE);
	assert_decision(1, access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH), VERDICT_ENROLL,
			REASON_GRACE);
	visitor.wall++;
	assert_decision(2, access_auth(&rules, &visitor), VERDICT_ASK, REASON_NOT_ENROLLED);
	assert_decision(3, access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH), VERDICT_DENY,
			REASON_DEADLINE);
}

/* Rule 15, and the zero of every struct: nothing that was forgotten lets anybody in. */
static void test_zero_lets_nobody_in(void **state)
{
	const struct rules rules = {0};
	struct visitor visitor = {0};

	(void)state;
	for (int s = STANDING_TROUBLE; s <= STANDING_UNINITIALISED; s++) {
		visitor.standing = (enum standing)s;
		assert_int_equal(access_auth(&rules, &visitor).verdict, VERDICT_ASK);
		assert_int_not_equal(access_auth(&rules, &visitor).reason, REASON_OK);
		assert_int_equal(access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH).verdict,
				 VERDICT_DENY);
		assert_int_equal(access_account(&rules, &visitor, ACCOUNT_KEY_LOGIN).verdict,
				 VERDICT_DENY);
	}
}

/* One of all combinations, by its number. */
static void combine(unsigned number, struct rules *rules, struct visitor *visitor)
{
	static const char *const rhosts[] = {NULL, "203.0.113.7", "198.51.100.1",
					     "office.example.org"};

	*rules = rules_of((enum second_factor)(number % 3));
	*visitor = visitor_of((enum standing)(number / 3 % 5), (enum came)(number / 15 % 4));
	visitor->origin = origin_of(rhosts[number / 60 % 4]);
	visitor->console_service = number / 240 % 3 == CONSOLE;
	visitor->local_service = number / 240 % 3 == LOCAL;
	rules->allow_from = (struct range_list){number / 720 % 2, office, COUNT(office)};
	rules->public_key = (enum public_key)(number / 1440 % 2);
	visitor->trouble = REASON_STATE_IO;
}

static bool lets_in(struct decision decision)
{
	return decision.verdict == VERDICT_PASS || decision.verdict == VERDICT_ENROLL;
}

/* What holds for every combination, whatever a table may have left out. */
static void check_combination(const struct rules *rules, const struct visitor *visitor)
{
	bool allowed = access_origin(rules, visitor) == REASON_OK;
	bool is_off = rules->second_factor == SECOND_FACTOR_OFF;
	bool enrolled = visitor->standing == STANDING_ENROLLED;
	struct decision auth = access_auth(rules, visitor);
	struct decision account = access_account(rules, visitor, ACCOUNT_AFTER_AUTH);
	struct decision key = access_account(rules, visitor, ACCOUNT_KEY_LOGIN);

	assert_true(auth.verdict == VERDICT_ASK || auth.verdict == VERDICT_PASS);
	assert_true(account.verdict == VERDICT_DENY || lets_in(account));
	assert_true(key.verdict == VERDICT_DENY || key.verdict == VERDICT_PASS);
	/* only the enrolled are judged */
	assert_int_equal(auth.verdict == VERDICT_ASK && auth.reason == REASON_OK,
			 allowed && !is_off && enrolled);
	/* who is let past the prompt is let past account; who is asked in vain is not */
	assert_int_equal(lets_in(account),
			 auth.verdict == VERDICT_PASS || auth.reason == REASON_OK);
	/* a denied origin is never let in, not even with a key or without a second factor */
	if (!allowed)
		assert_false(auth.verdict == VERDICT_PASS || lets_in(account) || lets_in(key));
	/* off asks nobody whose address is allowed, and enrolls nobody */
	if (is_off && allowed)
		assert_true(auth.reason == REASON_OFF && account.reason == REASON_OFF &&
			    key.reason == REASON_OFF);
	if (account.verdict == VERDICT_ENROLL)
		assert_true(visitor->standing == STANDING_NOT_ENROLLED &&
			    rules->second_factor == SECOND_FACTOR_REQUIRED);
	/* who has a factor and must use it does not get in by a key that needs a code */
	if (enrolled && !is_off && rules->public_key == PUBLIC_KEY_NEEDS_CODE)
		assert_int_equal(key.verdict, VERDICT_DENY);
	assert_decision(0, access_account(rules, visitor, ACCOUNT_OTHER), VERDICT_PASS, REASON_OK);
}

static void test_all_combinations(void **state)
{
	struct rules rules;
	struct visitor visitor;

	(void)state;
	for (unsigned i = 0; i < 2880; i++) {
		combine(i, &rules, &visitor);
		check_combination(&rules, &visitor);
	}
}

/* Where an attempt counts, by what the host tells. LCK-07, LCK-12 */
static void test_sources(void **state)
{
	static const char *const keys[] = {"sshd"};
	static const char *const consoles[] = {"login"};
	static const char *const locals[] = {"sudo"};
	const struct rules rules = {
	    .key_login_services = {keys, 1},
	    .console_services = {consoles, 1},
	    .local_services = {locals, 1},
	};
	static const struct {
		const char *service, *from;
		bool keyed;
		enum source_kind kind;
		enum account_caller caller; /* where our auth did not run */
		bool console, local;
	} rows[] = {
	    {"sshd", "203.0.113.7", false, SOURCE_STRANGER, ACCOUNT_KEY_LOGIN, false, false},
	    {"sshd", "203.0.113.7", true, SOURCE_KEYED, ACCOUNT_KEY_LOGIN, false, false},
	    {"sshd", "name.example", false, SOURCE_STRANGER, ACCOUNT_KEY_LOGIN, false, false},
	    {"sshd", "", false, SOURCE_STRANGER, ACCOUNT_OTHER, false, false},
	    {"login", "", true, SOURCE_CONSOLE, ACCOUNT_OTHER, true, false},
	    {"login", "203.0.113.7", false, SOURCE_STRANGER, ACCOUNT_OTHER, true, false},
	    {"login", "name.example", false, SOURCE_STRANGER, ACCOUNT_OTHER, true, false},
	    {"sudo", "", false, SOURCE_LOCAL, ACCOUNT_OTHER, false, true},
	    {"sudo", "this.host", false, SOURCE_LOCAL, ACCOUNT_OTHER, false, true},
	    {"sudo", "203.0.113.7", false, SOURCE_STRANGER, ACCOUNT_OTHER, false, true},
	    {"other", "", false, SOURCE_STRANGER, ACCOUNT_OTHER, false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct arrival arrival = {
		    .service = rows[i].service,
		    .origin = origin_of(rows[i].from),
		    .exists = true,
		    .keyed = rows[i].keyed,
		    .caller = 1000,
		    .own = true,
		};
		const struct source source = source_of(&rules, &arrival);
		const struct visitor visitor = visitor_at_door(&rules, &arrival);
		assert_int_equal(source.kind, rows[i].kind);
		assert_int_equal(source.uid, 1000);
		assert_true(source.own);
		assert_int_equal(visitor.standing, STANDING_TROUBLE);
		assert_int_equal(visitor.console_service, rows[i].console);
		assert_int_equal(visitor.local_service, rows[i].local);
		assert_int_equal(account_caller_of(&rules, &arrival, true), ACCOUNT_AFTER_AUTH);
		assert_int_equal(account_caller_of(&rules, &arrival, false), rows[i].caller);
	}
	const struct arrival nobody_there = {.service = "sshd"};
	const struct arrival path = {.service = "sshd", .path_name = true};
	assert_int_equal(visitor_at_door(&rules, &nobody_there).trouble, REASON_UNKNOWN);
	assert_int_equal(visitor_at_door(&rules, &path).standing, STANDING_UNKNOWN);
	assert_int_equal(visitor_at_door(&rules, &path).trouble, REASON_BAD_NAME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_auth),
	    cmocka_unit_test(test_account_after_auth),
	    cmocka_unit_test(test_account_of_a_key_login),
	    cmocka_unit_test(test_account_of_others_always_passes),
	    cmocka_unit_test(test_origins),
	    cmocka_unit_test(test_an_empty_list_lets_nobody_in),
	    cmocka_unit_test(test_a_denied_origin),
	    cmocka_unit_test(test_bad_names),
	    cmocka_unit_test(test_trouble_is_never_ok),
	    cmocka_unit_test(test_uninitialised),
	    cmocka_unit_test(test_the_last_second),
	    cmocka_unit_test(test_zero_lets_nobody_in),
	    cmocka_unit_test(test_all_combinations),
	    cmocka_unit_test(test_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
