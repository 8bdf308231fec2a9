/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/characters.h"

#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct points {
	uint32_t first;
	uint32_t last;
};

/* Upper-case letters first, first + step ... last; each is down + its number in lower case. */
struct letters {
	uint32_t first;
	uint32_t last;
	uint32_t step;
	int32_t down;
};

/* clang-format off */
static const struct letters cased[] = {
	{'A', 'Z', 1, 32},
	{0x00C0, 0x00D6, 1, 32},	{0x00D8, 0x00DE, 1, 32},	{0x0100, 0x012E, 2, 1},
	{0x0130, 0x0130, 1, -199},	{0x0132, 0x0136, 2, 1},		{0x0139, 0x0147, 2, 1},
	{0x014A, 0x0176, 2, 1},		{0x0178, 0x0178, 1, -121},	{0x0179, 0x017D, 2, 1},
	{0x018F, 0x018F, 1, 202},	{0x01A0, 0x01A4, 2, 1},		{0x01AF, 0x01AF, 1, 1},
	{0x01CD, 0x01DB, 2, 1},		{0x01DE, 0x01EE, 2, 1},		{0x01F4, 0x01F4, 1, 1},
	{0x01F8, 0x021E, 2, 1},		{0x0222, 0x0232, 2, 1},
	{0x0386, 0x0386, 1, 38},	{0x0388, 0x038A, 1, 37},	{0x038C, 0x038C, 1, 64},
	{0x038E, 0x038F, 1, 63},	{0x0391, 0x03A1, 1, 32},	{0x03A3, 0x03AB, 1, 32},
	{0x0400, 0x040F, 1, 80},	{0x0410, 0x042F, 1, 32},	{0x0460, 0x0480, 2, 1},
	{0x048A, 0x04BE, 2, 1},		{0x04C0, 0x04C0, 1, 15},	{0x04C1, 0x04CD, 2, 1},
	{0x04D0, 0x052E, 2, 1},		{0x0531, 0x0556, 1, 48},
	{0x1E00, 0x1E94, 2, 1},		{0x1E9E, 0x1E9E, 1, -7615},	{0x1EA0, 0x1EFE, 2, 1},
	{0xFF21, 0xFF3A, 1, 32},
};

/* Lower-case letters that are no capital's simple lower case. */
static const uint32_t lone_lower[] = {0x0131, 0x0138, 0x0149, 0x017F, 0x0390, 0x03B0, 0x03C2, 0x0587};

/* The zero of each row of ten decimal digits. */
static const uint32_t zeros[] = {
	'0',
	0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
	0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0,
	0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0,
	0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0,
	0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0,
	0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0,
	0x1E950, 0x1FBF0,
};

static const struct points specials[] = {
	{' ', '/'},		{':', '@'},		{'[', '`'},		{'{', '~'},
	{0x00A0, 0x00A9},	{0x00AB, 0x00AC},	{0x00AE, 0x00B1},	{0x00B4, 0x00B4},
	{0x00B6, 0x00B8},	{0x00BB, 0x00BB},	{0x00BF, 0x00BF},	{0x00D7, 0x00D7},
	{0x00F7, 0x00F7},	{0x02C2, 0x02C5},	{0x02D2, 0x02DF},	{0x037E, 0x037E},
	{0x0384, 0x0385},	{0x0387, 0x0387},	{0x055A, 0x055F},	{0x0589, 0x058A},
	{0x058D, 0x058F},	{0x05BE, 0x05BE},	{0x05F3, 0x05F4},	{0x060C, 0x060D},
	{0x061B, 0x061B},	{0x061E, 0x061F},	{0x066A, 0x066D},	{0x06D4, 0x06D4},
	{0x0964, 0x0965},	{0x0E3F, 0x0E3F},	{0x2000, 0x200A},	{0x2010, 0x2027},
	{0x202F, 0x205F},	{0x20A0, 0x20C0},	{0x2100, 0x2101},	{0x2103, 0x2106},
	{0x2108, 0x2109},	{0x2114, 0x2114},	{0x2116, 0x2118},	{0x211E, 0x2123},
	{0x2190, 0x2426},	{0x2440, 0x244A},	{0x2500, 0x2775},	{0x2794, 0x2BFF},
	{0x2E00, 0x2E2E},	{0x2E30, 0x2E5D},	{0x3000, 0x3004},	{0x3008, 0x3020},
	{0x3030, 0x3030},	{0x303D, 0x303F},	{0x30A0, 0x30A0},	{0x30FB, 0x30FB},
	{0xFE30, 0xFE6B},	{0xFF01, 0xFF0F},	{0xFF1A, 0xFF20},	{0xFF3B, 0xFF40},
	{0xFF5B, 0xFF65},	{0xFFE0, 0xFFEE},	{0x1F000, 0x1FAFF},
};
/* clang-format on */

/* The bytes a sequence has by its first byte, 0 when none begins so. */
static size_t sequence_length(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	if (first >= 0xF0 && first <= 0xF4)
		return 4;
	return 0;
}

static bool is_scalar(uint32_t point, size_t length)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

	return point >= smallest[length] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

/* Decodes one sequence; returns its length, or 0 when the bytes do not begin with one. */
static size_t decode_one(uint32_t *point, const uint8_t *bytes, size_t len)
{
	static const uint8_t payload[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	size_t length = sequence_length(bytes[0]);
	uint32_t value;

	if (length == 0 || length > len)
		return 0;
	value = bytes[0] & payload[length];
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3FU);
	}
	if (!is_scalar(value, length))
		return 0;
	*point = value;
	return length;
}

bool characters_decode(struct characters *to, const uint8_t *bytes, size_t len)
{
	to->count = 0;
	if (len > PASSWORD_MAX_BYTES)
		return false;
	for (size_t i = 0; i < len;) {
		size_t used = decode_one(&to->at[to->count], bytes + i, len - i);

		if (used == 0) {
			characters_wipe(to);
			return false;
		}
		to->count++;
		i += used;
	}
	return true;
}

void characters_decode_any(struct characters *to, const uint8_t *bytes, size_t len)
{
	if (len > PASSWORD_MAX_BYTES)
		len = PASSWORD_MAX_BYTES;
	to->count = 0;
	for (size_t i = 0; i < len;) {
		size_t used = decode_one(&to->at[to->count], bytes + i, len - i);

		if (used == 0) {
			to->at[to->count] = 0x110000U + bytes[i];
			used = 1;
		}
		to->count++;
		i += used;
	}
}

static size_t encode_one(uint32_t point, uint8_t to[4])
{
	static const uint8_t head[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	for (size_t i = length; i > 1; i--) {
		to[i - 1] = (uint8_t)(0x80 | (point & 0x3F));
		point >>= 6;
	}
	to[0] = (uint8_t)(head[length] | point);
	return length;
}

size_t characters_encode(const struct characters *text, uint8_t *to, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < text->count; i++) {
		uint8_t bytes[4];
		size_t more = encode_one(text->at[i], bytes);

		if (text->at[i] > 0x10FFFF || more > size - length) {
			explicit_bzero(to, length);
			return 0;
		}
		memcpy(to + length, bytes, more);
		length += more;
	}
	return length;
}

void characters_wipe(struct characters *text)
{
	explicit_bzero(text, sizeof(*text));
}

void characters_to_lower(struct characters *text)
{
	for (size_t i = 0; i < text->count; i++)
		text->at[i] = character_to_lower(text->at[i]);
}

bool characters_equal(const struct characters *a, const struct characters *b)
{
	return a->count == b->count && memcmp(a->at, b->at, a->count * sizeof(a->at[0])) == 0;
}

static bool holds(const struct letters *letters, uint32_t point)
{
	return point >= letters->first && point <= letters->last &&
	       (point - letters->first) % letters->step == 0;
}

static uint32_t moved(uint32_t point, int32_t by)
{
	return (uint32_t)((int32_t)point + by);
}

static bool is_upper(uint32_t point)
{
	for (size_t i = 0; i < LENGTH(cased); i++) {
		if (holds(&cased[i], point))
			return true;
	}
	return false;
}

static bool is_lower(uint32_t point)
{
	for (size_t i = 0; i < LENGTH(cased); i++) {
		if (holds(&cased[i], moved(point, -cased[i].down)))
			return true;
	}
	for (size_t i = 0; i < LENGTH(lone_lower); i++) {
		if (point == lone_lower[i])
			return true;
	}
	return false;
}

static bool is_digit(uint32_t point)
{
	for (size_t i = 0; i < LENGTH(zeros); i++) {
		if (point >= zeros[i] && point - zeros[i] < 10)
			return true;
	}
	return false;
}

static bool is_special(uint32_t point)
{
	for (size_t i = 0; i < LENGTH(specials); i++) {
		if (point >= specials[i].first && point <= specials[i].last)
			return true;
	}
	return false;
}

static bool is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7F && point <= 0x9F);
}

enum character_class character_class(uint32_t point)
{
	if (is_control(point))
		return CHARACTER_CONTROL;
	if (is_upper(point))
		return CHARACTER_UPPER;
	if (is_lower(point))
		return CHARACTER_LOWER;
	if (is_digit(point))
		return CHARACTER_DIGIT;
	if (is_special(point))
		return CHARACTER_SPECIAL;
	return CHARACTER_OTHER;
}

uint32_t character_to_lower(uint32_t point)
{
	for (size_t i = 0; i < LENGTH(cased); i++) {
		if (holds(&cased[i], point))
			return moved(point, cased[i].down);
	}
	return point;
}

bool character_looks_like(uint32_t typed, uint32_t letter)
{
	static const struct {
		uint32_t typed;
		uint32_t letter;
	} pairs[] = {{'0', 'o'}, {'1', 'i'}, {'1', 'l'}, {'3', 'e'}, {'4', 'a'},
		     {'@', 'a'}, {'5', 's'}, {'$', 's'}, {'7', 't'}};

	if (typed == letter)
		return true;
	for (size_t i = 0; i < LENGTH(pairs); i++) {
		if (typed == pairs[i].typed && letter == pairs[i].letter)
			return true;
	}
	return false;
}
