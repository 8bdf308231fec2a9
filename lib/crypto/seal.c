/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/seal.h"

#include "lib/base/stack.h"
#include "lib/crypto/lowlevel.h"
#include "lib/crypto/random.h"

DEFINE_WIPER(AES_KEY, schedule_wipe)

/* One message: the key schedule and the mode's state, which points to it. */
struct cipher {
	AES_KEY schedule;
	GCM128_CONTEXT *gcm;
};

/* The release wipes what it frees. */
static void cipher_clear(struct cipher *cipher)
{
	CRYPTO_gcm128_release(cipher->gcm);
	cipher->gcm = NULL;
	schedule_wipe(&cipher->schedule);
}

#define AUTO_CIPHER AT_SCOPE_END(cipher_clear) struct cipher

static void encrypt_block(const unsigned char in[16], unsigned char out[16], const void *schedule)
{
	AES_encrypt(in, out, schedule);
}

/* Ready for the message's bytes: the key, its IV and what is authenticated beside it. */
static enum status cipher_start(struct cipher *cipher, const uint8_t key[SEAL_KEY_BYTES],
				const uint8_t iv[SEAL_IV_BYTES], const void *head,
				size_t head_length)
{
	if (AES_set_encrypt_key(key, 8 * SEAL_KEY_BYTES, &cipher->schedule) != 0)
		return ST_INTERNAL;
	cipher->gcm = CRYPTO_gcm128_new(&cipher->schedule, encrypt_block);
	if (!cipher->gcm)
		return ST_NOMEM;
	CRYPTO_gcm128_setiv(cipher->gcm, iv, SEAL_IV_BYTES);
	if (head_length && CRYPTO_gcm128_aad(cipher->gcm, head, head_length) != 0)
		return ST_TOO_BIG;
	return ST_OK;
}

OWN_FRAME static enum status seal_with(const uint8_t key[SEAL_KEY_BYTES], const void *head,
				       size_t head_length, const void *plain, size_t length,
				       uint8_t *sealed)
{
	AUTO_CIPHER cipher = {.gcm = NULL};
	uint8_t *body = sealed + SEAL_IV_BYTES;
	enum status s = cipher_start(&cipher, key, sealed, head, head_length);

	if (s != ST_OK)
		return s;
	if (length && CRYPTO_gcm128_encrypt(cipher.gcm, plain, body, length) != 0)
		return ST_TOO_BIG;
	CRYPTO_gcm128_tag(cipher.gcm, body + length, SEAL_TAG_BYTES);
	return ST_OK;
}

enum status seal(const uint8_t key[SEAL_KEY_BYTES], const void *head, size_t head_length,
		 const void *plain, size_t length, uint8_t *sealed)
{
	enum status s = random_bytes(sealed, SEAL_IV_BYTES);

	if (s != ST_OK)
		return s;
	s = seal_with(key, head, head_length, plain, length, sealed);
	stack_wipe();
	return s;
}

/* Into pages of our own: the caller's secret must not see a byte that is not authentic. */
OWN_FRAME static enum status unseal_with(const uint8_t key[SEAL_KEY_BYTES], const void *head,
					 size_t head_length, const uint8_t *sealed, size_t length,
					 struct secret *opened)
{
	AUTO_CIPHER cipher = {.gcm = NULL};
	const uint8_t *body = sealed + SEAL_IV_BYTES;
	enum status s = cipher_start(&cipher, key, sealed, head, head_length);

	if (s != ST_OK)
		return s;
	if (length && CRYPTO_gcm128_decrypt(cipher.gcm, body, opened->bytes, length) != 0)
		return ST_CORRUPT;
	if (CRYPTO_gcm128_finish(cipher.gcm, body + length, SEAL_TAG_BYTES) != 0)
		return ST_CORRUPT;
	opened->length = length;
	return ST_OK;
}

enum status unseal(const uint8_t key[SEAL_KEY_BYTES], const void *head, size_t head_length,
		   const uint8_t *sealed, size_t sealed_length, struct secret *plain)
{
	AUTO_SECRET opened = SECRET_IN(plain->vault);
	enum status s;

	if (sealed_length < SEAL_OVERHEAD)
		return ST_CORRUPT;
	s = secret_new(&opened, sealed_length - SEAL_OVERHEAD);
	if (s != ST_OK)
		return s;
	s = unseal_with(key, head, head_length, sealed, sealed_length - SEAL_OVERHEAD, &opened);
	stack_wipe();
	if (s == ST_OK)
		secret_move(plain, &opened);
	return s;
}
