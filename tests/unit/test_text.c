/* SPDX-License-Identifier: BSD-3-Clause */
/* INP-10 and the escaper's part of INP-20. */
#include "lib/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *value;
	const char *shown;
};

static void quoted(void **state)
{
	static const struct row table[] = {
	    {"", "\"\""},
	    {"alice", "\"alice\""},
	    {"a b~", "\"a b~\""},
	    {"\"", "\"\\\"\""},
	    {"\\", "\"\\\\\""},
	    {"a\nb\tc", "\"a\\nb\\tc\""},
	    {"\r\x1b[2J\x7f", "\"\\x0d\\x1b[2J\\x7f\""},
	    {"\x80\xff\xc3\xa4", "\"\\x80\\xff\\xc3\\xa4\""},
	    {"%n%s", "\"%n%s\""},
	    {"\" reason=ok user=\"root", "\"\\\" reason=ok user=\\\"root\""},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		char line[100];
		char back[100];
		const char *end = NULL;
		struct text text = TEXT_IN(line);
		text_add_quoted(&text, table[i].value);
		assert_string_equal(line, table[i].shown);
		assert_int_equal(text.length, strlen(line));
		assert_false(text.cut);
		assert_int_equal(text_unquote(line, back, sizeof(back), &end), ST_OK);
		assert_string_equal(back, table[i].value);
		assert_ptr_equal(end, line + strlen(line));
	}
}

/* Every byte, behind and before every other. */
static void every_pair_of_bytes_comes_back(void **state)
{
	(void)state;
	for (int a = 1; a < 256; a++) {
		for (int b = 1; b < 256; b++) {
			const char value[] = {(char)a, (char)b, '\0'};
			char line[20];
			char back[3];
			const char *end;
			struct text text = TEXT_IN(line);
			text_add_quoted(&text, value);
			for (const char *c = line; *c; c++)
				assert_true(*c >= 0x20 && *c <= 0x7e);
			assert_int_equal(text_unquote(line, back, sizeof(back), &end), ST_OK);
			assert_string_equal(back, value);
			assert_int_equal(*end, '\0');
		}
	}
}

/* For each size of the buffer: whole, or a true beginning in whole escapes and the dots. */
static void values_are_cut_behind_a_whole_escape(void **state)
{
	static const char value[] = "ab\n\x01\xff\"zz";
	static const char whole[] = "\"ab\\n\\x01\\xff\\\"zz\"";

	(void)state;
	for (size_t size = 0; size <= sizeof(whole) + 1; size++) {
		char line[64];
		char back[64];
		const char *end;
		struct text text = {line, size, 0, false};
		memset(line, '#', sizeof(line));
		text_add_quoted(&text, value);
		assert_int_equal(line[size], '#');
		assert_int_equal(text.cut, size < sizeof(whole));
		if (size == 0)
			continue;
		assert_int_equal(text.length, strlen(line));
		if (text.length == 0) {
			assert_true(size < sizeof("\"...\""));
			continue;
		}
		assert_int_equal(text_unquote(line, back, sizeof(back), &end), ST_OK);
		assert_int_equal(*end, '\0');
		if (!text.cut)
			continue;
		size_t kept = strlen(back) - 3;
		assert_string_equal(back + kept, "...");
		assert_memory_equal(back, value, kept);
		assert_true(text.length + 4 >= size - 1);
	}
}

static void pieces_are_whole_or_not_there(void **state)
{
	char line[10];
	struct text text = TEXT_IN(line);

	(void)state;
	text_add(&text, "");
	assert_string_equal(line, "");
	text_add(&text, "reason=");
	text_add_number(&text, 12);
	assert_string_equal(line, "reason=12");
	assert_false(text.cut);
	text_add(&text, "");
	assert_false(text.cut);
	text_add(&text, "x");
	assert_true(text.cut);
	assert_string_equal(line, "reason=12");
}

static void nothing_follows_a_cut(void **state)
{
	char line[8];
	struct text text = TEXT_IN(line);

	(void)state;
	text_add(&text, "ab");
	text_add(&text, "too long");
	text_add(&text, "c");
	text_add_number(&text, 1);
	text_add_quoted(&text, "");
	text_add_visible(&text, "d", 1);
	assert_true(text.cut);
	assert_string_equal(line, "ab");
}

static void no_buffer_at_all(void **state)
{
	struct text text = {NULL, 0, 0, false};

	(void)state;
	text_add(&text, "a");
	text_add_quoted(&text, "a");
	text_add_visible(&text, "a", 1);
	assert_true(text.cut);
	assert_int_equal(text.length, 0);
}

static void large_numbers(void **state)
{
	char line[40];
	struct text text = TEXT_IN(line);

	(void)state;
	text_add_number(&text, 18446744073709551615ULL);
	assert_string_equal(line, "18446744073709551615");
}

static void what_was_never_quoted(void **state)
{
	static const char *const bad[] = {
	    "",         "a",        "\"",       "\"a",       "\"\\\"",    "\"\\",
	    "\"\\q\"",  "\"\\x\"",  "\"\\x4\"", "\"\\x4g\"", "\"\\x00\"", "\"\n\"",
	    "\"\x80\"", "\"\x7f\"", "\"\\r\"",  " \"a\"",
	};
	char back[20];
	const char *end;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_int_equal(text_unquote(bad[i], back, sizeof(back), &end), ST_SYNTAX);
	assert_int_equal(text_unquote("\"abc\"", back, 3, &end), ST_TOO_BIG);
	assert_int_equal(text_unquote("\"\"", back, 0, &end), ST_TOO_BIG);
	assert_int_equal(text_unquote("\"abc\" x", back, 4, &end), ST_OK);
	assert_string_equal(back, "abc");
	assert_string_equal(end, " x");
}

static void visible(void **state)
{
	static const struct row table[] = {
	    {"", ""},
	    {"plain \\ \"text\"", "plain \\ \"text\""},
	    {"Gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82",
	     "Gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82"},
	    {"\x1b[31m\n\r\t\b", "\\x1b[31m\\x0a\\x0d\\x09\\x08"},
	    {"\x7f", "\\x7f"},
	    {"\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f\xc2\xa0"},
	    {"\xe2\x80\xae"
	     "b",
	     "\\xe2\\x80\\xaeb"},                                           /* U+202E */
	    {"\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9"}, /* U+2066, U+2069 */
	    {"\xe2\x80\x8e\xd8\x9c", "\\xe2\\x80\\x8e\\xd8\\x9c"},          /* U+200E, U+061C */
	    {"\xc0\xaf", "\\xc0\\xaf"},                                     /* overlong */
	    {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
	    {"\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},
	    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate */
	    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* above U+10FFFF */
	    {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
	    {"\xff"
	     "a\x80",
	     "\\xff"
	     "a\\x80"},
	    {"\xe2\x82", "\\xe2\\x82"}, /* the end is missing */
	    {"\xe2\x82"
	     "a",
	     "\\xe2\\x82"
	     "a"},
	    {"\xc3", "\\xc3"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		char line[100];
		struct text text = TEXT_IN(line);
		text_add_visible(&text, table[i].value, strlen(table[i].value));
		assert_string_equal(line, table[i].shown);
		assert_false(text.cut);
	}
}

static void visible_with_nul_and_limits(void **state)
{
	char line[8];
	struct text text = TEXT_IN(line);

	(void)state;
	text_add_visible(&text, "a\0b", 3);
	assert_string_equal(line, "a\\x00b");
	text_add_visible(&text, "\xc3\xbc", 2);
	assert_true(text.cut);
	assert_string_equal(line, "a\\x00b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(quoted),
	    cmocka_unit_test(every_pair_of_bytes_comes_back),
	    cmocka_unit_test(values_are_cut_behind_a_whole_escape),
	    cmocka_unit_test(pieces_are_whole_or_not_there),
	    cmocka_unit_test(nothing_follows_a_cut),
	    cmocka_unit_test(no_buffer_at_all),
	    cmocka_unit_test(large_numbers),
	    cmocka_unit_test(what_was_never_quoted),
	    cmocka_unit_test(visible),
	    cmocka_unit_test(visible_with_nul_and_limits),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
