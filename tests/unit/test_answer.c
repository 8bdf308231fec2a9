/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static enum answer_shape shape_of(const char *bytes, size_t length, struct secret *canonical)
{
	AUTO_SECRET reply = SECRET_EMPTY;
	enum answer_shape shape;

	assert_int_equal(secret_copy(&reply, bytes, length), ST_OK);
	assert_int_equal(answer_read(&reply, &shape, canonical), ST_OK);
	return shape;
}

/* INP-04, INP-16, INP-17, INP-18 */
static void tells_answers_by_shape(void **state)
{
	static const struct {
		const char *reply;
		enum answer_shape shape;
		const char *canonical;
	} rows[] = {
	    {"", ANSWER_NONE, ""},
	    {" ", ANSWER_NONE, ""},
	    {" \t  \t", ANSWER_NONE, ""},
	    {"123456", ANSWER_TOTP, "123456"},
	    {"1234567", ANSWER_TOTP, "1234567"},
	    {"12345678", ANSWER_TOTP, "12345678"},
	    {" 123456", ANSWER_TOTP, "123456"},
	    {"\t123456  ", ANSWER_TOTP, "123456"},
	    {"123 456", ANSWER_TOTP, "123456"},
	    {" 1234 5678 ", ANSWER_TOTP, "12345678"},
	    {"12 34 56", ANSWER_OTHER, ""},
	    {"123  456", ANSWER_OTHER, ""},
	    {"123-456", ANSWER_OTHER, ""},
	    {"1", ANSWER_OTHER, ""},
	    {"12345", ANSWER_OTHER, ""},
	    {"123456789", ANSWER_OTHER, ""},
	    {"+12345", ANSWER_OTHER, ""},
	    {"-123456", ANSWER_OTHER, ""},
	    {"abcdef", ANSWER_OTHER, ""},
	    {"12345a", ANSWER_OTHER, ""},
	    {"0x1234", ANSWER_OTHER, ""},
	    {"1e5555", ANSWER_OTHER, ""},
	    {"123456\n", ANSWER_OTHER, ""},
	    {"123456\r", ANSWER_OTHER, ""},
	    {"\n", ANSWER_OTHER, ""},
	    {"\357\274\221\357\274\222\357\274\223\357\274\224\357\274\225\357\274\226",
	     ANSWER_OTHER, ""}, /* full-width digits */
	    {"\331\241\331\242\331\243\331\244\331\245\331\246", ANSWER_OTHER,
	     ""},                                 /* Arabic ones */
	    {"\302\240123456", ANSWER_OTHER, ""}, /* a blank that is none of ours */
	    {"ABCD-EFGH-JKMN-PQRS", ANSWER_BACKUP, "ABCDEFGHJKMNPQRS"},
	    {"abcd-efgh-jkmn-pqrs", ANSWER_BACKUP, "ABCDEFGHJKMNPQRS"},
	    {"abcdefghjkmnpqrs", ANSWER_BACKUP, "ABCDEFGHJKMNPQRS"},
	    {"  abcd efgh\tjkmn pqrs ", ANSWER_BACKUP, "ABCDEFGHJKMNPQRS"},
	    {"a-b-c-d-e-f-g-h-j-k-m-n-p-q-r-s", ANSWER_BACKUP, "ABCDEFGHJKMNPQRS"},
	    {"OoIi-LlTV-WXYZ-2345", ANSWER_BACKUP, "001111TVWXYZ2345"},
	    {"6789-0123-4567-8901", ANSWER_BACKUP, "6789012345678901"},
	    {"1234567890123456", ANSWER_BACKUP, "1234567890123456"},
	    {"1234 5678 9012 3456", ANSWER_BACKUP, "1234567890123456"},
	    {"ABCD-EFGH-JKMN-PQR", ANSWER_OTHER, ""},
	    {"ABCD-EFGH-JKMN-PQRST", ANSWER_OTHER, ""},
	    {"ABCD-EFGH-JKMN-PQRU", ANSWER_OTHER, ""},
	    {"ABCD_EFGH_JKMN_PQRS", ANSWER_OTHER, ""},
	    {"ABCD-EFGH-JKMN-PQRS\n", ANSWER_OTHER, ""},
	    {"----------------", ANSWER_OTHER, ""},
	    {"-", ANSWER_OTHER, ""},
	    {"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", ANSWER_OTHER, ""}, /* a secret, pasted */
	    {"otpauth://totp/x:alice?secret=JBSWY3DPEHPK3PXP&issuer=x", ANSWER_OTHER, ""},
	    {"hunter2", ANSWER_OTHER, ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_SECRET canonical = SECRET_EMPTY;
		assert_int_equal(shape_of(rows[i].reply, strlen(rows[i].reply), &canonical),
				 rows[i].shape);
		assert_true(
		    secret_equals(&canonical, rows[i].canonical, strlen(rows[i].canonical)));
	}
}

/* INP-17: U is not in the alphabet and stands for nothing. Every other byte likewise. */
static void knows_exactly_these_symbols(void **state)
{
	static const char typed[] = "0123456789ABCDEFGHIJKLMNOPQRSTVWXYZabcdefghijklmnopqrstvwxyz";
	static const char meant[] = "0123456789ABCDEFGH1JK1MN0PQRSTVWXYZABCDEFGH1JK1MN0PQRSTVWXYZ";

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		AUTO_SECRET canonical = SECRET_EMPTY;
		char reply[] = "?BCDEFGHJKMNPQRS";
		const char *at = c ? strchr(typed, (int)c) : NULL;
		enum answer_shape shape;
		reply[0] = (char)c;
		shape = shape_of(reply, 16, &canonical);
		assert_int_equal(shape, at ? ANSWER_BACKUP : ANSWER_OTHER);
		if (at)
			assert_int_equal(canonical.bytes[0], meant[at - typed]);
	}
}

static void nul_bytes_are_no_end(void **state)
{
	AUTO_SECRET canonical = SECRET_EMPTY;

	(void)state;
	assert_int_equal(shape_of("123456\0", 7, &canonical), ANSWER_OTHER);
	assert_int_equal(shape_of("\0", 1, &canonical), ANSWER_OTHER);
	assert_int_equal(shape_of("ABCDEFGHJKMNPQR\0", 16, &canonical), ANSWER_OTHER);
}

static void no_reply_is_no_answer(void **state)
{
	AUTO_SECRET canonical = SECRET_EMPTY;
	struct secret reply = SECRET_EMPTY;
	enum answer_shape shape = ANSWER_TOTP;

	(void)state;
	assert_int_equal(secret_copy(&canonical, "old", 3), ST_OK);
	assert_int_equal(answer_read(&reply, &shape, &canonical), ST_OK);
	assert_int_equal(shape, ANSWER_NONE);
	assert_int_equal(canonical.length, 0);
	assert_false(answer_is_junk(&reply));
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* INP-05: any length, refused by it alone. The clock here only catches a scan gone quadratic. */
static void long_answers_cost_nothing(void **state)
{
	static const size_t lengths[] = {511, 512, 513, 65536, 10485760};
	static const char fillers[] = {'1', 'A', ' ', '-', '\b', '\0'};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (size_t f = 0; f < sizeof(fillers); f++) {
			AUTO_SECRET reply = SECRET_EMPTY, canonical = SECRET_EMPTY;
			enum answer_shape shape = ANSWER_TOTP;
			double start;
			assert_int_equal(secret_new(&reply, lengths[i]), ST_OK);
			memset(reply.bytes, fillers[f], lengths[i]);
			reply.length = lengths[i];
			start = seconds();
			assert_int_equal(answer_read(&reply, &shape, &canonical), ST_OK);
			assert_true(seconds() - start < 1);
			assert_int_equal(shape, fillers[f] == ' ' && lengths[i] <= 512
						    ? ANSWER_NONE
						    : ANSWER_OTHER);
			assert_int_equal(canonical.length, 0);
		}
}

/* As sshd makes it: as long as what the client sent. */
static void junk_of(size_t length, struct secret *reply)
{
	static const char junk[] = "\b\n\r\177INCORRECT";

	assert_int_equal(secret_new(reply, length), ST_OK);
	for (size_t i = 0; i < length; i++)
		reply->bytes[i] = (uint8_t)junk[i % (sizeof(junk) - 1)];
	reply->length = length;
}

/* PAM-13 */
static void knows_the_junk_of_a_refusing_host(void **state)
{
	static const size_t lengths[] = {1, 3, 4, 6, 12, 13, 14, 19, 26, 27, 64, 512, 513, 100000};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		AUTO_SECRET reply = SECRET_EMPTY, canonical = SECRET_EMPTY;
		enum answer_shape shape;
		junk_of(lengths[i], &reply);
		assert_true(answer_is_junk(&reply));
		assert_int_equal(answer_read(&reply, &shape, &canonical), ST_OK);
		assert_int_equal(shape, ANSWER_JUNK);
		for (size_t at = 0; at < lengths[i]; at += 1 + lengths[i] / 50) {
			reply.bytes[at] ^= 1;
			assert_false(answer_is_junk(&reply));
			reply.bytes[at] ^= 1;
		}
	}
}

static void what_only_resembles_junk_is_charged(void **state)
{
	static const char *const replies[] = {"INCORRECT", "\n", "\b\n\r\177INCORRECT\n", "\b\b",
					      "123456\b\n"};
	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		AUTO_SECRET canonical = SECRET_EMPTY;
		assert_int_equal(shape_of(replies[i], strlen(replies[i]), &canonical),
				 ANSWER_OTHER);
	}
}

/* PAM: prompt_style = combined */
static void splits_from_the_right(void **state)
{
	static const struct {
		const char *reply;
		unsigned digits;
		const char *password, *code; /* NULL: no split */
	} rows[] = {
	    {"secret123456", 6, "secret", "123456"},
	    {"secret123456", 8, NULL, NULL},
	    {"secret12345678", 8, "secret", "12345678"},
	    {"secret12345678", 6, "secret12", "345678"},
	    {"111111123456", 6, "111111", "123456"},
	    {"x123456", 6, "x", "123456"},
	    {" 123456", 6, " ", "123456"},
	    {"pass word 123456", 6, "pass word ", "123456"},
	    {"123456", 6, NULL, NULL},
	    {"", 6, NULL, NULL},
	    {"secret", 6, NULL, NULL},
	    {"secret12345", 6, NULL, NULL},
	    {"secret123456 ", 6, NULL, NULL},
	    {"secret123456", 0, NULL, NULL},
	    {"secretABCD-EFGH-JKMN-PQRS", 6, "secret", "ABCD-EFGH-JKMN-PQRS"},
	    {"secretabcd-efgh-jkmn-olis", 6, "secret", "abcd-efgh-jkmn-olis"},
	    {"secret-ABCD-EFGH-JKMN-PQRS", 6, "secret-", "ABCD-EFGH-JKMN-PQRS"},
	    {"s1234-5678-9012-3456", 6, "s", "1234-5678-9012-3456"},
	    {"ABCD-EFGH-JKMN-PQRS", 6, NULL, NULL},
	    {"secretABCDEFGHJKMNPQRS", 6, NULL, NULL},
	    {"secretABCD-EFGH-JKMN-PQRU", 6, NULL, NULL},
	    {"secretABCD-EFGHJ-KMN-PQRS", 6, NULL, NULL},
	    {"secretABCD-EFGH-JKMN-123456", 6, "secretABCD-EFGH-JKMN-", "123456"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_SECRET reply = SECRET_EMPTY, password = SECRET_EMPTY, code = SECRET_EMPTY;
		const char *p = rows[i].password ? rows[i].password : "";
		const char *c = rows[i].code ? rows[i].code : "";
		assert_int_equal(secret_copy(&reply, rows[i].reply, strlen(rows[i].reply)), ST_OK);
		assert_int_equal(secret_copy(&password, "old", 3), ST_OK);
		assert_int_equal(secret_copy(&code, "old", 3), ST_OK);
		assert_int_equal(answer_split(&reply, rows[i].digits, &password, &code),
				 rows[i].code ? ST_OK : ST_SYNTAX);
		assert_true(secret_equals(&password, p, strlen(p)));
		assert_true(secret_equals(&code, c, strlen(c)));
	}
}

static void splits_nothing_endless(void **state)
{
	AUTO_SECRET reply = SECRET_EMPTY, password = SECRET_EMPTY, code = SECRET_EMPTY;

	(void)state;
	assert_int_equal(secret_new(&reply, 10485760), ST_OK);
	memset(reply.bytes, '7', reply.capacity);
	reply.length = 10485760;
	assert_int_equal(answer_split(&reply, 6, &password, &code), ST_SYNTAX);
	assert_int_equal(answer_split(&reply, UINT32_MAX, &password, &code), ST_SYNTAX);
	reply.length = 1024;
	assert_int_equal(answer_split(&reply, UINT32_MAX, &password, &code), ST_SYNTAX);
	assert_int_equal(answer_split(&reply, 8, &password, &code), ST_OK);
	assert_int_equal(password.length, 1016);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_answers_by_shape),
	    cmocka_unit_test(knows_exactly_these_symbols),
	    cmocka_unit_test(nul_bytes_are_no_end),
	    cmocka_unit_test(no_reply_is_no_answer),
	    cmocka_unit_test(long_answers_cost_nothing),
	    cmocka_unit_test(knows_the_junk_of_a_refusing_host),
	    cmocka_unit_test(what_only_resembles_junk_is_charged),
	    cmocka_unit_test(splits_from_the_right),
	    cmocka_unit_test(splits_nothing_endless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
