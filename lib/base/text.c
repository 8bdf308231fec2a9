/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/text.h"

#include "lib/base/number.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The longest escape is \xNN, and its NUL. */
enum { ESCAPE_SIZE = 5 };

/* Bytes that still fit before the NUL. */
static size_t room(const struct text *text)
{
	return text->size > text->length + 1 ? text->size - text->length - 1 : 0;
}

/* All of it or nothing; after a cut nothing more, so what stands is a true beginning. */
static bool put(struct text *text, const char *piece, size_t length)
{
	if (text->cut || length > room(text)) {
		text->cut = true;
		length = 0;
	}
	if (length)
		memcpy(text->start + text->length, piece, length);
	text->length += length;
	if (text->size)
		text->start[text->length] = '\0';
	return !text->cut;
}

void text_add(struct text *text, const char *piece)
{
	put(text, piece, strlen(piece));
}

void text_add_number(struct text *text, unsigned long long number)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%llu", number);
	text_add(text, digits);
}

static void escape_byte(uint8_t byte, char out[ESCAPE_SIZE])
{
	out[0] = '\\';
	out[1] = 'x';
	hex_format(&byte, 1, out + 2);
}

static void escape_quoted(char c, char out[ESCAPE_SIZE])
{
	static const char named[][3] = {"\"\"", "\\\\", "\nn", "\tt"};

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (named[i][0] == c) {
			memcpy(out, (const char[]){'\\', named[i][1], '\0'}, 3);
			return;
		}
	}
	if (c >= 0x20 && c <= 0x7e)
		memcpy(out, (const char[]){c, '\0'}, 2);
	else
		escape_byte((uint8_t)c, out);
}

static size_t quoted_length(const char *value)
{
	char escape[ESCAPE_SIZE];
	size_t length = 2;

	for (; *value; value++) {
		escape_quoted(*value, escape);
		length += strlen(escape);
	}
	return length;
}

void text_add_quoted(struct text *text, const char *value)
{
	static const char ellipsis[] = "...\"";
	bool whole = !text->cut && quoted_length(value) <= room(text);
	char escape[ESCAPE_SIZE];

	if (!whole && room(text) < 1 + strlen(ellipsis)) {
		put(text, "", 0);
		text->cut = true;
		return;
	}
	put(text, "\"", 1);
	for (; *value; value++) {
		escape_quoted(*value, escape);
		if (!whole && strlen(escape) + strlen(ellipsis) > room(text))
			break;
		text_add(text, escape);
	}
	text_add(text, whole ? "\"" : ellipsis);
	text->cut = text->cut || !whole;
}

/* The byte that an escape behind its backslash stands for; *used is its length; -1 when none. */
static int unescape(const char *escape, size_t *used)
{
	static const char named[][3] = {"\"\"", "\\\\", "n\n", "t\t"};
	uint8_t byte;

	*used = 1;
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (escape[0] == named[i][0])
			return named[i][1];
	*used = 3;
	if (escape[0] != 'x' || !escape[1] || !escape[2])
		return -1;
	if (hex_parse((const char[]){escape[1], escape[2], '\0'}, &byte, 1) != ST_OK || byte == 0)
		return -1;
	return byte;
}

enum status text_unquote(const char *quoted, char *out, size_t size, const char **end)
{
	size_t length = 0;

	if (*quoted++ != '"')
		return ST_SYNTAX;
	for (; *quoted != '"'; length++) {
		size_t used = 1;
		int byte = *quoted;
		if (*quoted == '\\') {
			byte = unescape(quoted + 1, &used);
			used++;
		}
		if (byte <= 0 || (*quoted != '\\' && (byte < 0x20 || byte > 0x7e)))
			return ST_SYNTAX;
		if (length + 1 >= size)
			return ST_TOO_BIG;
		out[length] = (char)byte;
		quoted += used;
	}
	if (size == 0)
		return ST_TOO_BIG;
	out[length] = '\0';
	*end = quoted + 1;
	return ST_OK;
}

/* How many bytes a sequence with this first byte has, and its bits; 0 for an impossible one. */
static size_t sequence_length(uint8_t first, uint32_t *bits)
{
	if (first < 0x80) {
		*bits = first;
		return 1;
	}
	if (first >= 0xc2 && first <= 0xdf) {
		*bits = first & 0x1fU;
		return 2;
	}
	if (first >= 0xe0 && first <= 0xef) {
		*bits = first & 0x0fU;
		return 3;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		*bits = first & 0x07U;
		return 4;
	}
	return 0;
}

/* The length of the well-formed character at the start, or 0. */
static size_t character(const char *bytes, size_t left, uint32_t *code)
{
	static const uint32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = sequence_length((uint8_t)bytes[0], code);

	if (length == 0 || length > left)
		return 0;
	for (size_t i = 1; i < length; i++) {
		uint8_t next = (uint8_t)bytes[i];
		if ((next & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (next & 0x3fU);
	}
	if (*code < shortest[length] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return length;
}

static bool is_bidi_control(uint32_t code)
{
	return code == 0x061c || code == 0x200e || code == 0x200f ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_visible(uint32_t code)
{
	return code >= 0x20 && !(code >= 0x7f && code <= 0x9f) && !is_bidi_control(code);
}

void text_add_visible(struct text *text, const char *value, size_t length)
{
	char escape[ESCAPE_SIZE];
	uint32_t code = 0;

	put(text, "", 0);
	for (size_t at = 0, step; at < length && !text->cut; at += step) {
		step = character(value + at, length - at, &code);
		if (step && is_visible(code)) {
			put(text, value + at, step);
			continue;
		}
		step = 1;
		escape_byte((uint8_t)value[at], escape);
		text_add(text, escape);
	}
}
