/* SPDX-License-Identifier: BSD-3-Clause */
/* What an answer at the prompt leads to: INP-01..09, INP-16..18, TIM-02..05, TIM-09, LCK-03. */
#include "tests/stack/rig.h"

static void fresh(void)
{
	rig_clock_set(1795262410, 5000);
	rig_conf("");
	rig_store();
	rig_enroll("alice", 10);
	rig_log_clear();
}

static void right_code_gets_in_once(void **state)
{
	(void)state;
	fresh();
	const char *code = rig_code("alice", 0);
	assert_int_equal(rig_answer("alice", code), PAM_SUCCESS);
	assert_int_equal(
	    rig_log_count("event=accept reason=ok user=\"alice\" uid=1001 service=code "
			  "rhost=192.0.2.1 ledger=strangers fails=0 factor=totp "
			  "token=\"phone\""),
	    1);
	assert_int_equal(rig_answer("alice", code), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=deny reason=replay"), 1);
	assert_int_equal(rig_log_count(""), 2);
}

/* INP-01: nobody can tell from outside who is who. */
static void all_refusals_look_alike(void **state)
{
	(void)state;
	static const char *const users[] = {"alice", "bob", "nobody-here", "../x", "", "locked"};
	static const char *const reasons[] = {"bad-code", "not-enrolled", "unknown",
					      "bad-name", "unknown",      "unknown"};
	fresh();
	rig_conf("enroll_grace = 0\n");
	for (size_t i = 0; i < 6; i++) {
		struct talk talk = {.answers = {rig_wrong("alice")}, .count = 1};
		const struct login login = {
		    .service = "code", .user = users[i], .rhost = "192.0.2.1"};
		rig_log_clear();
		assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
		assert_int_equal(talk.asked, 1);
		assert_int_equal(talk.styles[0], PAM_PROMPT_ECHO_OFF);
		assert_string_equal(talk.prompts[0], "Verification code: ");
		assert_string_equal(talk.told_text, "Verification failed.\n");
		assert_int_equal(talk.batches_wrong, 0);
		assert_int_equal(rig_log_count(""), 1);
		assert_int_equal(rig_log_count(reasons[i]), 1);
	}
	assert_null(strstr(rig_log(), "nobody-here"));
	assert_null(strstr(rig_log(), "../x"));
}

/* A host that goes on to account all the same is refused there for what auth had found. */
static void account_refuses_for_the_same_reason(void **state)
{
	(void)state;
	static const struct {
		const char *user, *answer, *reason;
	} cases[] = {
	    {"alice", "12345", "bad-code"},
	    {"alice", "", "no-answer"},
	    {"bob", "123456", "not-enrolled"},
	    {"nobody-at-all", "123456", "unknown"},
	};
	fresh();
	rig_conf("enroll_grace = 0\n");
	rig_service("both", "auth required @\naccount required @\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct talk talk = {.answers = {cases[i].answer}, .count = 1};
		pam_handle_t *pamh = rig_start("both", cases[i].user, "192.0.2.1", &talk);
		assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
		rig_log_clear();
		assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_PERM_DENIED);
		assert_int_equal(rig_log_count("event=deny reason="), 1);
		assert_non_null(strstr(rig_log(), cases[i].reason));
		rig_stop(pamh, PAM_PERM_DENIED);
	}
}

/* INP-02: no answer is right for somebody who does not exist. */
static void the_unknown_never_get_in(void **state)
{
	(void)state;
	fresh();
	for (unsigned i = 0; i < 300; i++) {
		char answer[16];
		(void)snprintf(answer, sizeof(answer), "%06u", i * 3331 % 1000000);
		assert_int_equal(rig_answer("nobody-here", answer), PAM_AUTH_ERR);
	}
}

/* INP-04, INP-05, INP-16, INP-18: everything submitted is charged, unless nothing was. */
static void shapes(void **state)
{
	(void)state;
	char cut[32], longer[16], *huge = malloc(1 << 20);
	fresh();
	rig_conf("lockout_tries = 0\nlockout_cap = 0\n");
	memset(huge, '7', (1 << 20) - 1);
	huge[(1 << 20) - 1] = '\0';
	(void)snprintf(cut, sizeof(cut), "%.18s", rig_backup(0));
	(void)snprintf(longer, sizeof(longer), "%s1", rig_code("alice", 0));
	const char *answers[] = {"1",
				 "12345",
				 "1234567",
				 "123456789",
				 "letters",
				 "+12345",
				 "123456\n",
				 "\xef\xbc\x91\xef\xbc\x92",
				 cut,
				 longer,
				 huge,
				 "\xd9\xa1\xd9\xa2\xd9\xa3",
				 "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"};
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct live_state *before = rig_state("alice");
		rig_log_clear();
		assert_int_equal(rig_answer("alice", answers[i]), PAM_AUTH_ERR);
		const struct live_state *after = rig_state("alice");
		assert_int_equal(after->failures, before->failures + 1);
		assert_int_equal(rig_log_count("reason=bad-code"), 1);
	}
	free(huge);
}

static void nothing_submitted_charges_nothing(void **state)
{
	(void)state;
	static const char *const answers[] = {"", NULL, "   "};
	fresh();
	for (size_t i = 0; i < 3; i++) {
		rig_log_clear();
		uint64_t before = rig_fingerprint();
		assert_int_equal(rig_answer("alice", answers[i]), PAM_AUTH_ERR);
		assert_true(rig_fingerprint() == before);
		assert_int_equal(rig_log_count("reason=no-answer"), 1);
	}
}

static void blanks_around_a_code(void **state)
{
	(void)state;
	char answer[32];
	fresh();
	(void)snprintf(answer, sizeof(answer), " %s ", rig_code("alice", 0));
	assert_int_equal(rig_answer("alice", answer), PAM_SUCCESS);
}

/* TIM-02, at the first and the last second of a step. */
static void window(void **state)
{
	(void)state;
	static const int accepted[] = {PAM_AUTH_ERR, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS,
				       PAM_AUTH_ERR};
	for (int second = 0; second < 30; second += 29)
		for (int step = -2; step <= 2; step++) {
			fresh();
			rig_clock_set(1795262400 + second, 5000);
			assert_int_equal(rig_answer("alice", rig_code("alice", step)),
					 accepted[step + 2]);
		}
}

/* TIM-04: a fast phone spends the steps before it. */
static void an_older_code_after_a_newer(void **state)
{
	(void)state;
	fresh();
	assert_int_equal(rig_answer("alice", rig_code("alice", 1)), PAM_SUCCESS);
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=replay"), 1);
}

/* TIM-03, TIM-05 */
static void a_clock_that_went_back(void **state)
{
	(void)state;
	fresh();
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
	rig_clock_wall(-3600);
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=clock-back"), 1);
	assert_int_equal(rig_log_count("behind=3600"), 1);
	assert_int_equal(rig_answer("alice", rig_backup(0)), PAM_SUCCESS);
}

static void wrong_answers_in_the_future_poison_nothing(void **state)
{
	(void)state;
	fresh();
	rig_clock_wall(INT64_C(315360000));
	assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
	rig_clock_wall(-INT64_C(315360000));
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
}

static void no_clock_no_login(void **state)
{
	(void)state;
	fresh();
	const char *code = rig_code("alice", 0);
	rig_clock_break(true);
	assert_int_equal(rig_answer("alice", code), PAM_SYSTEM_ERR);
	rig_clock_break(false);
	assert_int_equal(rig_log_count("reason=clock-invalid"), 1);
}

static void pass_time(struct talk *talk)
{
	(void)talk;
	rig_clock_step(90);
}

/* TIM-09: the time of the answer counts, not that of the prompt. */
static void a_prompt_left_open(void **state)
{
	(void)state;
	fresh();
	struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1, .before = pass_time};
	const struct login login = {.service = "code", .user = "alice"};
	assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
	struct talk later = {.answers = {rig_code("alice", 3)}, .count = 1, .before = pass_time};
	assert_int_equal(rig_login(&login, &later), PAM_SUCCESS);
}

/* INP-17 */
static void backup_codes(void **state)
{
	(void)state;
	char typed[64];
	size_t length = 0;
	fresh();
	assert_int_equal(rig_answer("alice", rig_backup(3)), PAM_SUCCESS);
	assert_int_equal(rig_log_count("factor=backup"), 1);
	assert_int_equal(rig_answer("alice", rig_backup(3)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=replay"), 1);
	for (const char *c = rig_backup(4); *c != '\0'; c++) {
		char symbol = *c >= 'A' && *c <= 'Z' ? (char)(*c + 'a' - 'A') : *c;
		if (symbol == '-')
			symbol = ' ';
		typed[length++] = symbol == '0' ? 'o' : symbol == '1' ? 'l' : symbol;
	}
	typed[length] = '\0';
	assert_int_equal(rig_answer("alice", typed), PAM_SUCCESS);
	rig_enroll("bob", 0);
	assert_int_equal(rig_answer("bob", typed), PAM_AUTH_ERR);
}

/* A client that repeats one used code is refused each time and charged once. */
static void a_repeated_code_is_charged_once(void **state)
{
	(void)state;
	fresh();
	const char *code = rig_code("alice", 0);
	assert_int_equal(rig_answer("alice", code), PAM_SUCCESS);
	for (int i = 0; i < 20; i++)
		assert_int_equal(rig_answer("alice", code), PAM_AUTH_ERR);
	const struct live_state *after = rig_state("alice");
	assert_int_equal(after->failures, 1);
	assert_int_equal(rig_answer("alice", rig_code("alice", 1)), PAM_SUCCESS);
}

/* LCK-03 */
static void a_success_clears_the_count(void **state)
{
	(void)state;
	fresh();
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 4; i++)
			assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
		assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
		rig_clock_step(60);
	}
	assert_int_equal(rig_log_count("reason=locked"), 0);
}

/* ENR-14 */
static void take_away(struct talk *talk)
{
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who alice = {"alice", 1001, true};
	(void)talk;
	rig_open(&store);
	assert_int_equal(account_lock(&store, &alice, &account), ST_OK);
	assert_int_equal(account_withdraw(&account), ST_OK);
}

static void revoked_while_the_prompt_is_open(void **state)
{
	(void)state;
	fresh();
	struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1, .before = take_away};
	const struct login login = {.service = "code", .user = "alice"};
	assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=not-enrolled"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(right_code_gets_in_once),
	    cmocka_unit_test(all_refusals_look_alike),
	    cmocka_unit_test(account_refuses_for_the_same_reason),
	    cmocka_unit_test(the_unknown_never_get_in),
	    cmocka_unit_test(shapes),
	    cmocka_unit_test(nothing_submitted_charges_nothing),
	    cmocka_unit_test(blanks_around_a_code),
	    cmocka_unit_test(window),
	    cmocka_unit_test(an_older_code_after_a_newer),
	    cmocka_unit_test(a_clock_that_went_back),
	    cmocka_unit_test(wrong_answers_in_the_future_poison_nothing),
	    cmocka_unit_test(no_clock_no_login),
	    cmocka_unit_test(a_prompt_left_open),
	    cmocka_unit_test(backup_codes),
	    cmocka_unit_test(a_repeated_code_is_charged_once),
	    cmocka_unit_test(a_success_clears_the_count),
	    cmocka_unit_test(revoked_while_the_prompt_is_open),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
