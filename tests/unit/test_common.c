/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/common.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, bool listed)
{
	struct characters lower;

	assert_true(characters_decode(&lower, (const uint8_t *)text, strlen(text)));
	characters_to_lower(&lower);
	if (common_is(&lower) != listed)
		fail_msg("\"%s\" is%s listed", text, listed ? " not" : "");
}

static void lists_what_is_common(void **state)
{
	static const char *const common[] = {
	    "password",       "Password1!",       "Password123!",     "Password@123",
	    "P@ssw0rd1234",   "P@ssw0rd2026!",    "Pa$$w0rd12345",    "PASSWORD2026!",
	    "Welcome2026!!",  "Welcome@2026",     "W3lcome12345!",    "Admin@123456",
	    "Administrator1", "Administrator1!",  "Summer2026!@#",    "Winter-2025!",
	    "Sunshine#2024",  "Qwerty123456!",    "QwertyUIOP1!",     "Changeme_123!",
	    "ChangeMe!2026",  "Letmein12345!",    "L3tm31n12345!",    "!Password123",
	    "MyPassword123!", "NewPassword1!",    "123Password!",     "ILoveYou1234!",
	    "Football2020!",  "Michael.1987!",    "December-2024",    "Company2026!#",
	    "Trustno12345!",  "password1234567",  "passwordpassword", "correcthorsebatterystaple",
	    "secret 2026!",   "StrongPassword1!", "iloveyouforever",  "1Password2026!",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		expect(common[i], true);
}

static void leaves_the_rest_alone(void **state)
{
	static const char *const others[] = {
	    "",
	    "Brisk-Otter7",
	    "Welcome-4711-kiosk",
	    "Password-Brisk7",
	    "Password1948!",
	    "Password2040!",
	    "Password4711!",
	    "Password!1!2",
	    "Password!!!!",
	    "Password\xc3\xa4",
	    "xPassword123!",
	    "Passwords123!",
	    "P\xc3\xa4ssword123!",
	    "P%ssword123!",
	    "Hound-Summer2026",
	    "correct horse battery staple",
	    "Tr0ub4dor&3xyz",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		expect(others[i], false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_what_is_common),
	    cmocka_unit_test(leaves_the_rest_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
