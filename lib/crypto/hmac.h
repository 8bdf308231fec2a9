/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CRYPTO_HMAC_H
#define KLING_CRYPTO_HMAC_H

/* Inside lib/crypto only: HMAC-SHA-256 in steps, for what derive.c builds on it. */

#include "lib/base/secret.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/lowlevel.h"

struct hmac {
	SHA256_CTX inner; /* behind the inner pad and what was added since */
	SHA256_CTX outer; /* behind the outer pad */
};

DEFINE_WIPER(struct hmac, hmac_wipe)
#define AUTO_HMAC AT_SCOPE_END(hmac_wipe) struct hmac

/* After hmac_key a copy of the struct is a fresh message under the same key. */
void hmac_key(struct hmac *hmac, const void *key, size_t key_length);
void hmac_add(struct hmac *hmac, const struct span *parts, size_t count);
void hmac_end(struct hmac *hmac, uint8_t out[SHA256_BYTES]);

#endif
