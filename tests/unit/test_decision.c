/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/decision.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum reason reason_of(int number)
{
	return (enum reason)number;
}

/* Every reason has a word of its own that needs no quoting in a log line. */
static void test_each_reason_has_its_word(void **state)
{
	(void)state;
	for (int i = 0; i < REASON_COUNT; i++) {
		const char *word = reason_text(reason_of(i));

		assert_true(strlen(word) > 0);
		assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz-"), strlen(word));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(word, reason_text(reason_of(j)));
	}
}

/* The words that logs are searched for. */
static void test_words_of_the_log(void **state)
{
	(void)state;
	assert_string_equal(reason_text(REASON_OK), "ok");
	assert_string_equal(reason_text(REASON_BAD_CODE), "bad-code");
	assert_string_equal(reason_text(REASON_NOT_INITIALISED), "not-initialised");
	assert_string_equal(reason_text(REASON_RHOST_DENIED), "rhost-denied");
	assert_string_equal(reason_text(REASON_PUBLIC_KEY), "public-key");
	assert_string_equal(reason_text(REASON_PASSWORD_RULES), "password-rules");
	assert_string_equal(reason_text(REASON_BLOCKLIST), "blocklist");
}

/* Zero is no; what does not exist is a bug, never a success. */
static void test_nothing_reads_as_permission(void **state)
{
	struct decision forgotten = {0};

	(void)state;
	assert_int_equal(forgotten.verdict, VERDICT_DENY);
	assert_int_equal(forgotten.reason, REASON_INTERNAL);
	assert_string_equal(reason_text(reason_of(REASON_COUNT)), "internal");
	assert_string_equal(reason_text(reason_of(-1)), "internal");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_reason_has_its_word),
	    cmocka_unit_test(test_words_of_the_log),
	    cmocka_unit_test(test_nothing_reads_as_permission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
