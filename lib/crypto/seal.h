/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CRYPTO_SEAL_H
#define KLING_CRYPTO_SEAL_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { SEAL_KEY_BYTES = 32, SEAL_IV_BYTES = 12, SEAL_TAG_BYTES = 16, SEAL_OVERHEAD = 28 };

/*
 * AES-256-GCM. `sealed` gets IV | ciphertext | tag: length + SEAL_OVERHEAD bytes, with an IV from
 * random_bytes. `head` is authenticated with it. ST_NOMEM, ST_IO (no randomness): nothing usable
 * was written.
 */
enum status seal(const uint8_t key[SEAL_KEY_BYTES], const void *head, size_t head_length,
		 const void *plain, size_t length, uint8_t *sealed) MUST_USE;

/*
 * The other way. ST_CORRUPT unless the tag verifies; no byte reaches `plain` before it has, and
 * what `plain` held stays on failure.
 */
enum status unseal(const uint8_t key[SEAL_KEY_BYTES], const void *head, size_t head_length,
		   const uint8_t *sealed, size_t sealed_length, struct secret *plain) MUST_USE;

#endif
