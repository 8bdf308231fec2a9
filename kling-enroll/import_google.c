/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/import.h"

#include "kling-enroll/text.h"
#include "lib/base/number.h"
#include "lib/show/base32.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the file has said so far. */
struct reading {
	const struct finder *finder;
	struct found_token found;
	bool is_time_based;
	bool failed;
	unsigned scratch_codes;
};

#define AUTO_READING AT_SCOPE_END(reading_wipe) struct reading
DEFINE_WIPER(struct reading, reading_wipe)

static void refuse(struct reading *reading, unsigned line, const char *text)
{
	reading->failed = true;
	reading->finder->problem(reading->finder->context, NULL, line, text);
}

static void read_secret(struct reading *reading, const char *text)
{
	struct token *token = &reading->found.otpauth.token;
	size_t length = 0;
	enum status s =
	    base32_parse(text, strlen(text), token->secret, sizeof(token->secret), &length);

	if (s == ST_TOO_BIG)
		refuse(reading, 1, TEXT_URI_SECRET_LONG);
	else if (s != ST_OK || length == 0)
		refuse(reading, 1, TEXT_URI_SECRET_BAD);
	else if (length < TOKEN_SECRET_MIN)
		refuse(reading, 1, TEXT_URI_SECRET_SHORT);
	token->secret_length = (uint8_t)length;
}

/* The value behind a word, or NULL when the line is about something else. */
static const char *value_of(const char *option, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(option, word, length) != 0 || (option[length] && option[length] != ' '))
		return NULL;
	return option + length + strspn(option + length, " ");
}

static void read_period(struct reading *reading, unsigned line, const char *value)
{
	uint64_t period = 0;

	if (number_parse(value, TOKEN_PERIOD_MIN, TOKEN_PERIOD_MAX, &period) != ST_OK)
		refuse(reading, line, TEXT_URI_PERIOD);
	else
		reading->found.otpauth.token.period = (uint16_t)period;
}

static void read_skew(struct reading *reading, unsigned line, const char *value)
{
	bool behind = value[0] == '-';
	uint64_t steps = 0;

	if (number_parse(value + behind, 0, 100000, &steps) != ST_OK)
		refuse(reading, line, TEXT_IMPORT_LINE);
	else
		reading->found.otpauth.token.offset = behind ? -(int32_t)steps : (int32_t)steps;
}

/* The steps that were used: the latest of them. */
static void read_used(struct reading *reading, const char *value)
{
	char *next = NULL;

	for (; *value; value = next + strspn(next, " ")) {
		unsigned long long step = strtoull(value, &next, 10);
		if (next == value)
			return;
		if (step > reading->found.last_step && step < UINT32_MAX)
			reading->found.last_step = step;
	}
}

static void read_option(struct reading *reading, unsigned line, const char *option)
{
	const char *value;

	if (value_of(option, "TOTP_AUTH"))
		reading->is_time_based = true;
	else if (value_of(option, "HOTP_COUNTER"))
		refuse(reading, line, TEXT_HOTP);
	else if ((value = value_of(option, "STEP_SIZE")))
		read_period(reading, line, value);
	else if ((value = value_of(option, "TIME_SKEW")))
		read_skew(reading, line, value);
	else if ((value = value_of(option, "DISALLOW_REUSE")))
		read_used(reading, value);
	else if (value_of(option, "WINDOW_SIZE"))
		reading->finder->note(reading->finder->context, line, TEXT_IMPORT_WINDOW);
	else if (value_of(option, "RATE_LIMIT"))
		reading->finder->note(reading->finder->context, line, TEXT_IMPORT_RATE);
}

static void read_further_line(struct reading *reading, unsigned line, const char *text)
{
	if (strncmp(text, "\" ", 2) == 0)
		read_option(reading, line, text + 2);
	else if (text[0] && strspn(text, "0123456789") == strlen(text))
		reading->scratch_codes++;
	else if (text[0])
		refuse(reading, line, TEXT_IMPORT_LINE);
}

static void conclude(struct reading *reading, unsigned lines)
{
	char note[128];

	if (lines == 0)
		refuse(reading, 1, TEXT_IMPORT_EMPTY);
	else if (!reading->failed && reading->found.otpauth.token.secret_length == 0)
		refuse(reading, 1, TEXT_URI_SECRET_BAD);
	else if (!reading->failed && !reading->is_time_based)
		refuse(reading, 1, TEXT_HOTP);
	if (reading->failed)
		return;
	if (reading->scratch_codes) {
		snprintf(note, sizeof(note), TEXT_IMPORT_SCRATCH(reading->scratch_codes),
			 reading->scratch_codes);
		reading->finder->note(reading->finder->context, 0, note);
	}
	reading->finder->token(reading->finder->context, &reading->found, 1);
}

enum status import_google(struct input *input, const struct finder *finder)
{
	AUTO_READING reading = {.finder = finder};
	AUTO_SECRET line = SECRET_EMPTY;
	unsigned number = 0;
	enum status s;

	reading.found.otpauth.token = (struct token){.algorithm = TOKEN_SHA1,
						     .digits = TOKEN_DIGITS_STANDARD,
						     .period = TOKEN_PERIOD_STANDARD};
	while ((s = import_line(input, finder, &line, &number)) == ST_OK) {
		if (number == 1)
			read_secret(&reading, (const char *)line.bytes);
		else
			read_further_line(&reading, number, (const char *)line.bytes);
	}
	if (s != ST_MISSING)
		return s;
	conclude(&reading, number);
	return ST_OK;
}
