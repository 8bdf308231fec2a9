/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/characters.h"

#include "tests/unit/locales.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t *bytes(const char *text)
{
	return (const uint8_t *)text;
}

/* INP-13 */
static void decodes_what_is_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		uint32_t last;
	} cases[] = {
	    {"", 0, 0},
	    {"a", 1, 'a'},
	    {"\x7f", 1, 0x7F},
	    {"\xc2\x80", 1, 0x80},
	    {"\xdf\xbf", 1, 0x7FF},
	    {"\xe0\xa0\x80", 1, 0x800},
	    {"\xed\x9f\xbf", 1, 0xD7FF},
	    {"\xee\x80\x80", 1, 0xE000},
	    {"\xef\xbf\xbf", 1, 0xFFFF},
	    {"\xf0\x90\x80\x80", 1, 0x10000},
	    {"\xf4\x8f\xbf\xbf", 1, 0x10FFFF},
	    {"e\xcc\x81", 2, 0x301},
	    {"\xf0\x9f\x94\x91\xf0\x9f\x94\x92", 2, 0x1F512},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct characters text;

		assert_true(characters_decode(&text, bytes(cases[i].text), strlen(cases[i].text)));
		assert_int_equal(text.count, cases[i].count);
		if (text.count > 0)
			assert_int_equal(text.at[text.count - 1], cases[i].last);
	}
}

/* INP-13 */
static void refuses_what_is_not(void **state)
{
	static const char *const cases[] = {
	    "\x80",
	    "\xbf",
	    "\xc0\x80",
	    "\xc1\xbf",
	    "\xc2",
	    "\xc2\x20",
	    "\xc3(",
	    "\xe0\x80\x80",
	    "\xe0\x9f\xbf",
	    "\xe2\x82",
	    "\xe2\x28\xa1",
	    "\xed\xa0\x80",
	    "\xed\xbf\xbf",
	    "\xf0\x80\x80\x80",
	    "\xf0\x8f\xbf\xbf",
	    "\xf0\x9f\x94",
	    "\xf0\x28\x8c\xbc",
	    "\xf4\x90\x80\x80",
	    "\xf5\x80\x80\x80",
	    "\xf8\x88\x80\x80\x80",
	    "\xfe",
	    "\xff",
	    "abc\xff",
	    "\xe4pfel",
	    "a\xc3",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct characters text;

		assert_false(characters_decode(&text, bytes(cases[i]), strlen(cases[i])));
		assert_int_equal(text.count, 0);
		assert_int_equal(text.at[0], 0);
	}
}

static void takes_511_bytes_and_no_more(void **state)
{
	uint8_t long_text[PASSWORD_MAX_BYTES + 1];
	struct characters text;

	(void)state;
	memset(long_text, 'x', sizeof(long_text));
	assert_true(characters_decode(&text, long_text, PASSWORD_MAX_BYTES));
	assert_int_equal(text.count, PASSWORD_MAX_BYTES);
	assert_false(characters_decode(&text, long_text, sizeof(long_text)));
	characters_decode_any(&text, long_text, sizeof(long_text));
	assert_int_equal(text.count, PASSWORD_MAX_BYTES);
}

static void reads_any_old_text(void **state)
{
	static const uint32_t expected[] = {'M', 0x110000 + 0xFC, 'l', 0xFC, 0x110000 + 0xC3};
	struct characters text;

	(void)state;
	characters_decode_any(&text, bytes("M\xfcl\xc3\xbc\xc3"), 6);
	assert_int_equal(text.count, 5);
	assert_memory_equal(text.at, expected, sizeof(expected));
}

static void comes_back_as_it_was(void **state)
{
	static const char *const texts[] = {"",
					    "a",
					    "\xc3\xa4",
					    "\xe2\x82\xac",
					    "\xf0\x9f\x94\x91",
					    "a\xc3\xa4\xe2\x82\xac\xf4\x8f\xbf\xbf."};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct characters text;
		uint8_t again[16];
		size_t length = strlen(texts[i]);

		assert_true(characters_decode(&text, bytes(texts[i]), length));
		assert_int_equal(characters_encode(&text, again, sizeof(again)), length);
		assert_memory_equal(again, texts[i], length);
		assert_int_equal(characters_encode(&text, again, length), length);
	}
}

/* Nothing is left of what was written before the place or the text came to its end. */
static void writes_all_or_nothing(void **state)
{
	static const uint8_t zeros[8];
	uint8_t to[8];
	struct characters text;

	(void)state;
	for (size_t size = 0; size < 5; size++) {
		memset(to, 0, sizeof(to));
		assert_true(characters_decode(&text, bytes("a\xf0\x9f\x94\x91"), 5));
		assert_int_equal(characters_encode(&text, to, size), 0);
		assert_memory_equal(to, zeros, sizeof(to));
	}
	characters_decode_any(&text, bytes("a\xff"), 2);
	assert_int_equal(characters_encode(&text, to, sizeof(to)), 0);
	assert_memory_equal(to, zeros, sizeof(to));
}

static void knows_the_class(void **state)
{
	static const struct {
		enum character_class class;
		uint32_t points[24];
	} cases[] = {
	    {CHARACTER_UPPER,
	     {'A',    'Z',   0xC0,  0xD6,  0xD8,  0xDE,  0x100, 0x130, 0x178,  0x17D,
	      0x1E9E, 0x386, 0x391, 0x3A9, 0x401, 0x416, 0x490, 0x531, 0x1EF8, 0xFF21}},
	    {CHARACTER_LOWER,
	     {'a',   'z',   0xDF,  0xE4,  0xF6,  0xF8,  0xFF,  0x101, 0x131,  0x17E,
	      0x17F, 0x3B1, 0x3C2, 0x3C9, 0x436, 0x451, 0x491, 0x561, 0x1EF9, 0xFF41}},
	    {CHARACTER_DIGIT,
	     {'0', '9', 0x660, 0x669, 0x6F0, 0x966, 0x96F, 0xE50, 0xFF10, 0xFF19, 0x1D7CE,
	      0x1D7FF}},
	    {CHARACTER_SPECIAL,
	     {' ',    '!',    '/',    ':',    '@',      '[',    '`',     '{',
	      '~',    0xA0,   0xA7,   0xAB,   0xB5 + 1, 0xBF,   0xD7,    0xF7,
	      0x2013, 0x2026, 0x20AC, 0x2603, 0x3000,   0x3002, 0x1F511, 0x1F9C0}},
	    {CHARACTER_CONTROL, {0, 1, 9, 10, 13, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F}},
	    {CHARACTER_OTHER,
	     {0xAA,   0xAD,   0xB2,   0xBC,   0x301,  0x5D0,    0x627,    0x905,
	      0x200B, 0x200D, 0x202E, 0x2028, 0x2066, 0x3042,   0x30A2,   0x4E2D,
	      0xAC00, 0xE000, 0xFE0F, 0xFEFF, 0xFFFE, 0x10FFFF, 0x110000, 0x1100FF}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t j = 0; j < 24 && (j == 0 || cases[i].points[j] != 0); j++)
			assert_int_equal(character_class(cases[i].points[j]), cases[i].class);
	}
}

static void knows_the_lower_case(void **state)
{
	static const uint32_t pairs[][2] = {
	    {'A', 'a'},     {'I', 'i'},     {'Z', 'z'},     {'a', 'a'},       {'i', 'i'},
	    {'1', '1'},     {'[', '['},     {0xC4, 0xE4},   {0xD7, 0xD7},     {0x130, 'i'},
	    {0x131, 0x131}, {0x178, 0xFF},  {0x1E9E, 0xDF}, {0x3A3, 0x3C3},   {0x410, 0x430},
	    {0x401, 0x451}, {0x4C0, 0x4CF}, {0x531, 0x561}, {0xFF21, 0xFF41}, {0x4E2D, 0x4E2D},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_int_equal(character_to_lower(pairs[i][0]), pairs[i][1]);
}

static void lower_case_of_upper_is_lower(void **state)
{
	(void)state;
	for (uint32_t point = 0; point < 0x110000; point++) {
		uint32_t lower = character_to_lower(point);

		if (character_class(point) == CHARACTER_UPPER)
			assert_int_equal(character_class(lower), CHARACTER_LOWER);
		else
			assert_int_equal(lower, point);
	}
}

static int all(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decodes_what_is_utf8),
	    cmocka_unit_test(refuses_what_is_not),
	    cmocka_unit_test(takes_511_bytes_and_no_more),
	    cmocka_unit_test(reads_any_old_text),
	    cmocka_unit_test(comes_back_as_it_was),
	    cmocka_unit_test(writes_all_or_nothing),
	    cmocka_unit_test(knows_the_class),
	    cmocka_unit_test(knows_the_lower_case),
	    cmocka_unit_test(lower_case_of_upper_is_lower),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	return in_each_locale(all);
}
