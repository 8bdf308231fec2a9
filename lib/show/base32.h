/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_SHOW_BASE32_H
#define KLING_SHOW_BASE32_H

#include "lib/show/out.h"

#include <stdint.h>

/* RFC 4648 upper case without padding. */
void base32_add(struct out *out, const uint8_t *bytes, size_t length);

/* The same in groups of four symbols, with a line feed after every `per_line` groups (0: none). */
void base32_add_grouped(struct out *out, const uint8_t *bytes, size_t length, size_t per_line);

/*
 * The bytes of a base32 text of either case; blanks and hyphens between symbols and padding behind
 * them are allowed. ST_SYNTAX: other symbols, a length no bytes give, or left-over bits that are
 * not zero. ST_TOO_BIG: more than `size` bytes.
 */
enum status base32_parse(const char *text, size_t length, uint8_t *bytes, size_t size,
			 size_t *count) MUST_USE;

#endif
