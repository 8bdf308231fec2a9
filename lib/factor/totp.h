/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_FACTOR_TOTP_H
#define KLING_FACTOR_TOTP_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/factor/token.h"
#include "policy/replay.h"

#include <stddef.h>
#include <stdint.h>

/* The step a token is in at a time: wall / period + offset. Never negative. */
uint64_t totp_step(const struct token *token, int64_t wall);

/* The code of one step as digits; `out` holds 9 bytes and is a secret. */
enum status totp_code(const struct token *token, uint64_t step, char out[9]) MUST_USE;

/*
 * All steps within `window` of now at which `answer` is a code of one of the tokens. Always
 * computes and compares CANDIDATES_MAX codes, with dummies where there are fewer, in a time that
 * does not tell which matched. `count` may be 0 (unknown user): the same work, never a match.
 * Tokens times steps beyond CANDIDATES_MAX narrow the window of all of them to what fits.
 * ST_INTERNAL for a token no reader would have let through, and for an error of liboath.
 */
enum status totp_match(const struct token *tokens, size_t count, int64_t wall, uint32_t window,
		       const char *answer, size_t length, struct matches *matches) MUST_USE;

#endif
