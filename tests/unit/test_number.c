/* SPDX-License-Identifier: BSD-3-Clause */
/* CFG-03: numbers are read whole or not at all. */
#include "lib/base/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { UNTOUCHED = 4711 };

struct row {
	const char *text;
	uint64_t low, high;
	enum status status;
	uint64_t value;
};

static void numbers(void **state)
{
	static const struct row table[] = {
	    {"0", 0, 9, ST_OK, 0},
	    {"9", 0, 9, ST_OK, 9},
	    {"10", 0, 9, ST_RANGE, 0},
	    {"4", 5, 9, ST_RANGE, 0},
	    {"5", 5, 5, ST_OK, 5},
	    {"007", 0, 9, ST_OK, 7},
	    {"4294967296", 0, UINT32_MAX, ST_RANGE, 0},
	    {"18446744073709551615", 0, UINT64_MAX, ST_OK, UINT64_MAX},
	    {"18446744073709551616", 0, UINT64_MAX, ST_RANGE, 0},
	    {"99999999999999999999999999", 0, UINT64_MAX, ST_RANGE, 0},
	    {"99999999999999999999999999x", 0, UINT64_MAX, ST_SYNTAX, 0},
	    {"", 0, 9, ST_SYNTAX, 0},
	    {" 5", 0, 9, ST_SYNTAX, 0},
	    {"5 ", 0, 9, ST_SYNTAX, 0},
	    {"5x", 0, 9, ST_SYNTAX, 0},
	    {"-1", 0, 9, ST_SYNTAX, 0},
	    {"+1", 0, 9, ST_SYNTAX, 0},
	    {"0x5", 0, 9, ST_SYNTAX, 0},
	    {"1e0", 0, 9, ST_SYNTAX, 0},
	    {"1.0", 0, 9, ST_SYNTAX, 0},
	    {"5\n", 0, 9, ST_SYNTAX, 0},
	    {"\xd9\xa5", 0, 9, ST_SYNTAX, 0},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		uint64_t value = UNTOUCHED;
		assert_int_equal(number_parse(table[i].text, table[i].low, table[i].high, &value),
				 table[i].status);
		assert_int_equal(value, table[i].status == ST_OK ? table[i].value : UNTOUCHED);
	}
}

static void durations(void **state)
{
	static const struct row table[] = {
	    {"0", 0, 9, ST_OK, 0},
	    {"0", 1, 9, ST_RANGE, 0},
	    {"0s", 0, 9, ST_OK, 0},
	    {"90s", 0, 1000, ST_OK, 90},
	    {"15m", 0, 1000, ST_OK, 900},
	    {"8h", 0, UINT64_MAX, ST_OK, 28800},
	    {"7d", 0, UINT64_MAX, ST_OK, 604800},
	    {"17m", 0, 1000, ST_RANGE, 0},
	    {"213503982334601d", 0, UINT64_MAX, ST_OK, 18446744073709526400U},
	    {"213503982334602d", 0, UINT64_MAX, ST_RANGE, 0},
	    {"18446744073709551616s", 0, UINT64_MAX, ST_RANGE, 0},
	    {"", 0, 9, ST_SYNTAX, 0},
	    {"s", 0, 9, ST_SYNTAX, 0},
	    {"5", 0, 9, ST_SYNTAX, 0},
	    {"00", 0, 9, ST_SYNTAX, 0},
	    {"5S", 0, 9, ST_SYNTAX, 0},
	    {"5w", 0, 9, ST_SYNTAX, 0},
	    {"5 s", 0, 9, ST_SYNTAX, 0},
	    {"5ms", 0, 9, ST_SYNTAX, 0},
	    {"1h30m", 0, UINT64_MAX, ST_SYNTAX, 0},
	    {"-5s", 0, 9, ST_SYNTAX, 0},
	    {"1.5h", 0, UINT64_MAX, ST_SYNTAX, 0},
	    {"5s ", 0, 9, ST_SYNTAX, 0},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		uint64_t value = UNTOUCHED;
		assert_int_equal(duration_parse(table[i].text, table[i].low, table[i].high, &value),
				 table[i].status);
		assert_int_equal(value, table[i].status == ST_OK ? table[i].value : UNTOUCHED);
	}
}

static void durations_read_back(void **state)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} table[] = {
	    {0, "0"},      {1, "1s"},      {59, "59s"},    {60, "1m"},
	    {61, "61s"},   {900, "15m"},   {3600, "1h"},   {5400, "90m"},
	    {86400, "1d"}, {90000, "25h"}, {604800, "7d"}, {UINT64_MAX, "18446744073709551615s"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		char text[24];
		uint64_t back = UNTOUCHED;
		duration_format(table[i].seconds, text);
		assert_string_equal(text, table[i].text);
		assert_int_equal(duration_parse(text, 0, UINT64_MAX, &back), ST_OK);
		assert_int_equal(back, table[i].seconds);
	}
}

static void dates(void **state)
{
	static const struct {
		const char *text;
		enum status status;
		int64_t value;
	} table[] = {
	    {"1970-01-01", ST_OK, 86400},
	    {"2026-11-30", ST_OK, 1796083200},
	    {"2024-02-29", ST_OK, 1709251200},
	    {"2000-02-29", ST_OK, 951868800},
	    {"9999-12-31", ST_OK, 253402300800},
	    {"2023-02-29", ST_RANGE, 0},
	    {"2100-02-29", ST_RANGE, 0},
	    {"2026-04-31", ST_RANGE, 0},
	    {"2026-13-01", ST_RANGE, 0},
	    {"2026-00-01", ST_RANGE, 0},
	    {"2026-01-00", ST_RANGE, 0},
	    {"2026-01-32", ST_RANGE, 0},
	    {"1969-12-31", ST_RANGE, 0},
	    {"0000-00-00", ST_RANGE, 0},
	    {"", ST_SYNTAX, 0},
	    {"2026-1-30", ST_SYNTAX, 0},
	    {"2026-01-3", ST_SYNTAX, 0},
	    {"26-01-30", ST_SYNTAX, 0},
	    {"2026/01/30", ST_SYNTAX, 0},
	    {"30-01-2026", ST_SYNTAX, 0},
	    {"2026-01-30 ", ST_SYNTAX, 0},
	    {" 2026-01-3", ST_SYNTAX, 0},
	    {"2026-01-3x", ST_SYNTAX, 0},
	    {"2026--1-30", ST_SYNTAX, 0},
	    {"+026-01-30", ST_SYNTAX, 0},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		int64_t value = UNTOUCHED;
		assert_int_equal(date_parse(table[i].text, &value), table[i].status);
		assert_int_equal(value, table[i].status == ST_OK ? table[i].value : UNTOUCHED);
	}
}

/* Each day from 1970 to 2199 against the C library. */
static void every_day(void **state)
{
	time_t day = 0;

	(void)state;
	for (int64_t end = 86400; end <= 7258118400; end += 86400, day += 86400) {
		struct tm tm;
		char text[40];
		int64_t value;
		assert_non_null(gmtime_r(&day, &tm));
		assert_int_equal(strftime(text, sizeof(text), "%Y-%m-%d", &tm), 10);
		assert_int_equal(date_parse(text, &value), ST_OK);
		assert_int_equal(value, end);
	}
}

static void hex(void **state)
{
	static const char *const bad[] = {"",       "0",      "00ff0",    "00ff0g", "00ff0g0",
					  " 0ff00", "0x00ff", "00ff0a0b", "00-f0a"};
	uint8_t bytes[3] = {9, 9, 9};
	char text[7];

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		assert_int_equal(hex_parse(bad[i], bytes, sizeof(bytes)), ST_SYNTAX);
		assert_memory_equal(bytes, "\x09\x09\x09", 3);
	}
	assert_int_equal(hex_parse("00fFaB", bytes, sizeof(bytes)), ST_OK);
	assert_memory_equal(bytes, "\x00\xff\xab", 3);
	hex_format(bytes, sizeof(bytes), text);
	assert_string_equal(text, "00ffab");
	assert_int_equal(hex_parse("", bytes, 0), ST_OK);
	hex_format(bytes, 0, text);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(durations),
	    cmocka_unit_test(durations_read_back),
	    cmocka_unit_test(dates),
	    cmocka_unit_test(every_day),
	    cmocka_unit_test(hex),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
