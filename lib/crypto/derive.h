/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CRYPTO_DERIVE_H
#define KLING_CRYPTO_DERIVE_H

#include "lib/crypto/digest.h"

/* HKDF-SHA-256 (RFC 5869) with an empty salt: one 32-byte subkey for one purpose. */
void derive_subkey(const void *key, size_t key_length, const struct span *info, size_t info_count,
		   uint8_t out[SHA256_BYTES]);

/* PBKDF2-HMAC-SHA-256 (RFC 8018), one 32-byte block. */
void derive_password(const void *password, size_t length, const void *salt, size_t salt_length,
		     uint32_t iterations, uint8_t out[SHA256_BYTES]);

#endif
