/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_URI_H
#define KLING_ENROLL_URI_H

#include "kling-enroll/out.h"
#include "lib/factor/token.h"

#include <stdbool.h>
#include <stddef.h>

enum { ISSUER_MAX = 100, TOKEN_DIGITS_STANDARD = 6, TOKEN_PERIOD_STANDARD = 30 };

/* What an otpauth URI says of a token beside the token itself, whose label is the account part. */
struct otpauth {
	char issuer[ISSUER_MAX + 1]; /* "" when there is none */
	struct token token;
};

/*
 * The standard otpauth://totp/ISSUER:LABEL URI that phones read. What is at its default (SHA1, 6
 * digits, 30 seconds) is left out, so that the picture stays small.
 */
void uri_add(struct out *out, const struct otpauth *otpauth);

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

/* SHA1, SHA256, SHA512. */
const char *algorithm_name(enum token_algorithm algorithm);

/* Of either case; false for others. */
bool algorithm_parse(const char *name, enum token_algorithm *algorithm);

/* For people: "SHA1, 6 digits, a new code every 30 seconds". */
void otpauth_kind(const struct otpauth *otpauth, char *out, size_t size);

/* UTF-8 without control characters, at most `max` bytes, not empty. */
bool label_is_fine(const char *label, size_t max);

DEFINE_WIPER(struct otpauth, otpauth_wipe)
#define AUTO_OTPAUTH AT_SCOPE_END(otpauth_wipe) struct otpauth

#endif
