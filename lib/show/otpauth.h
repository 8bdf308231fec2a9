/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_SHOW_OTPAUTH_H
#define KLING_SHOW_OTPAUTH_H

#include "lib/factor/token.h"
#include "lib/show/out.h"

#include <stdbool.h>
#include <stddef.h>

enum { ISSUER_MAX = 100, TOKEN_DIGITS_STANDARD = 6, TOKEN_PERIOD_STANDARD = 30 };

/* What an otpauth URI says of a token beside the token itself, whose label is the account part. */
struct otpauth {
	char issuer[ISSUER_MAX + 1]; /* "" when there is none */
	struct token token;
};

DEFINE_WIPER(struct otpauth, otpauth_wipe)
#define AUTO_OTPAUTH AT_SCOPE_END(otpauth_wipe) struct otpauth

/*
 * The standard otpauth://totp/ISSUER:LABEL URI that phones read. What is at its default (SHA1, 6
 * digits, 30 seconds) is left out, so that the picture stays small.
 */
void uri_add(struct out *out, const struct otpauth *otpauth);

/* SHA1, SHA256, SHA512. */
const char *algorithm_name(enum token_algorithm algorithm);

/* Of either case; false for others. */
bool algorithm_parse(const char *name, enum token_algorithm *algorithm);

/* UTF-8 without control characters, at most `max` bytes, not empty. */
bool label_is_fine(const char *label, size_t max);

#endif
