/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/derive.h"

#include "lib/base/secret.h"
#include "lib/base/stack.h"
#include "lib/crypto/hmac.h"

#include <string.h>

typedef uint8_t hash_value[SHA256_BYTES];

DEFINE_WIPER(hash_value, hash_value_wipe)

static const uint8_t FIRST_BLOCK_OF_OUTPUT = 1;
static const uint8_t FIRST_BLOCK_OF_KEY[4] = {0, 0, 0, 1};

/* RFC 5869, 2.2: no salt is a salt of zeros, which the padding of HMAC makes of an empty key. */
static void extract(const void *key, size_t key_length, hash_value out)
{
	mac_sha256(NULL, 0, &(struct span){key, key_length}, 1, out);
}

OWN_FRAME static void expand(const void *key, size_t key_length, const struct span *info,
			     size_t info_count, uint8_t out[SHA256_BYTES])
{
	AUTO_HMAC hmac;
	AT_SCOPE_END(hash_value_wipe) hash_value master;

	extract(key, key_length, master);
	hmac_key(&hmac, master, sizeof(master));
	hmac_add(&hmac, info, info_count);
	hmac_add(&hmac, &(struct span){&FIRST_BLOCK_OF_OUTPUT, 1}, 1);
	hmac_end(&hmac, out);
}

void derive_subkey(const void *key, size_t key_length, const struct span *info, size_t info_count,
		   uint8_t out[SHA256_BYTES])
{
	expand(key, key_length, info, info_count, out);
	stack_wipe();
}

/* One HMAC of `value`, in its place, from a keyed start that stays as it is. */
static void mac_again(const struct hmac *keyed, struct hmac *work, hash_value value)
{
	*work = *keyed;
	hmac_add(work, &(struct span){value, SHA256_BYTES}, 1);
	hmac_end(work, value);
}

OWN_FRAME static void stretch(const struct span *password, const struct span *salt,
			      uint32_t iterations, uint8_t out[SHA256_BYTES])
{
	AUTO_HMAC keyed;
	AUTO_HMAC work;
	AT_SCOPE_END(hash_value_wipe) hash_value value;

	hmac_key(&keyed, password->bytes, password->length);
	work = keyed;
	hmac_add(&work, salt, 1);
	hmac_add(&work, &(struct span){FIRST_BLOCK_OF_KEY, sizeof(FIRST_BLOCK_OF_KEY)}, 1);
	hmac_end(&work, value);
	copy_quietly(out, value, SHA256_BYTES);
	for (uint32_t i = 1; i < iterations; i++) {
		mac_again(&keyed, &work, value);
		for (size_t j = 0; j < SHA256_BYTES; j++)
			out[j] ^= value[j];
	}
}

void derive_password(const void *password, size_t length, const void *salt, size_t salt_length,
		     uint32_t iterations, uint8_t out[SHA256_BYTES])
{
	const struct span word = {password, length}, grain = {salt, salt_length};

	stretch(&word, &grain, iterations, out);
	stack_wipe();
}
