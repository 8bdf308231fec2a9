/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/answer.h"

#include "lib/factor/symbol.h"

#include <string.h>

enum {
	ANSWER_MAX = 512,    /* what PAM calls the longest reply; no code is near it */
	COMBINED_MAX = 1024, /* a password before it */
	TOTP_MIN = 6,
	TOTP_MAX = 8,
	BACKUP_GROUP = 5, /* four symbols and a hyphen */
	BACKUP_TEXT_LENGTH = BACKUP_CODE_TEXT - 1,
};

static const char JUNK[] = "\b\n\r\177INCORRECT";

enum { JUNK_LENGTH = sizeof(JUNK) - 1 };

/* What is left of a reply; points into it. */
struct view {
	const uint8_t *bytes;
	size_t length;
};

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

bool answer_is_junk(const struct secret *reply)
{
	size_t first = reply->length < JUNK_LENGTH ? reply->length : JUNK_LENGTH;

	if (reply->length == 0 || memcmp(reply->bytes, JUNK, first) != 0)
		return false;
	/* Repeated: every byte is the one a pattern's length before it. */
	return memcmp(reply->bytes + first, reply->bytes, reply->length - first) == 0;
}

static struct view without_blanks_around(const struct secret *reply)
{
	struct view v = {reply->bytes, reply->length};

	while (v.length && is_blank(v.bytes[0])) {
		v.bytes++;
		v.length--;
	}
	while (v.length && is_blank(v.bytes[v.length - 1]))
		v.length--;
	return v;
}

/* Digits with at most one blank among them; what they are goes to `out`, how many is returned. */
static size_t read_digits(struct view text, uint8_t out[TOTP_MAX])
{
	size_t digits = 0, blanks = 0;

	for (size_t i = 0; i < text.length; i++) {
		if (is_blank(text.bytes[i]) && blanks++ == 0)
			continue;
		if (!is_digit(text.bytes[i]) || digits == TOTP_MAX)
			return 0;
		out[digits++] = text.bytes[i];
	}
	return digits;
}

static size_t read_symbols(struct view text, uint8_t out[BACKUP_CODE_SYMBOLS])
{
	size_t symbols = 0;

	for (size_t i = 0; i < text.length; i++) {
		char symbol;
		if (is_blank(text.bytes[i]) || text.bytes[i] == '-')
			continue;
		symbol = symbol_read((char)text.bytes[i]);
		if (symbol == '\0' || symbols == BACKUP_CODE_SYMBOLS)
			return 0;
		out[symbols++] = (uint8_t)symbol;
	}
	return symbols;
}

/* The canonical form grows in place in pages it already has. */
static enum answer_shape shape_of(struct view text, struct secret *canonical)
{
	canonical->length = read_digits(text, canonical->bytes);
	if (canonical->length >= TOTP_MIN)
		return ANSWER_TOTP;
	canonical->length = read_symbols(text, canonical->bytes);
	if (canonical->length == BACKUP_CODE_SYMBOLS)
		return ANSWER_BACKUP;
	secret_clear(canonical);
	return ANSWER_OTHER;
}

enum status answer_read(const struct secret *reply, enum answer_shape *shape,
			struct secret *canonical)
{
	struct view text;
	enum status s;

	*shape = ANSWER_OTHER;
	secret_clear(canonical);
	if (answer_is_junk(reply)) {
		*shape = ANSWER_JUNK;
		return ST_OK;
	}
	if (reply->length > ANSWER_MAX)
		return ST_OK;
	text = without_blanks_around(reply);
	if (text.length == 0) {
		*shape = ANSWER_NONE;
		return ST_OK;
	}
	s = secret_new(canonical, BACKUP_CODE_SYMBOLS);
	if (s == ST_OK)
		*shape = shape_of(text, canonical);
	return s;
}

/* XXXX-XXXX-XXXX-XXXX in any case, O, I and L included. */
static bool is_backup_text(const uint8_t *bytes)
{
	for (size_t i = 0; i < BACKUP_TEXT_LENGTH; i++) {
		bool hyphen = i % BACKUP_GROUP == BACKUP_GROUP - 1;
		if (hyphen ? bytes[i] != '-' : symbol_read((char)bytes[i]) == '\0')
			return false;
	}
	return true;
}

static bool are_digits(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!is_digit(bytes[i]))
			return false;
	return true;
}

/* How many bytes at the end are the code; 0 when none or nothing is before them. */
static size_t code_length(const struct secret *reply, unsigned digits)
{
	const uint8_t *end;

	if (reply->length == 0 || reply->length > COMBINED_MAX)
		return 0;
	end = reply->bytes + reply->length;
	if (reply->length > BACKUP_TEXT_LENGTH && is_backup_text(end - BACKUP_TEXT_LENGTH))
		return BACKUP_TEXT_LENGTH;
	if (digits > 0 && reply->length > digits && are_digits(end - digits, digits))
		return digits;
	return 0;
}

enum status answer_split(const struct secret *reply, unsigned digits, struct secret *password,
			 struct secret *code)
{
	size_t length = code_length(reply, digits);
	size_t before = reply->length - length;
	enum status s;

	secret_clear(password);
	secret_clear(code);
	if (length == 0)
		return ST_SYNTAX;
	s = secret_copy(password, reply->bytes, before);
	if (s == ST_OK)
		s = secret_copy(code, reply->bytes + before, length);
	if (s != ST_OK)
		secret_clear(password);
	return s;
}
