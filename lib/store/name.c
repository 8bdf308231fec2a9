/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/name.h"

#include "lib/base/number.h"

#include <stdbool.h>
#include <string.h>

static bool is_plain(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '@' || c == '-';
}

static size_t encode_byte(unsigned char c, bool plain, char out[3])
{
	static const char digits[] = "0123456789ABCDEF";

	out[0] = plain ? (char)c : '%';
	out[1] = digits[c >> 4];
	out[2] = digits[c & 15];
	return plain ? 1 : 3;
}

enum status account_file_name(const char *name, char out[256])
{
	size_t length = 0;

	out[0] = '\0';
	for (size_t i = 0; name[i]; i++) {
		unsigned char c = (unsigned char)name[i];
		char bytes[3];
		size_t count = encode_byte(c, is_plain(c) && !(i == 0 && c == '.'), bytes);
		if (length + count > 255) {
			out[0] = '\0';
			return ST_BAD_NAME;
		}
		memcpy(out + length, bytes, count);
		length += count;
	}
	out[length] = '\0';
	return length ? ST_OK : ST_BAD_NAME;
}

enum status account_name_of_file(const char *file, char out[256])
{
	char again[256];
	size_t length = 0;

	for (const char *at = file; *at; length++) {
		char digits[3] = {at[1], at[1] ? at[2] : '\0', '\0'};
		uint8_t byte = (uint8_t)*at;
		if (length == 255)
			return ST_BAD_NAME;
		if (*at == '%' && hex_parse(digits, &byte, 1) != ST_OK)
			return ST_BAD_NAME;
		out[length] = (char)byte;
		at += *at == '%' ? 3 : 1;
	}
	out[length] = '\0';
	/* Only what account_file_name writes: one directory for each name, one name for each. */
	if (account_file_name(out, again) != ST_OK || strcmp(again, file) != 0)
		return ST_BAD_NAME;
	return ST_OK;
}
