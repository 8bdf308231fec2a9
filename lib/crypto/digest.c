/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/digest.h"

#include "lib/base/stack.h"
#include "lib/crypto/hmac.h"

DEFINE_WIPER(SHA256_CTX, sha256_wipe)
DEFINE_WIPER(SHA_CTX, sha1_wipe)

OWN_FRAME static void sha256(const struct span *parts, size_t count, uint8_t out[SHA256_BYTES])
{
	AT_SCOPE_END(sha256_wipe) SHA256_CTX hash;

	SHA256_Init(&hash);
	for (size_t i = 0; i < count; i++)
		SHA256_Update(&hash, parts[i].bytes, parts[i].length);
	SHA256_Final(out, &hash);
}

void digest_sha256(const struct span *parts, size_t count, uint8_t out[SHA256_BYTES])
{
	sha256(parts, count, out);
	stack_wipe();
}

OWN_FRAME static void sha1(const void *bytes, size_t length, uint8_t out[SHA1_BYTES])
{
	AT_SCOPE_END(sha1_wipe) SHA_CTX hash;

	SHA1_Init(&hash);
	SHA1_Update(&hash, bytes, length);
	SHA1_Final(out, &hash);
}

void digest_sha1(const void *bytes, size_t length, uint8_t out[SHA1_BYTES])
{
	sha1(bytes, length, out);
	stack_wipe();
}

OWN_FRAME static void mac(const void *key, size_t key_length, const struct span *parts,
			  size_t count, uint8_t out[SHA256_BYTES])
{
	AUTO_HMAC hmac;

	hmac_key(&hmac, key, key_length);
	hmac_add(&hmac, parts, count);
	hmac_end(&hmac, out);
}

void mac_sha256(const void *key, size_t key_length, const struct span *parts, size_t count,
		uint8_t out[SHA256_BYTES])
{
	mac(key, key_length, parts, count, out);
	stack_wipe();
}

bool bytes_equal(const void *a, const void *b, size_t length)
{
	/* volatile: no compiler may stop at the first difference. */
	const volatile uint8_t *left = a;
	const volatile uint8_t *right = b;
	uint8_t difference = 0;

	for (size_t i = 0; i < length; i++)
		difference |= (uint8_t)(left[i] ^ right[i]);
	return difference == 0;
}
