/* SPDX-License-Identifier: BSD-3-Clause */
/* PAM-21: whatever went wrong, nothing becomes what a stack overlooks or takes for success. */
#include "lib/base/reason.h"
#include "pam_kling/outcome.h"

#include <security/pam_modules.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { VERDICTS = VERDICT_ACCEPT + 1 };

static void expect_refusal(int result)
{
	assert_true(result == PAM_AUTH_ERR || result == PAM_PERM_DENIED ||
		    result == PAM_AUTHTOK_ERR || result == PAM_SYSTEM_ERR ||
		    result == PAM_BUF_ERR || result == PAM_CONV_ERR);
}

static void no_trouble_becomes_success(void **state)
{
	(void)state;
	for (int status = ST_INTERNAL; status <= ST_COUNT; status++)
		assert_int_equal(reason_of((enum status)status) == REASON_OK, status == ST_OK);
	assert_int_equal(reason_of(ST_BAD_NAME), REASON_BAD_NAME);
	assert_int_equal(reason_of(ST_NO_USER), REASON_UNKNOWN);
	assert_int_equal(reason_of(ST_CLOCK), REASON_CLOCK_INVALID);
	assert_int_equal(reason_of(ST_SYNTAX), REASON_INTERNAL);
}

static void only_these_verdicts_let_in(void **state)
{
	(void)state;
	for (int verdict = 0; verdict < VERDICTS; verdict++) {
		for (int reason = 0; reason < REASON_COUNT; reason++) {
			const struct decision decision = {(enum verdict)verdict,
							  (enum reason)reason};
			int host = reason % 2;
			int auth = outcome_auth(decision, host);
			int account = outcome_account(decision, host);
			if (verdict == VERDICT_ACCEPT)
				assert_int_equal(auth, PAM_SUCCESS);
			else if (verdict == VERDICT_PASS)
				assert_int_equal(auth, PAM_IGNORE);
			else
				expect_refusal(auth);
			if (verdict == VERDICT_PASS || verdict == VERDICT_ENROLL)
				assert_int_equal(account, PAM_SUCCESS);
			else
				expect_refusal(account);
		}
	}
}

static void only_the_host_s_own_trouble_shows(void **state)
{
	(void)state;
	static const struct {
		enum reason reason;
		bool host;
		int auth, account, password;
	} rows[] = {
	    {REASON_BAD_CODE, false, PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTHTOK_ERR},
	    {REASON_STATE_IO, false, PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_AUTHTOK_ERR},
	    {REASON_STATE_IO, true, PAM_SYSTEM_ERR, PAM_SYSTEM_ERR, PAM_SYSTEM_ERR},
	    {REASON_CONFIG, true, PAM_SYSTEM_ERR, PAM_SYSTEM_ERR, PAM_SYSTEM_ERR},
	    {REASON_BLOCKLIST, false, PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_SYSTEM_ERR},
	    {REASON_NOMEM, false, PAM_BUF_ERR, PAM_BUF_ERR, PAM_BUF_ERR},
	    {REASON_NOMEM, true, PAM_BUF_ERR, PAM_BUF_ERR, PAM_BUF_ERR},
	    {REASON_CONV, true, PAM_CONV_ERR, PAM_CONV_ERR, PAM_CONV_ERR},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct decision denied = {VERDICT_DENY, rows[i].reason};
		assert_int_equal(outcome_auth(denied, rows[i].host), rows[i].auth);
		assert_int_equal(outcome_account(denied, rows[i].host), rows[i].account);
		assert_int_equal(outcome_password(rows[i].reason, rows[i].host), rows[i].password);
	}
	assert_int_equal(outcome_password(REASON_OK, true), PAM_SUCCESS);
}

static void a_conversation_that_fails_is_no_answer(void **state)
{
	(void)state;
	assert_int_equal(outcome_of_conversation(PAM_BUF_ERR), REASON_NOMEM);
	assert_int_equal(outcome_of_conversation(PAM_CONV_ERR), REASON_CONV);
	assert_int_equal(outcome_of_conversation(PAM_CONV_AGAIN), REASON_CONV);
	assert_int_equal(outcome_of_conversation(99), REASON_CONV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_trouble_becomes_success),
	    cmocka_unit_test(only_these_verdicts_let_in),
	    cmocka_unit_test(only_the_host_s_own_trouble_shows),
	    cmocka_unit_test(a_conversation_that_fails_is_no_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
