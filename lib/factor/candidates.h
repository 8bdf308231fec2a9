/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_FACTOR_CANDIDATES_H
#define KLING_FACTOR_CANDIDATES_H

#include "policy/replay.h"

#include <stddef.h>
#include <stdint.h>

/* Inside lib/factor only: what an answer is compared with. */

enum { CODE_DIGITS_MAX = 8 };

struct candidate {
	uint32_t token_id;
	uint64_t step;
	uint8_t digits;             /* of the code */
	uint8_t real;               /* 1, or 0 for a dummy, which never matches */
	char code[CODE_DIGITS_MAX]; /* behind the digits: zeros */
};

struct candidates {
	struct candidate candidate[CANDIDATES_MAX];
};

/*
 * One bit for each candidate the answer equals. Always compares all of them whole, without a
 * branch or an index that depends on codes or answer; its length alone may show.
 */
uint32_t candidates_compare(const struct candidates *candidates, const char *answer, size_t length);

/* Adds the matches behind the bits, in the order of the candidates, to none so far. */
void candidates_matched(const struct candidates *candidates, uint32_t bits,
			struct matches *matches);

#endif
