/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/address.h"

#include <arpa/inet.h>
#include <string.h>

enum { TEXT_MAX = 46, MAPPED_BITS = 96 };

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static unsigned family_bits(uint8_t family)
{
	return family == 4 ? 32 : 128;
}

static bool is_mapped(const uint8_t bytes[16])
{
	return memcmp(bytes, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

static bool parse_v4(const char *text, struct address *address)
{
	address->family = 4;
	return inet_pton(AF_INET, text, address->bytes) == 1;
}

/* `mapped` may be NULL; it says whether the text was a mapped IPv4 address. */
static bool parse_v6(const char *text, struct address *address, bool *mapped)
{
	uint8_t bytes[16];

	if (inet_pton(AF_INET6, text, bytes) != 1)
		return false;
	if (mapped)
		*mapped = is_mapped(bytes);
	if (is_mapped(bytes)) {
		address->family = 4;
		memcpy(address->bytes, bytes + sizeof(mapped_prefix), 4);
		return true;
	}
	address->family = 6;
	memcpy(address->bytes, bytes, sizeof(bytes));
	return true;
}

/* Copies what stands in front of `end`; false when it cannot be an address. */
static bool copy_head(const char *text, const char *end, char head[TEXT_MAX])
{
	size_t length = (size_t)(end - text);

	if (length >= TEXT_MAX)
		return false;
	memcpy(head, text, length);
	head[length] = '\0';
	return true;
}

static bool is_zone(const char *text)
{
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text > '~' || *text == '%')
			return false;
	}
	return true;
}

static bool parse_zoned(const char *text, const char *percent, struct address *address)
{
	char head[TEXT_MAX];

	return is_zone(percent + 1) && copy_head(text, percent, head) &&
	       parse_v6(head, address, NULL);
}

static bool parse_address(const char *text, struct address *address)
{
	const char *percent = strchr(text, '%');

	if (percent)
		return parse_zoned(text, percent, address);
	return parse_v4(text, address) || parse_v6(text, address, NULL);
}

struct origin origin_of(const char *text)
{
	struct origin origin = {ORIGIN_NAME, {0, {0}}};
	struct address address = {0, {0}};

	if (text == NULL || *text == '\0') {
		origin.kind = ORIGIN_NONE;
		return origin;
	}
	if (!parse_address(text, &address))
		return origin;
	origin.address = address;
	origin.kind = ORIGIN_ADDRESS;
	return origin;
}

/* A decimal number without leading zeros, at most `high`. */
static bool parse_bits(const char *text, unsigned high, unsigned *out)
{
	unsigned value = 0;

	if (*text == '\0' || (text[0] == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (unsigned)(*text - '0');
		if (value > high)
			return false;
	}
	*out = value;
	return true;
}

static uint8_t byte_mask(unsigned bits)
{
	return (uint8_t)(0xff00U >> bits);
}

static void keep_bits(struct address *address, unsigned bits)
{
	unsigned whole = bits / 8;

	if (whole >= sizeof(address->bytes))
		return;
	address->bytes[whole] &= byte_mask(bits % 8);
	memset(address->bytes + whole + 1, 0, sizeof(address->bytes) - whole - 1);
}

/* The prefix length behind the slash, in bits of the base's own family. */
static bool parse_prefix(const char *text, const struct address *base, bool mapped, unsigned *bits)
{
	if (!mapped)
		return parse_bits(text, family_bits(base->family), bits);
	if (!parse_bits(text, 128, bits) || *bits < MAPPED_BITS)
		return false;
	*bits -= MAPPED_BITS;
	return true;
}

bool range_parse(const char *text, struct range *range)
{
	struct address base = {0, {0}};
	const char *slash = strchr(text, '/');
	char head[TEXT_MAX];
	bool mapped = false;
	unsigned bits;

	if (!copy_head(text, slash ? slash : text + strlen(text), head))
		return false;
	if (!parse_v4(head, &base) && !parse_v6(head, &base, &mapped))
		return false;
	bits = family_bits(base.family);
	if (slash && !parse_prefix(slash + 1, &base, mapped, &bits))
		return false;
	keep_bits(&base, bits);
	range->base = base;
	range->bits = (uint8_t)bits;
	return true;
}

bool range_contains(const struct range *range, const struct address *address)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;
	const uint8_t *a = range->base.bytes, *b = address->bytes;

	if (address->family == 0 || range->base.family != address->family)
		return false;
	if (range->bits > family_bits(address->family) || memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) & byte_mask(rest)) == 0;
}

bool ranges_contain(const struct range *ranges, size_t count, const struct address *address)
{
	for (size_t i = 0; i < count; i++) {
		if (range_contains(&ranges[i], address))
			return true;
	}
	return false;
}

struct address address_source(const struct address *address)
{
	struct address source = *address;

	if (source.family == 6)
		keep_bits(&source, 64);
	return source;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void address_format(const struct address *address, char out[46])
{
	out[0] = '\0';
	if (address->family == 0)
		return;
	if (!inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes, out, TEXT_MAX))
		out[0] = '\0';
}
