/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/derive.h"

#include "lib/base/number.h"
#include "lib/crypto/random.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_hex(const uint8_t *bytes, size_t length, const char *hex)
{
	char text[2 * SHA256_BYTES + 1];

	hex_format(bytes, length, text);
	assert_string_equal(text, hex);
}

/* RFC 5869, A.3: no salt, no info. */
static void derives_the_known_subkey(void **state)
{
	uint8_t key[22], out[SHA256_BYTES];

	(void)state;
	memset(key, 0x0b, sizeof(key));
	derive_subkey(key, sizeof(key), NULL, 0, out);
	assert_hex(out, 32, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

static void library_hkdf(const uint8_t *key, size_t key_length, const uint8_t *info,
			 size_t info_length, uint8_t out[SHA256_BYTES])
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
	    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)key,
					      key_length),
	    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)info,
					      info_length),
	    OSSL_PARAM_construct_end(),
	};

	assert_int_equal(EVP_KDF_derive(context, out, SHA256_BYTES, params), 1);
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
}

static void subkeys_agree_with_the_library(void **state)
{
	uint8_t key[80], info[120], ours[SHA256_BYTES], theirs[SHA256_BYTES];

	(void)state;
	assert_int_equal(random_bytes(key, sizeof(key)), ST_OK);
	assert_int_equal(random_bytes(info, sizeof(info)), ST_OK);
	for (size_t i = 1; i <= sizeof(key); i++) {
		struct span parts[] = {{info, i / 2}, {info + i / 2, i - i / 2}};
		derive_subkey(key, i, parts, 2, ours);
		library_hkdf(key, i, info, i, theirs);
		assert_memory_equal(ours, theirs, SHA256_BYTES);
	}
}

/* RFC 7914, 11, the first block of each; and one that is made of one byte each. */
static void stretches_known_passwords(void **state)
{
	uint8_t out[SHA256_BYTES];

	(void)state;
	derive_password("passwd", 6, "salt", 4, 1, out);
	assert_hex(out, 32, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
	derive_password("Password", 8, "NaCl", 4, 80000, out);
	assert_hex(out, 32, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
}

static void stretching_agrees_with_the_library(void **state)
{
	uint8_t bytes[128], ours[SHA256_BYTES], theirs[SHA256_BYTES];
	static const uint32_t iterations[] = {1, 2, 3, 1000, 1001};

	(void)state;
	assert_int_equal(random_bytes(bytes, sizeof(bytes)), ST_OK);
	for (size_t length = 0; length <= 100; length += 4)
		for (size_t i = 0; i < sizeof(iterations) / sizeof(iterations[0]); i++) {
			size_t salt = length % 29;
			derive_password(bytes, length, bytes + 99, salt, iterations[i], ours);
			assert_int_equal(PKCS5_PBKDF2_HMAC((const char *)bytes, (int)length,
							   bytes + 99, (int)salt,
							   (int)iterations[i], EVP_sha256(),
							   SHA256_BYTES, theirs),
					 1);
			assert_memory_equal(ours, theirs, SHA256_BYTES);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(derives_the_known_subkey),
	    cmocka_unit_test(subkeys_agree_with_the_library),
	    cmocka_unit_test(stretches_known_passwords),
	    cmocka_unit_test(stretching_agrees_with_the_library),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
