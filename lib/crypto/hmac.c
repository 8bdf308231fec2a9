/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/hmac.h"

#include "lib/base/secret.h"

#include <string.h>

enum { INNER_PAD = 0x36, OUTER_PAD = 0x5c };

typedef uint8_t key_block[SHA256_CBLOCK];

DEFINE_WIPER(key_block, key_block_wipe)

/* A key as long as a block; longer ones are hashed first. */
static void block_of(const void *key, size_t key_length, uint8_t block[SHA256_CBLOCK])
{
	memset(block, 0, SHA256_CBLOCK);
	if (key_length > SHA256_CBLOCK)
		digest_sha256(&(struct span){key, key_length}, 1, block);
	else if (key_length)
		copy_quietly(block, key, key_length);
}

static void start_padded(SHA256_CTX *hash, const uint8_t block[SHA256_CBLOCK], uint8_t pad)
{
	AT_SCOPE_END(key_block_wipe) key_block padded;

	for (size_t i = 0; i < SHA256_CBLOCK; i++)
		padded[i] = block[i] ^ pad;
	SHA256_Init(hash);
	SHA256_Update(hash, padded, SHA256_CBLOCK);
}

void hmac_key(struct hmac *hmac, const void *key, size_t key_length)
{
	AT_SCOPE_END(key_block_wipe) key_block block;

	block_of(key, key_length, block);
	start_padded(&hmac->inner, block, INNER_PAD);
	start_padded(&hmac->outer, block, OUTER_PAD);
}

void hmac_add(struct hmac *hmac, const struct span *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		SHA256_Update(&hmac->inner, parts[i].bytes, parts[i].length);
}

void hmac_end(struct hmac *hmac, uint8_t out[SHA256_BYTES])
{
	SHA256_Final(out, &hmac->inner);
	SHA256_Update(&hmac->outer, out, SHA256_BYTES);
	SHA256_Final(out, &hmac->outer);
}
