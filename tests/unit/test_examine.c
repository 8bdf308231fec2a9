/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/examine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct password_facts nothing;

static struct rules rules_with(const char *blocklist)
{
	return (struct rules){.password = {12, 1, 0, 1, 1, 4, true},
			      .password_blocklist = blocklist};
}

static struct password_bytes text(const char *text)
{
	return (struct password_bytes){(const uint8_t *)text, strlen(text)};
}

static void expect(const struct rules *rules, const char *candidate, const char *words)
{
	struct password_report report;
	char unmet[PASSWORD_WORDS_BYTES];

	assert_int_equal(password_examine(rules, geteuid(), text(candidate), &nothing, &report),
			 ST_OK);
	assert_true(report.judged);
	password_unmet_words(&report, unmet);
	assert_string_equal(unmet, words);
}

static void asks_rules_and_list(void **state)
{
	char dir[] = "/tmp/kling-examine-XXXXXX";
	char path[64];
	struct rules rules = rules_with("");
	struct password_report report;
	FILE *file;

	(void)state;
	expect(&rules, "Brisk-Otter7", "");
	expect(&rules, "heron", "length,upper,digit,special");
	expect(&rules, "P@ssw0rd2026!", "listed");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/list", dir);
	rules.password_blocklist = path;
	/* A list that is not there refuses everything, whatever else is met. */
	assert_int_equal(
	    password_examine(&rules, geteuid(), text("Brisk-Otter7"), &nothing, &report),
	    ST_MISSING);
	assert_false(password_is_accepted(&report));
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("brisk-otter7\nheron\n", file);
	assert_int_equal(fchmod(fileno(file), 0644), 0);
	fclose(file);
	expect(&rules, "Brisk-Otter7", "listed");
	expect(&rules, "Brisk-Otter8", "");
	expect(&rules, "heron", "length,upper,digit,special,listed");
	expect(&rules, "Brisk-Otter7\xff", "not-utf8");
	remove(path);
	rmdir(dir);
}

static void explains(void **state)
{
	static const struct {
		enum password_rule rule;
		uint32_t have, need;
		const char *text;
	} cases[] = {
	    {PASSWORD_LENGTH, 5, 12, "at least 12 characters (this has 5)"},
	    {PASSWORD_UPPER, 0, 1, "at least 1 upper-case letter (this has 0)"},
	    {PASSWORD_DIGIT, 1, 2, "at least 2 digits (this has 1)"},
	    {PASSWORD_TOO_LONG, 600, 511, "at most 511 bytes (this has 600)"},
	    {PASSWORD_HAS_CONTROL, 0, 0, "no control characters, such as a tab"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct password_report report = {.judged = true};
		char line[PASSWORD_TEXT_BYTES];

		report.count[cases[i].rule].have = cases[i].have;
		report.count[cases[i].rule].need = cases[i].need;
		password_explain(&report, cases[i].rule, line);
		assert_string_equal(line, cases[i].text);
	}
}

/* Every rule has words, and the longest numbers fit. */
static void has_words_for_every_rule(void **state)
{
	struct password_report all = {.judged = true};
	char words[PASSWORD_WORDS_BYTES];

	(void)state;
	for (unsigned rule = 0; rule < PASSWORD_RULES; rule++) {
		char line[PASSWORD_TEXT_BYTES];

		password_refuse(&all, (enum password_rule)rule);
		all.count[rule].have = UINT32_MAX;
		all.count[rule].need = UINT32_MAX;
		password_explain(&all, (enum password_rule)rule, line);
		assert_true(strlen(line) > 10 && strlen(line) < PASSWORD_TEXT_BYTES - 1);
		assert_null(strchr(line, '%'));
	}
	password_unmet_words(&all, words);
	assert_true(strlen(words) < PASSWORD_WORDS_BYTES - 12);
	assert_non_null(strstr(words, "too-long,not-utf8"));
	assert_string_equal(words + strlen(words) - 13, "listed,former");
	assert_string_equal(password_rule_word(PASSWORD_RULES), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(asks_rules_and_list),
	    cmocka_unit_test(explains),
	    cmocka_unit_test(has_words_for_every_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
