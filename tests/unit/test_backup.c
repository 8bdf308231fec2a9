/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/backup.h"

#include "lib/factor/answer.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

/* This definition wins over the C library's. */
static unsigned calls;
static unsigned failing_call;     /* 0: none */
static const uint8_t *known_bits; /* what a request for ten bytes gets; NULL: random ones */

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
	if (known_bits && length == 10) {
		memcpy(buffer, known_bits, length);
		return (ssize_t)length;
	}
	if (++calls != failing_call)
		return syscall(SYS_getrandom, buffer, length, flags);
	errno = ENOSYS;
	return -1;
}

static const uint8_t PEPPER[SHA256_BYTES] = {1, 2, 3};

static const char *code_at(const struct secret *codes, uint32_t index)
{
	return (const char *)codes->bytes + index * BACKUP_CODE_TEXT;
}

/* From what is typed to an index, as a login does it. */
static int find(const struct backup_set *set, const char *typed, const uint8_t *pepper)
{
	AUTO_SECRET reply = SECRET_EMPTY, canonical = SECRET_EMPTY;
	struct backup_guess guess;
	enum answer_shape shape;

	assert_int_equal(secret_copy(&reply, typed, strlen(typed)), ST_OK);
	assert_int_equal(answer_read(&reply, &shape, &canonical), ST_OK);
	assert_int_equal(shape, ANSWER_BACKUP);
	backup_derive(&canonical, set->salt, set->iterations, &guess);
	return backup_find(set, &guess, pepper);
}

static void make(uint32_t count, struct backup_set *set, struct secret *codes)
{
	assert_int_equal(backup_make(77, count, 10, 1234, PEPPER, set, codes), ST_OK);
	assert_int_equal(set->id, 77);
	assert_int_equal(set->count, count);
	assert_int_equal(set->iterations, 10);
	assert_int_equal(set->made, 1234);
	assert_int_equal(codes->length, count * BACKUP_CODE_TEXT);
}

static void finds_each_code_at_its_place(void **state)
{
	(void)state;
	for (uint32_t count = 1; count <= BACKUP_CODES_MAX; count++) {
		AUTO_SECRET codes = SECRET_EMPTY;
		struct backup_set set;
		make(count, &set, &codes);
		for (uint32_t i = 0; i < count; i++) {
			assert_int_equal(strlen(code_at(&codes, i)), BACKUP_CODE_TEXT - 1);
			assert_int_equal(find(&set, code_at(&codes, i), PEPPER), i);
		}
	}
}

/* INP-17, INP-16 */
static void reads_what_people_type(void **state)
{
	AUTO_SECRET codes = SECRET_EMPTY;
	struct backup_set set;
	char typed[BACKUP_CODE_TEXT];

	(void)state;
	make(10, &set, &codes);
	for (uint32_t i = 0; i < 10; i++) {
		memcpy(typed, code_at(&codes, i), sizeof(typed));
		for (char *c = typed; *c; c++) {
			static const char from[] = "ABCDEFGHJKMNPQRSTVWXYZ01-";
			static const char to[] = "abcdefghjkmnpqrstvwxyzOl ";
			const char *at = strchr(from, *c);
			if (at)
				*c = to[at - from];
		}
		assert_int_equal(find(&set, typed, PEPPER), i);
	}
}

static void finds_nothing_else(void **state)
{
	AUTO_SECRET codes = SECRET_EMPTY, canonical = SECRET_EMPTY;
	static const uint8_t other_pepper[SHA256_BYTES] = {1, 2, 4};
	struct backup_set set, changed;
	struct backup_guess guess;
	char typed[BACKUP_CODE_TEXT];

	(void)state;
	make(10, &set, &codes);
	memcpy(typed, code_at(&codes, 3), sizeof(typed));
	assert_int_equal(find(&set, typed, PEPPER), 3);
	assert_int_equal(find(&set, typed, other_pepper), -1);
	for (size_t i = 0; i < sizeof(typed) - 1; i++) {
		char was = typed[i];
		if (was == '-')
			continue;
		typed[i] = was == '7' ? '8' : '7';
		assert_int_equal(find(&set, typed, PEPPER), -1);
		typed[i] = was;
	}
	changed = set; /* bound to the set's id */
	changed.id++;
	assert_int_equal(find(&changed, typed, PEPPER), -1);
	changed = set; /* bound to its place */
	memcpy(changed.hash[4], set.hash[3], SHA256_BYTES);
	memset(changed.hash[3], 0, SHA256_BYTES);
	assert_int_equal(find(&changed, typed, PEPPER), -1);
	changed = set; /* beyond the count */
	changed.count = 3;
	assert_int_equal(find(&changed, typed, PEPPER), -1);
	changed.count = 0;
	assert_int_equal(find(&changed, typed, PEPPER), -1);
	/* a guess made for another set */
	assert_int_equal(secret_copy(&canonical, "ABCDEFGHJKMNPQRS", 16), ST_OK);
	backup_derive(&canonical, set.salt, set.iterations, &guess);
	assert_int_equal(backup_find(&set, &guess, PEPPER), -1);
}

static void a_guess_is_of_one_set(void **state)
{
	AUTO_SECRET codes = SECRET_EMPTY, reply = SECRET_EMPTY, canonical = SECRET_EMPTY;
	struct backup_set set;
	struct backup_guess guess;
	enum answer_shape shape;

	(void)state;
	make(5, &set, &codes);
	assert_int_equal(secret_copy(&reply, code_at(&codes, 4), BACKUP_CODE_TEXT - 1), ST_OK);
	assert_int_equal(answer_read(&reply, &shape, &canonical), ST_OK);
	backup_derive(&canonical, set.salt, set.iterations, &guess);
	assert_int_equal(backup_find(&set, &guess, PEPPER), 4);
	guess.salt[15] ^= 1;
	assert_int_equal(backup_find(&set, &guess, PEPPER), -1);
	guess.salt[15] ^= 1;
	guess.iterations++;
	assert_int_equal(backup_find(&set, &guess, PEPPER), -1);
}

/* The stored form, from DESIGN and the library alone. */
static void stores_what_the_format_says(void **state)
{
	AUTO_SECRET codes = SECRET_EMPTY;
	struct backup_set set;

	(void)state;
	make(3, &set, &codes);
	for (uint32_t i = 0; i < 3; i++) {
		uint8_t message[8 + SHA256_BYTES] = {0, 0, 0, 77, 0, 0, 0, (uint8_t)i};
		uint8_t want[SHA256_BYTES];
		char symbols[BACKUP_CODE_SYMBOLS];
		unsigned size;
		for (size_t g = 0; g < 4; g++)
			memcpy(symbols + 4 * g, code_at(&codes, i) + 5 * g, 4);
		assert_int_equal(PKCS5_PBKDF2_HMAC(symbols, sizeof(symbols), set.salt,
						   sizeof(set.salt), 10, EVP_sha256(), SHA256_BYTES,
						   message + 8),
				 1);
		assert_non_null(HMAC(EVP_sha256(), PEPPER, sizeof(PEPPER), message, sizeof(message),
				     want, &size));
		assert_memory_equal(set.hash[i], want, SHA256_BYTES);
	}
}

static void refuses_counts_and_iterations(void **state)
{
	static const uint32_t rows[][2] = {{0, 10},
					   {BACKUP_CODES_MAX + 1, 10},
					   {UINT32_MAX, 10},
					   {10, 0},
					   {10, BACKUP_ITERATIONS_MAX + 1}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_SECRET codes = SECRET_EMPTY;
		struct backup_set set;
		assert_int_equal(backup_make(1, rows[i][0], rows[i][1], 0, PEPPER, &set, &codes),
				 ST_RANGE);
		assert_int_equal(set.count, 0);
		assert_int_equal(codes.length, 0);
	}
}

/* SEC-07 */
static void stops_without_randomness(void **state)
{
	(void)state;
	for (failing_call = 1; failing_call <= 11; failing_call++) {
		AUTO_SECRET codes = SECRET_EMPTY;
		struct backup_set set, empty;
		memset(&empty, 0, sizeof(empty));
		memset(&set, 0x55, sizeof(set));
		calls = 0;
		assert_int_equal(backup_make(1, 10, 1, 0, PEPPER, &set, &codes), ST_IO);
		assert_int_equal(set.count, 0);
		assert_memory_equal(set.hash, empty.hash, sizeof(set.hash));
		assert_int_equal(codes.length, 0);
		assert_null(codes.bytes);
	}
	failing_call = 0;
}

/* Every random bit is in exactly one symbol. */
static void spells_every_bit_once(void **state)
{
	static const char *const symbol[] = {"G", "8", "4", "2", "1"};
	uint8_t bits[10];

	(void)state;
	known_bits = bits;
	for (size_t bit = 0; bit < 80; bit++) {
		AUTO_SECRET codes = SECRET_EMPTY;
		struct backup_set set;
		char want[] = "0000-0000-0000-0000";
		memset(bits, 0, sizeof(bits));
		bits[bit / 8] = (uint8_t)(0x80 >> bit % 8);
		want[bit / 5 + bit / 20] = *symbol[bit % 5];
		make(1, &set, &codes);
		assert_string_equal(code_at(&codes, 0), want);
	}
	known_bits = NULL;
}

enum { ROUNDS = 50000, CODES = ROUNDS * BACKUP_CODES_MAX };

static int compare_codes(const void *a, const void *b)
{
	return memcmp(a, b, BACKUP_CODE_SYMBOLS);
}

/* SEC-08: a million codes, every symbol as often as any other at each place, none twice. */
static void draws_without_bias(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	static unsigned seen[BACKUP_CODE_SYMBOLS][256];
	char(*all)[BACKUP_CODE_SYMBOLS] = malloc(CODES * sizeof(*all));
	struct backup_set set;

	(void)state;
	assert_non_null(all);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		AUTO_SECRET codes = SECRET_EMPTY;
		assert_int_equal(backup_make(round, BACKUP_CODES_MAX, 1, 0, PEPPER, &set, &codes),
				 ST_OK);
		for (uint32_t c = 0; c < BACKUP_CODES_MAX; c++)
			for (size_t i = 0; i < BACKUP_CODE_SYMBOLS; i++) {
				char symbol = code_at(&codes, c)[i + i / 4];
				seen[i][(unsigned char)symbol]++;
				all[round * BACKUP_CODES_MAX + c][i] = symbol;
			}
	}
	for (size_t i = 0; i < BACKUP_CODE_SYMBOLS; i++) {
		double expected = CODES / 32.0, chi = 0;
		for (const char *s = alphabet; *s; s++) {
			double off = seen[i][(unsigned char)*s] - expected;
			chi += off * off / expected;
		}
		/* 31 degrees of freedom: above 100 once in 3e8, below 5 once in 1e9 */
		assert_true(chi > 5 && chi < 100);
	}
	qsort(all, CODES, sizeof(*all), compare_codes);
	for (size_t i = 1; i < CODES; i++)
		assert_memory_not_equal(all[i - 1], all[i], sizeof(*all));
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_each_code_at_its_place),
	    cmocka_unit_test(reads_what_people_type),
	    cmocka_unit_test(finds_nothing_else),
	    cmocka_unit_test(a_guess_is_of_one_set),
	    cmocka_unit_test(stores_what_the_format_says),
	    cmocka_unit_test(refuses_counts_and_iterations),
	    cmocka_unit_test(stops_without_randomness),
	    cmocka_unit_test(spells_every_bit_once),
	    cmocka_unit_test(draws_without_bias),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
