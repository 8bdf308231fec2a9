/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/digest.h"

#include "lib/base/number.h"
#include "lib/crypto/random.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
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

static void hashes_known_texts(void **state)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	static const struct {
		const char *text, *sha1, *sha256;
	} cases[] = {
	    {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    {"abc", "a9993e364706816aba3e25717850c26c9cd0d89d",
	     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {two_blocks, "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
	     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t out[SHA256_BYTES];
		struct span whole = {cases[i].text, strlen(cases[i].text)};
		digest_sha256(&whole, 1, out);
		assert_hex(out, SHA256_BYTES, cases[i].sha256);
		digest_sha1(whole.bytes, whole.length, out);
		assert_hex(out, SHA1_BYTES, cases[i].sha1);
	}
}

static void parts_are_one_message(void **state)
{
	uint8_t message[300], whole[SHA256_BYTES], parted[SHA256_BYTES];

	(void)state;
	assert_int_equal(random_bytes(message, sizeof(message)), ST_OK);
	for (size_t length = 0; length <= sizeof(message); length++) {
		size_t cut = length / 3;
		struct span parts[] = {{message, cut}, {NULL, 0}, {message + cut, length - cut}};
		digest_sha256(&(struct span){message, length}, 1, whole);
		digest_sha256(parts, 3, parted);
		assert_memory_equal(whole, parted, SHA256_BYTES);
		mac_sha256("key", 3, &(struct span){message, length}, 1, whole);
		mac_sha256("key", 3, parts, 3, parted);
		assert_memory_equal(whole, parted, SHA256_BYTES);
	}
	digest_sha256(NULL, 0, whole);
	assert_hex(whole, 4, "e3b0c442");
}

/* RFC 4231, the cases with a whole tag. */
static void macs_known_texts(void **state)
{
	uint8_t repeated[152], key[131], out[SHA256_BYTES];
	static const char counted[] = "0102030405060708090a0b0c0d0e0f10111213141516171819";

	(void)state;
	memset(key, 0x0b, 20);
	mac_sha256(key, 20, &(struct span){"Hi There", 8}, 1, out);
	assert_hex(out, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	mac_sha256("Jefe", 4, &(struct span){"what do ya want for nothing?", 28}, 1, out);
	assert_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(repeated, 0xdd, 50);
	mac_sha256(key, 20, &(struct span){repeated, 50}, 1, out);
	assert_hex(out, 32, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	memset(repeated, 0xcd, 50);
	assert_int_equal(hex_parse(counted, key, 25), ST_OK);
	mac_sha256(key, 25, &(struct span){repeated, 50}, 1, out);
	assert_hex(out, 32, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
	memset(key, 0xaa, sizeof(key));
	mac_sha256(key, 131,
		   &(struct span){"Test Using Larger Than Block-Size Key - Hash Key First", 54}, 1,
		   out);
	assert_hex(out, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void agrees_with_the_library(void **state)
{
	uint8_t key[200], message[200], ours[SHA256_BYTES], theirs[SHA256_BYTES];
	unsigned size;

	(void)state;
	assert_int_equal(random_bytes(key, sizeof(key)), ST_OK);
	assert_int_equal(random_bytes(message, sizeof(message)), ST_OK);
	for (size_t i = 0; i <= sizeof(key); i++) {
		struct span part = {message, sizeof(message) - i};
		mac_sha256(key, i, &part, 1, ours);
		assert_non_null(
		    HMAC(EVP_sha256(), key, (int)i, message, part.length, theirs, &size));
		assert_memory_equal(ours, theirs, SHA256_BYTES);
		digest_sha256(&part, 1, ours);
		assert_true(EVP_Digest(message, part.length, theirs, &size, EVP_sha256(), NULL));
		assert_memory_equal(ours, theirs, SHA256_BYTES);
		digest_sha1(message, part.length, ours);
		assert_true(EVP_Digest(message, part.length, theirs, &size, EVP_sha1(), NULL));
		assert_memory_equal(ours, theirs, SHA1_BYTES);
	}
}

static void equal_sees_every_bit(void **state)
{
	uint8_t a[40], b[40];

	(void)state;
	assert_int_equal(random_bytes(a, sizeof(a)), ST_OK);
	memcpy(b, a, sizeof(b));
	assert_true(bytes_equal(a, b, sizeof(a)));
	assert_true(bytes_equal(NULL, NULL, 0));
	for (size_t bit = 0; bit < 8 * sizeof(a); bit++) {
		b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(bytes_equal(a, b, sizeof(a)));
		assert_true(bytes_equal(a, b, bit / 8));
		b[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hashes_known_texts),   cmocka_unit_test(parts_are_one_message),
	    cmocka_unit_test(macs_known_texts),     cmocka_unit_test(agrees_with_the_library),
	    cmocka_unit_test(equal_sees_every_bit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
