/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/seal.h"

#include "lib/base/number.h"
#include "lib/crypto/random.h"

#include <dlfcn.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/modes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static bool no_memory;
static bool no_randomness;

/* These definitions win over the libraries'. */
GCM128_CONTEXT *CRYPTO_gcm128_new(void *key, block128_f block)
{
	GCM128_CONTEXT *(*real)(void *, block128_f);

	*(void **)&real = dlsym(RTLD_NEXT, "CRYPTO_gcm128_new");
	return no_memory ? NULL : real(key, block);
}

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
	if (!no_randomness)
		return syscall(SYS_getrandom, buffer, length, flags);
	errno = ENOSYS;
	return -1;
}

static const uint8_t KEY[SEAL_KEY_BYTES] = {1, 2, 3, 4};

/* What a caller holds before: it must be the same after a refusal. */
static void hold(struct secret *secret)
{
	secret_clear(secret);
	assert_int_equal(secret_copy(secret, "before", 6), ST_OK);
}

static void assert_held(const struct secret *secret)
{
	assert_true(secret_equals(secret, "before", 6));
}

/* The AES-256 cases of the GCM specification with an IV of 96 bits. */
static void opens_known_texts(void **state)
{
	static const char zeros[] =
	    "0000000000000000000000000000000000000000000000000000000000000000";
	static const char key[] =
	    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
	static const char plain[] =
	    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
	static const struct {
		const char *key, *head, *plain, *sealed;
	} cases[] = {
	    {zeros, "", "", "000000000000000000000000530f8afbc74536b9a963b4f1c4cb738b"},
	    {zeros, "", "00000000000000000000000000000000",
	     "000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18"
	     "d0d1c8a799996bf0265b98b5d48ab919"},
	    {key, "", plain,
	     "cafebabefacedbaddecaf888522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555"
	     "d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bd"
	     "ec1a502270e3cc6c"},
	    {key, "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	     "cafebabefacedbaddecaf888522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555"
	     "d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853"
	     "bb2d551b"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO_SECRET opened = SECRET_EMPTY;
		uint8_t k[32], head[64], want[64], sealed[128];
		size_t h = strlen(cases[i].head) / 2, w = strlen(cases[i].plain) / 2,
		       s = strlen(cases[i].sealed) / 2;
		assert_int_equal(hex_parse(cases[i].key, k, 32), ST_OK);
		assert_int_equal(hex_parse(cases[i].head, head, h), ST_OK);
		assert_int_equal(hex_parse(cases[i].plain, want, w), ST_OK);
		assert_int_equal(hex_parse(cases[i].sealed, sealed, s), ST_OK);
		assert_int_equal(unseal(k, head, h, sealed, s, &opened), ST_OK);
		assert_true(secret_equals(&opened, want, w));
	}
}

static int library_unseal(const uint8_t *key, const uint8_t *head, size_t head_length,
			  uint8_t *sealed, size_t length, uint8_t *plain)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	uint8_t *body = sealed + SEAL_IV_BYTES;
	int n, ok;

	ok = EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, sealed) &&
	     EVP_DecryptUpdate(context, NULL, &n, head, (int)head_length) &&
	     EVP_DecryptUpdate(context, plain, &n, body, (int)length) &&
	     EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, SEAL_TAG_BYTES, body + length) &&
	     EVP_DecryptFinal_ex(context, plain + n, &n) > 0;
	EVP_CIPHER_CTX_free(context);
	return ok;
}

static void seals_what_the_library_and_we_open(void **state)
{
	static uint8_t plain[4096], head[300], sealed[4096 + SEAL_OVERHEAD], theirs[4096];

	(void)state;
	assert_int_equal(random_bytes(plain, sizeof(plain)), ST_OK);
	assert_int_equal(random_bytes(head, sizeof(head)), ST_OK);
	for (size_t length = 0; length <= sizeof(plain);
	     length = length < 300 ? length + 1 : 2 * length) {
		AUTO_SECRET opened = SECRET_EMPTY;
		size_t h = length < sizeof(head) ? length : sizeof(head);
		assert_int_equal(seal(KEY, head, h, plain, length, sealed), ST_OK);
		assert_int_equal(unseal(KEY, head, h, sealed, length + SEAL_OVERHEAD, &opened),
				 ST_OK);
		assert_true(secret_equals(&opened, plain, length));
		assert_true(library_unseal(KEY, head, h, sealed, length, theirs));
		assert_memory_equal(theirs, plain, length);
	}
}

struct sample {
	uint8_t head[50];
	uint8_t sealed[100 + SEAL_OVERHEAD];
};

static void make_sample(struct sample *sample)
{
	uint8_t plain[100];

	memset(plain, 0x42, sizeof(plain));
	memset(sample->head, 0x17, sizeof(sample->head));
	assert_int_equal(
	    seal(KEY, sample->head, sizeof(sample->head), plain, sizeof(plain), sample->sealed),
	    ST_OK);
}

static enum status open_sample(const uint8_t key[SEAL_KEY_BYTES], const struct sample *sample,
			       struct secret *out)
{
	return unseal(key, sample->head, sizeof(sample->head), sample->sealed,
		      sizeof(sample->sealed), out);
}

/* SEC-11: no bit of head, IV, text or tag may change. */
static void refuses_every_flipped_bit(void **state)
{
	AUTO_SECRET out = SECRET_EMPTY;
	struct sample sample;
	uint8_t *places[] = {sample.head, sample.sealed};
	size_t sizes[] = {sizeof(sample.head), sizeof(sample.sealed)};

	(void)state;
	make_sample(&sample);
	hold(&out);
	for (size_t p = 0; p < 2; p++)
		for (size_t bit = 0; bit < 8 * sizes[p]; bit++) {
			places[p][bit / 8] ^= (uint8_t)(1u << bit % 8);
			assert_int_equal(open_sample(KEY, &sample, &out), ST_CORRUPT);
			assert_held(&out);
			places[p][bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	assert_int_equal(open_sample(KEY, &sample, &out), ST_OK);
	assert_int_equal(out.length, 100);
}

/* SEC-11: truncated to every length, tag included; a byte too many. */
static void refuses_every_other_length(void **state)
{
	AUTO_SECRET out = SECRET_EMPTY;
	uint8_t longer[sizeof(((struct sample *)NULL)->sealed) + 1] = {0};
	struct sample sample;

	(void)state;
	make_sample(&sample);
	memcpy(longer, sample.sealed, sizeof(sample.sealed));
	hold(&out);
	for (size_t length = 0; length <= sizeof(longer); length++) {
		if (length == sizeof(sample.sealed))
			continue;
		assert_int_equal(
		    unseal(KEY, sample.head, sizeof(sample.head), longer, length, &out),
		    ST_CORRUPT);
		assert_held(&out);
	}
	for (size_t length = 0; length < sizeof(sample.head); length++)
		assert_int_equal(
		    unseal(KEY, sample.head, length, sample.sealed, sizeof(sample.sealed), &out),
		    ST_CORRUPT);
}

/* SEC-11: a tag of zeros or ones, and one made by another key. */
static void refuses_made_up_tags(void **state)
{
	AUTO_SECRET out = SECRET_EMPTY;
	static const uint8_t other[SEAL_KEY_BYTES] = {1, 2, 3, 5};
	struct sample sample;
	uint8_t *tag = sample.sealed + sizeof(sample.sealed) - SEAL_TAG_BYTES;
	uint8_t plain[100] = {0};

	(void)state;
	make_sample(&sample);
	hold(&out);
	memset(tag, 0, SEAL_TAG_BYTES);
	assert_int_equal(open_sample(KEY, &sample, &out), ST_CORRUPT);
	memset(tag, 0xff, SEAL_TAG_BYTES);
	assert_int_equal(open_sample(KEY, &sample, &out), ST_CORRUPT);
	sample.head[0] ^= 1;
	assert_int_equal(
	    seal(other, sample.head, sizeof(sample.head), plain, sizeof(plain), sample.sealed),
	    ST_OK);
	assert_int_equal(open_sample(KEY, &sample, &out), ST_CORRUPT);
	assert_held(&out);
	assert_int_equal(open_sample(other, &sample, &out), ST_OK);
}

static void says_what_is_missing(void **state)
{
	AUTO_SECRET out = SECRET_EMPTY;
	uint8_t sealed[10 + SEAL_OVERHEAD];
	struct sample sample;

	(void)state;
	make_sample(&sample);
	hold(&out);
	no_memory = true;
	assert_int_equal(open_sample(KEY, &sample, &out), ST_NOMEM);
	assert_int_equal(seal(KEY, "", 0, "0123456789", 10, sealed), ST_NOMEM);
	no_memory = false;
	no_randomness = true;
	assert_int_equal(seal(KEY, "", 0, "0123456789", 10, sealed), ST_IO);
	no_randomness = false;
	assert_held(&out);
}

static int compare_ivs(const void *a, const void *b)
{
	return memcmp(a, b, SEAL_IV_BYTES);
}

/* SEC-09 */
static void never_repeats_an_iv(void **state)
{
	const size_t rounds = 1000000;
	uint8_t(*ivs)[SEAL_IV_BYTES] = calloc(rounds, sizeof(*ivs));
	uint8_t sealed[4 + SEAL_OVERHEAD];

	(void)state;
	assert_non_null(ivs);
	for (size_t i = 0; i < rounds; i++) {
		assert_int_equal(seal(KEY, "", 0, "same", 4, sealed), ST_OK);
		memcpy(ivs[i], sealed, SEAL_IV_BYTES);
	}
	qsort(ivs, rounds, sizeof(*ivs), compare_ivs);
	for (size_t i = 1; i < rounds; i++)
		assert_memory_not_equal(ivs[i - 1], ivs[i], SEAL_IV_BYTES);
	free(ivs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(opens_known_texts),
	    cmocka_unit_test(seals_what_the_library_and_we_open),
	    cmocka_unit_test(refuses_every_flipped_bit),
	    cmocka_unit_test(refuses_every_other_length),
	    cmocka_unit_test(refuses_made_up_tags),
	    cmocka_unit_test(says_what_is_missing),
	    cmocka_unit_test(never_repeats_an_iv),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
