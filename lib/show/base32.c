/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/show/base32.h"

#include <stdbool.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* The five bits that start at bit 5*i; zeros behind the end. */
static unsigned symbol_at(const uint8_t *bytes, size_t length, size_t i)
{
	size_t byte = 5 * i / 8;
	unsigned first = bytes[byte];
	unsigned second = byte + 1 < length ? bytes[byte + 1] : 0;

	return ((first << 8 | second) >> (11 - 5 * i % 8)) & 31;
}

static size_t symbol_count(size_t length)
{
	return (8 * length + 4) / 5;
}

void base32_add(struct out *out, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < symbol_count(length); i++)
		out_bytes(out, &alphabet[symbol_at(bytes, length, i)], 1);
}

void base32_add_grouped(struct out *out, const uint8_t *bytes, size_t length, size_t per_line)
{
	for (size_t i = 0; i < symbol_count(length); i++) {
		bool new_group = i > 0 && i % 4 == 0;
		bool new_line = new_group && per_line && i / 4 % per_line == 0;

		if (new_group)
			out_text(out, new_line ? "\n" : " ");
		out_bytes(out, &alphabet[symbol_at(bytes, length, i)], 1);
	}
}

static int value_of(char symbol)
{
	if (symbol >= 'a' && symbol <= 'z')
		return symbol - 'a';
	if (symbol >= 'A' && symbol <= 'Z')
		return symbol - 'A';
	if (symbol >= '2' && symbol <= '7')
		return symbol - '2' + 26;
	return -1;
}

static bool is_gap(char c)
{
	return c == ' ' || c == '-';
}

/* Without the blanks and the padding behind the last symbol. */
static size_t without_padding(const char *text, size_t length)
{
	while (length > 0 && (is_gap(text[length - 1]) || text[length - 1] == '='))
		length--;
	return length;
}

/* Whether that many symbols are what some whole number of bytes gives. */
static bool is_possible(size_t symbols)
{
	return symbol_count(symbols * 5 / 8) == symbols;
}

enum status base32_parse(const char *text, size_t length, uint8_t *bytes, size_t size,
			 size_t *count)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t symbols = 0, done = 0;

	length = without_padding(text, length);
	for (size_t i = 0; i < length; i++) {
		if (is_gap(text[i]))
			continue;
		int value = value_of(text[i]);
		if (value < 0)
			return ST_SYNTAX;
		bits = (bits << 5 | (uint32_t)value) & 0xfff;
		held += 5;
		symbols++;
		if (held < 8)
			continue;
		if (done == size)
			return ST_TOO_BIG;
		held -= 8;
		bytes[done++] = (uint8_t)(bits >> held);
	}
	if (!is_possible(symbols) || (bits & ((1U << held) - 1)) != 0)
		return ST_SYNTAX;
	*count = done;
	return ST_OK;
}
