/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/utf8.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>

static size_t expected(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* The code point of a sequence of known length; UINT32_MAX when a byte does not continue it. */
static uint32_t code_point(const char *bytes, size_t length)
{
	uint32_t code = (uint8_t)bytes[0];

	if (length > 1)
		code &= 0x7fU >> length;
	for (size_t i = 1; i < length; i++) {
		uint8_t next = (uint8_t)bytes[i];
		if ((next & 0xc0) != 0x80)
			return UINT32_MAX;
		code = code << 6 | (next & 0x3fU);
	}
	return code;
}

size_t utf8_length(const char *bytes, size_t left)
{
	static const uint32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = left ? expected((uint8_t)bytes[0]) : 0;

	if (length == 0 || length > left)
		return 0;
	uint32_t code = code_point(bytes, length);
	if (code < shortest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return length;
}

size_t utf8_columns(const char *text)
{
	size_t columns = 0;
	size_t left = strlen(text);

	while (left > 0) {
		size_t length = utf8_length(text, left);
		int width = length ? wcwidth((wchar_t)code_point(text, length)) : 1;
		columns += width >= 0 ? (size_t)width : 1;
		text += length ? length : 1;
		left -= length ? length : 1;
	}
	return columns;
}
