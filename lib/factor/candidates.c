/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/candidates.h"

#include "lib/base/secret.h"

#include <string.h>

typedef char padded_code[CODE_DIGITS_MAX];

DEFINE_WIPER(padded_code, padded_code_wipe)

/* 1 when the difference is 0, else 0, without a branch. */
static uint32_t is_zero(uint32_t difference)
{
	return (uint32_t)(((uint64_t)difference - 1) >> 63);
}

static uint32_t matches_one(const struct candidate *candidate, const padded_code answer,
			    size_t length)
{
	/* volatile: no compiler may stop at the first difference. */
	const volatile char *code = candidate->code;
	uint32_t difference = (uint32_t)candidate->digits ^ (uint32_t)length;

	for (size_t i = 0; i < CODE_DIGITS_MAX; i++)
		difference |= (uint8_t)code[i] ^ (uint32_t)(uint8_t)answer[i];
	return is_zero(difference) & candidate->real;
}

uint32_t candidates_compare(const struct candidates *candidates, const char *answer, size_t length)
{
	AT_SCOPE_END(padded_code_wipe) padded_code padded = {0};
	uint32_t bits = 0;

	if (length > CODE_DIGITS_MAX)
		length = 0; /* no code is that short: the same work and no match */
	if (length > 0)
		memcpy(padded, answer, length);
	for (unsigned i = 0; i < CANDIDATES_MAX; i++)
		bits |= matches_one(&candidates->candidate[i], padded, length) << i;
	return bits;
}

void candidates_matched(const struct candidates *candidates, uint32_t bits, struct matches *matches)
{
	for (unsigned i = 0; i < CANDIDATES_MAX; i++) {
		const struct candidate *c = &candidates->candidate[i];
		if (bits >> i & 1)
			matches->match[matches->count++] = (struct match){c->token_id, c->step};
	}
}
