/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CRYPTO_DIGEST_H
#define KLING_CRYPTO_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA1_BYTES = 20 };

/* A run of bytes; several make one message without being copied together. */
struct span {
	const void *bytes;
	size_t length;
};

void digest_sha256(const struct span *parts, size_t count, uint8_t out[SHA256_BYTES]);
void digest_sha1(const void *bytes, size_t length, uint8_t out[SHA1_BYTES]);

/* HMAC-SHA-256 of the parts, one behind the other. Inner state is wiped. */
void mac_sha256(const void *key, size_t key_length, const struct span *parts, size_t count,
		uint8_t out[SHA256_BYTES]);

/* Same bytes, in a time that depends on the length alone. */
bool bytes_equal(const void *a, const void *b, size_t length);

#endif
