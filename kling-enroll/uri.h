/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_URI_H
#define KLING_ENROLL_URI_H

#include "lib/show/otpauth.h"

#include <stddef.h>

/* Why a URI was not taken; static text, for people. */
struct uri_problem {
	const char *text;
};

/*
 * Reads one otpauth URI of `length` bytes. ST_SYNTAX, ST_RANGE or ST_TOO_BIG with *problem: not a
 * URI, HOTP, a secret under 128 or over 512 bits, parameters twice or out of range, a label or
 * issuer that is too long or not UTF-8 without controls. The token has no id.
 */
enum status uri_parse(const char *text, size_t length, struct otpauth *otpauth,
		      struct uri_problem *problem) MUST_USE;

/* For people: "SHA1, 6 digits, a new code every 30 seconds". */
void otpauth_kind(const struct otpauth *otpauth, char *out, size_t size);

#endif
