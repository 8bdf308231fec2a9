/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/import.h"

#include "kling-enroll/text.h"
#include "lib/base/number.h"

#include <string.h>
#include <time.h>

enum { FIELDS_MAX = 8 };

/* TYPE USER PASSWORD SECRET [MOVING-FACTOR [LAST-OTP [TIME]]] */
enum { FIELD_TYPE, FIELD_USER, FIELD_PASSWORD, FIELD_SECRET, FIELD_FACTOR, FIELD_LAST, FIELD_TIME };

static size_t split(char *line, char *fields[FIELDS_MAX])
{
	size_t count = 0;
	char *rest = NULL;

	for (char *word = strtok_r(line, " \t", &rest); word && count < FIELDS_MAX;
	     word = strtok_r(NULL, " \t", &rest))
		fields[count++] = word;
	return count;
}

/* HOTP/T30 or HOTP/T30/6; HOTP, HOTP/E and HOTP/E/6 count events. NULL, or why not. */
static const char *read_type(const char *type, struct token *token)
{
	char copy[32];
	char *rest = NULL;
	uint64_t number = 0;

	if (strlen(type) >= sizeof(copy))
		return TEXT_IMPORT_LINE;
	memcpy(copy, type, strlen(type) + 1);
	const char *name = strtok_r(copy, "/", &rest);
	const char *kind = strtok_r(NULL, "/", &rest);
	const char *digits = strtok_r(NULL, "/", &rest);
	if (!name || strcmp(name, "HOTP") != 0)
		return TEXT_IMPORT_LINE;
	if (!kind || strcmp(kind, "E") == 0)
		return TEXT_HOTP;
	if (kind[0] != 'T' ||
	    number_parse(kind + 1, TOKEN_PERIOD_MIN, TOKEN_PERIOD_MAX, &number) != ST_OK)
		return TEXT_URI_PERIOD;
	token->period = (uint16_t)number;
	number = TOKEN_DIGITS_STANDARD;
	if (digits && number_parse(digits, 6, 8, &number) != ST_OK)
		return TEXT_URI_DIGITS;
	token->digits = (uint8_t)number;
	return NULL;
}

static const char *read_secret(const char *hex, struct token *token)
{
	size_t length = strlen(hex);

	if (length / 2 > sizeof(token->secret))
		return TEXT_URI_SECRET_LONG;
	if (length % 2 || hex_parse(hex, token->secret, length / 2) != ST_OK)
		return TEXT_IMPORT_HEX;
	if (length / 2 < TOKEN_SECRET_MIN)
		return TEXT_URI_SECRET_SHORT;
	token->secret_length = (uint8_t)(length / 2);
	return NULL;
}

/* 2026-11-30T12:00:00L, local time: when the last code was used. Codes up to then are spent. */
static uint64_t last_step(const char *when, unsigned period)
{
	struct tm local = {.tm_isdst = -1};
	const char *end = strptime(when, "%Y-%m-%dT%H:%M:%S", &local);
	time_t seconds = end ? mktime(&local) : -1;

	return seconds > 0 ? (uint64_t)seconds / period + 1 : 0;
}

static void read_fields(char *fields[FIELDS_MAX], size_t count, unsigned line,
			const struct finder *finder)
{
	AUTO_FOUND found = {.user = ""};
	struct token *token = &found.otpauth.token;
	const char *user = count > FIELD_USER ? fields[FIELD_USER] : NULL;
	const char *problem = count <= FIELD_SECRET ? TEXT_IMPORT_LINE : NULL;

	token->algorithm = TOKEN_SHA1;
	if (!problem)
		problem = read_type(fields[FIELD_TYPE], token);
	if (!problem)
		problem = read_secret(fields[FIELD_SECRET], token);
	if (!problem && strlen(user) >= sizeof(found.user))
		problem = TEXT_IMPORT_LINE;
	if (problem) {
		finder->problem(finder->context, user, line, problem);
		return;
	}
	memcpy(found.user, user, strlen(user) + 1);
	if (count > FIELD_TIME)
		found.last_step = last_step(fields[FIELD_TIME], token->period);
	if (strcmp(fields[FIELD_PASSWORD], "-") != 0 && strcmp(fields[FIELD_PASSWORD], "+") != 0)
		finder->note(finder->context, line, TEXT_IMPORT_PIN);
	finder->token(finder->context, &found, line);
}

enum status import_oath(struct input *input, const struct finder *finder)
{
	AUTO_SECRET line = SECRET_EMPTY;
	unsigned number = 0;
	enum status s;

	while ((s = import_line(input, finder, &line, &number)) == ST_OK) {
		char *fields[FIELDS_MAX];
		char *text = (char *)line.bytes;
		size_t count = text[0] == '#' ? 0 : split(text, fields);
		if (count > 0)
			read_fields(fields, count, number, finder);
	}
	return s == ST_MISSING ? ST_OK : s;
}
