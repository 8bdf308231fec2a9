/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/derive.h"
#include "lib/crypto/seal.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/evperr.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* The order of these tests is part of them: the first one needs a process new to OpenSSL. */

static const uint8_t KEY[SEAL_KEY_BYTES] = {7};

/* Everything lib/crypto does with libcrypto, refusals included. */
static void use_everything(void)
{
	AUTO_SECRET plain = SECRET_EMPTY;
	uint8_t sealed[5 + SEAL_OVERHEAD], out[SHA256_BYTES];

	digest_sha256(&(struct span){"text", 4}, 1, out);
	digest_sha1("text", 4, out);
	mac_sha256("key", 3, &(struct span){"text", 4}, 1, out);
	derive_subkey("key", 3, &(struct span){"info", 4}, 1, out);
	derive_password("word", 4, "salt", 4, 2, out);
	assert_int_equal(seal(KEY, "head", 4, "plain", 5, sealed), ST_OK);
	assert_int_equal(unseal(KEY, "head", 4, sealed, sizeof(sealed), &plain), ST_OK);
	assert_int_equal(unseal(KEY, "heat", 4, sealed, sizeof(sealed), &plain), ST_CORRUPT);
}

/* A configuration that shows whether it was read: the library then wants FIPS modules only. */
static int telling_configuration(char path[32])
{
	static const char text[] = "openssl_conf = all\n[all]\nalg_section = alg\n"
				   "[alg]\ndefault_properties = fips=yes\n";
	int fd = memfd_create("openssl.cnf", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

/*
 * Had our use initialised the library, the configuration would have been read, or have been
 * suppressed, by then: one that appears afterwards would have no effect.
 */
static void neither_reads_nor_suppresses_the_configuration(void **state)
{
	char path[32];
	int fd;

	(void)state;
	assert_int_equal(unsetenv("OPENSSL_CONF"), 0);
	use_everything();
	fd = telling_configuration(path);
	assert_int_equal(setenv("OPENSSL_CONF", path, 1), 0);
	assert_int_equal(EVP_default_properties_is_fips_enabled(NULL), 1);
	assert_int_equal(unsetenv("OPENSSL_CONF"), 0);
	close(fd);
}

/* The host's settings do not reach us: here it wants FIPS modules that are not there. */
static void works_under_any_default(void **state)
{
	(void)state;
	assert_null(EVP_MD_fetch(NULL, "SHA256", NULL));
	ERR_clear_error();
	use_everything();
	assert_int_equal(EVP_default_properties_is_fips_enabled(NULL), 1);
	assert_int_equal(EVP_default_properties_enable_fips(NULL, 0), 1);
}

static void leaves_the_error_queue_alone(void **state)
{
	unsigned long first;

	(void)state;
	ERR_clear_error();
	use_everything();
	assert_int_equal(ERR_peek_error(), 0);
	ERR_raise(ERR_LIB_EVP, EVP_R_BAD_KEY_LENGTH);
	ERR_raise(ERR_LIB_EVP, EVP_R_BAD_DECRYPT);
	use_everything();
	first = ERR_get_error();
	assert_int_equal(ERR_GET_REASON(first), EVP_R_BAD_KEY_LENGTH);
	assert_int_equal(ERR_GET_REASON(ERR_get_error()), EVP_R_BAD_DECRYPT);
	assert_int_equal(ERR_get_error(), 0);
	assert_string_equal(ERR_reason_error_string(first), "bad key length");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(neither_reads_nor_suppresses_the_configuration),
	    cmocka_unit_test(works_under_any_default),
	    cmocka_unit_test(leaves_the_error_queue_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
