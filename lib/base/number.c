/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/number.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit {
	char letter;
	uint64_t seconds;
};

/* The largest first. */
static const struct unit units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

enum { UNIT_COUNT = sizeof(units) / sizeof(units[0]) };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The first `length` characters as a number: ST_RANGE when it does not fit. */
static enum status digits_parse(const char *text, size_t length, uint64_t *out)
{
	bool fits = true;
	uint64_t value = 0;

	if (length == 0)
		return ST_SYNTAX;
	for (size_t i = 0; i < length; i++) {
		if (!is_digit(text[i]))
			return ST_SYNTAX;
		uint64_t digit = (uint64_t)(text[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			fits = false;
		else
			value = value * 10 + digit;
	}
	if (!fits)
		return ST_RANGE;
	*out = value;
	return ST_OK;
}

static enum status within(uint64_t value, uint64_t low, uint64_t high, uint64_t *out)
{
	if (value < low || value > high)
		return ST_RANGE;
	*out = value;
	return ST_OK;
}

enum status number_parse(const char *text, uint64_t low, uint64_t high, uint64_t *out)
{
	uint64_t value;
	enum status s = digits_parse(text, strlen(text), &value);

	if (s != ST_OK)
		return s;
	return within(value, low, high, out);
}

static const struct unit *unit_find(char letter)
{
	for (size_t i = 0; i < UNIT_COUNT; i++)
		if (units[i].letter == letter)
			return &units[i];
	return NULL;
}

enum status duration_parse(const char *text, uint64_t low, uint64_t high, uint64_t *out)
{
	size_t length = strlen(text);
	uint64_t count;

	if (strcmp(text, "0") == 0)
		return within(0, low, high, out);
	const struct unit *unit = length ? unit_find(text[length - 1]) : NULL;
	if (!unit)
		return ST_SYNTAX;
	enum status s = digits_parse(text, length - 1, &count);
	if (s != ST_OK)
		return s;
	if (count > UINT64_MAX / unit->seconds)
		return ST_RANGE;
	return within(count * unit->seconds, low, high, out);
}

void duration_format(uint64_t seconds, char out[24])
{
	size_t i = 0;

	while (seconds % units[i].seconds)
		i++;
	if (seconds == 0)
		snprintf(out, 24, "0");
	else
		snprintf(out, 24, "%llu%c", (unsigned long long)(seconds / units[i].seconds),
			 units[i].letter);
}

static bool is_leap(uint64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint64_t month_days(uint64_t year, uint64_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01 to the first of January of a year from 1970 on. */
static uint64_t year_start(uint64_t year)
{
	uint64_t before = year - 1;

	return year * 365 + before / 4 - before / 100 + before / 400 - 719527;
}

enum status date_parse(const char *text, int64_t *out)
{
	uint64_t year, month, day;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return ST_SYNTAX;
	if (digits_parse(text, 4, &year) != ST_OK || digits_parse(text + 5, 2, &month) != ST_OK ||
	    digits_parse(text + 8, 2, &day) != ST_OK)
		return ST_SYNTAX;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return ST_RANGE;
	uint64_t days = year_start(year) + day;
	for (uint64_t m = 1; m < month; m++)
		days += month_days(year, m);
	*out = (int64_t)(days * 86400);
	return ST_OK;
}

/* The value of a hex digit, or -1. */
static int nibble(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum status hex_parse(const char *text, uint8_t *out, size_t length)
{
	size_t digits = strlen(text);

	if (digits % 2 || digits / 2 != length)
		return ST_SYNTAX;
	for (size_t i = 0; i < digits; i++)
		if (nibble(text[i]) < 0)
			return ST_SYNTAX;
	for (size_t i = 0; i < length; i++)
		out[i] = (uint8_t)(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
	return ST_OK;
}

void hex_format(const uint8_t *bytes, size_t length, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}
