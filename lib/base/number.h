/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_NUMBER_H
#define KLING_BASE_NUMBER_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Strict readers of whole texts: digits only, no sign, no blanks, no locale, nothing behind.
 * ST_SYNTAX for anything else, ST_RANGE outside [low, high]; *out is written on ST_OK alone.
 */
enum status number_parse(const char *text, uint64_t low, uint64_t high, uint64_t *out) MUST_USE;

/* A number with one unit: 90s 15m 8h 7d; a bare 0 too. In seconds. */
enum status duration_parse(const char *text, uint64_t low, uint64_t high, uint64_t *out) MUST_USE;

/* The shortest exact form that duration_parse reads back, e.g. "15m". `out` holds 24 bytes. */
void duration_format(uint64_t seconds, char out[24]);

/* A calendar day in UTC, 2026-11-30: *out is the first second after it (the day itself counts). */
enum status date_parse(const char *text, int64_t *out) MUST_USE;

/* Hex digits of either case, exactly 2*length of them. */
enum status hex_parse(const char *text, uint8_t *out, size_t length) MUST_USE;

/* Lower-case hex; `out` holds 2*length+1 bytes. */
void hex_format(const uint8_t *bytes, size_t length, char *out);

#endif
