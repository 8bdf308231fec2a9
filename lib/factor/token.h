/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_FACTOR_TOKEN_H
#define KLING_FACTOR_TOKEN_H

#include "lib/base/secret.h"

#include <stdint.h>

enum {
	TOKEN_SECRET_MIN = 16,
	TOKEN_SECRET_MAX = 64,
	TOKEN_LABEL_MAX = 100, /* bytes of UTF-8 */
	TOKEN_PERIOD_MIN = 15,
	TOKEN_PERIOD_MAX = 300,
};

enum token_algorithm { TOKEN_SHA1 = 1, TOKEN_SHA256 = 2, TOKEN_SHA512 = 3 };

/* One TOTP generator of a user. The secret is borrowed from the record it was read from. */
struct token {
	uint32_t id; /* never reused; 0: none */
	char label[TOKEN_LABEL_MAX + 1];
	enum token_algorithm algorithm;
	uint8_t digits;  /* 6 to 8 */
	uint16_t period; /* seconds */
	int32_t offset;  /* steps the token's clock is ahead */
	uint8_t secret_length;
	uint8_t secret[TOKEN_SECRET_MAX]; /* keep a token only inside self-wiping memory */
};

#endif
