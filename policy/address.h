/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_ADDRESS_H
#define KLING_POLICY_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A numeric address. IPv4 and IPv4-mapped IPv6 are the same address, of family 4. */
struct address {
	uint8_t family; /* 0 none, 4 or 6 */
	uint8_t bytes[16];
};

struct range {
	struct address base;
	uint8_t bits; /* of the base's own family */
};

/* What an application put into PAM_RHOST. */
enum origin_kind {
	ORIGIN_NAME = 0, /* anything else: never matches, refused where addresses decide */
	ORIGIN_NONE,     /* NULL or empty */
	ORIGIN_ADDRESS,
};

struct origin {
	enum origin_kind kind;
	struct address address;
};

/* Numeric text only; the zone of an IPv6 address (%eth0) is dropped; no name is ever looked up.
 * `text` may be NULL. */
struct origin origin_of(const char *text);

/* An address or address/bits; host bits are cleared. False for names, zones, more bits than the
 * family has, leading zeros, trailing bytes. ::ffff:10.0.0.0/104 is 10.0.0.0/8; a mapped base with
 * fewer than 96 bits is refused. A range never contains an address of the other family. */
bool range_parse(const char *text, struct range *range);

bool range_contains(const struct range *range, const struct address *address);
bool ranges_contain(const struct range *ranges, size_t count, const struct address *address);

/* The unit in which sources are remembered: IPv4 /32, IPv6 /64. */
struct address address_source(const struct address *address);

bool address_equal(const struct address *a, const struct address *b);

/* Canonical text; `out` holds 46 bytes; "" for none. */
void address_format(const struct address *address, char out[46]);

#endif
