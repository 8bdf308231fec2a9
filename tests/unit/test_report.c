/* SPDX-License-Identifier: BSD-3-Clause */
/* What somebody is told after a login, from the state of the account. */
#include "lib/store/live_state.h"
#include "pam_kling/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct address somewhere = {.family = 4, .bytes = {192, 0, 2, 1}};

enum { MOMENT = 1795262410 }; /* Sat 21 Nov 2026 12:00 UTC */

static void expect(const struct live_state *state, int codes_left, const char *expected)
{
	char text[TEXT_REPORT_BYTES];
	text_report(state, codes_left, text);
	assert_string_equal(text, expected);
}

static void nothing_to_tell(void **state)
{
	(void)state;
	static struct live_state none;
	expect(&none, -1, "");
	expect(&none, 4, "");
}

static void codes_that_run_out(void **state)
{
	(void)state;
	static struct live_state none;
	expect(&none, 3, "3 backup codes left.");
	expect(&none, 1, "1 backup code left.");
	expect(&none, 0, "0 backup codes left.");
}

static void a_login_with_and_without_its_particulars(void **state)
{
	(void)state;
	static struct live_state account;
	struct sighting *login = &account.shown.last_login;
	login->when = MOMENT;
	expect(&account, -1, "Last login with a code: Sat 21 Nov 2026 12:00 UTC");
	login->from = somewhere;
	expect(&account, -1, "Last login with a code: Sat 21 Nov 2026 12:00 UTC from 192.0.2.1");
	memcpy(login->service, "ss\x1bhd", 6);
	expect(&account, -1,
	       "Last login with a code: Sat 21 Nov 2026 12:00 UTC from 192.0.2.1 (ss\\x1bhd)");
}

static void failures_from_somewhere_and_nowhere(void **state)
{
	(void)state;
	static struct live_state account;
	account.shown.failures = 1;
	account.shown.last_failure.when = MOMENT + 59;
	expect(&account, -1,
	       "1 failed attempt since your last login, last on Sat 21 Nov 2026 12:01 UTC");
	account.shown.failures = 2;
	account.shown.last_failure.from = somewhere;
	expect(&account, 2,
	       "2 failed attempts since your last login, last from 192.0.2.1 on Sat 21 Nov 2026 "
	       "12:01 UTC\n2 backup codes left.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_to_tell),
	    cmocka_unit_test(codes_that_run_out),
	    cmocka_unit_test(a_login_with_and_without_its_particulars),
	    cmocka_unit_test(failures_from_somewhere_and_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
