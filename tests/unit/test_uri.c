/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/uri.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static void fill(struct otpauth *otpauth, const char *issuer, const char *label)
{
	*otpauth = (struct otpauth){.token = {.algorithm = TOKEN_SHA1, .digits = 6, .period = 30}};
	snprintf(otpauth->issuer, sizeof(otpauth->issuer), "%s", issuer);
	snprintf(otpauth->token.label, sizeof(otpauth->token.label), "%s", label);
	memcpy(otpauth->token.secret, "12345678901234567890", 20);
	otpauth->token.secret_length = 20;
}

/* ENR-07 */
static void test_add(void **state)
{
	static const struct {
		const char *issuer, *label, *uri;
	} rows[] = {
	    {"web1", "alice@web1", "otpauth://totp/web1:alice@web1?secret=" SECRET "&issuer=web1"},
	    {"", "alice", "otpauth://totp/alice?secret=" SECRET},
	    {"A & B", "a:b%c d",
	     "otpauth://totp/A%20%26%20B:a%3Ab%25c%20d?secret=" SECRET "&issuer=A%20%26%20B"},
	    {"B\303\274ro", "j\303\266rg?#+/",
	     "otpauth://totp/B%C3%BCro:j%C3%B6rg%3F%23%2B%2F?secret=" SECRET "&issuer=B%C3%BCro"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_OUT out = OUT_EMPTY;
		AUTO_OTPAUTH otpauth;
		fill(&otpauth, rows[i].issuer, rows[i].label);
		uri_add(&out, &otpauth);
		assert_string_equal(out_string(&out), rows[i].uri);
	}
}

static void test_add_parameters(void **state)
{
	AUTO_OUT out = OUT_EMPTY;
	AUTO_OTPAUTH otpauth;

	(void)state;
	fill(&otpauth, "", "a");
	otpauth.token.algorithm = TOKEN_SHA512;
	otpauth.token.digits = 8;
	otpauth.token.period = 60;
	uri_add(&out, &otpauth);
	assert_string_equal(out_string(&out), "otpauth://totp/a?secret=" SECRET
					      "&algorithm=SHA512&digits=8&period=60");
}

/* ENR-07: what is written is read back, with every kind of character and at full length. */
static void test_round_trip(void **state)
{
	char longest[TOKEN_LABEL_MAX + 1];
	const char *labels[] = {
	    "alice@web1", "a b", "100%", "x&y=z", "\342\202\254 \360\237\224\221", longest};

	(void)state;
	memset(longest, 'x', TOKEN_LABEL_MAX);
	longest[TOKEN_LABEL_MAX] = '\0';
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		AUTO_OUT out = OUT_EMPTY;
		AUTO_OTPAUTH in, back;
		struct uri_problem problem = {NULL};
		fill(&in, "Caf\303\251 1", labels[i]);
		uri_add(&out, &in);
		const char *uri = out_string(&out);
		assert_int_equal(uri_parse(uri, strlen(uri), &back, &problem), ST_OK);
		assert_string_equal(back.issuer, in.issuer);
		assert_string_equal(back.token.label, in.token.label);
		assert_int_equal(back.token.secret_length, 20);
		assert_memory_equal(back.token.secret, in.token.secret, 20);
	}
}

static void test_parse(void **state)
{
	static const struct {
		const char *uri;
		enum status status;
	} rows[] = {
	    {"otpauth://totp/alice?secret=" SECRET, ST_OK},
	    {"OTPAUTH://TOTP/alice?SECRET=gezdgnbvgy3tqojqgezdgnbvgy3tqojq", ST_OK},
	    {"otpauth://totp/web1%3A%20alice?secret=" SECRET "%3D%3D", ST_OK},
	    {"otpauth://totp/alice?image=http%3A%2F%2Fx&secret=" SECRET, ST_OK},
	    {"otpauth://totp/alice?secret=" SECRET "&digits=7&period=15&algorithm=sha256", ST_OK},
	    {"", ST_SYNTAX},
	    {"http://totp/alice?secret=" SECRET, ST_SYNTAX},
	    {"otpauth://hotp/alice?counter=0&secret=" SECRET, ST_SYNTAX},
	    {"otpauth://totp/alice", ST_SYNTAX},
	    {"otpauth://totp/alice?secret=", ST_RANGE},
	    {"otpauth://totp/?secret=" SECRET, ST_SYNTAX},
	    {"otpauth://totp/web1:?secret=" SECRET, ST_SYNTAX},
	    {"otpauth://totp/a%00b?secret=" SECRET, ST_SYNTAX},
	    {"otpauth://totp/a%1bb?secret=" SECRET, ST_SYNTAX},
	    {"otpauth://totp/a%ffb?secret=" SECRET, ST_SYNTAX},
	    {"otpauth://totp/a%4?secret=" SECRET, ST_SYNTAX},
	    {"otpauth://totp/alice?secret=" SECRET "&secret=" SECRET, ST_SYNTAX},
	    {"otpauth://totp/alice?secret=GEZDGNBVGY3TQOJQGEZDGNBV",
	     ST_RANGE}, /* ENR-10: 120 bits */
	    {"otpauth://totp/alice?secret=" SECRET "&digits=5", ST_RANGE},
	    {"otpauth://totp/alice?secret=" SECRET "&digits=+6", ST_RANGE},
	    {"otpauth://totp/alice?secret=" SECRET "&period=14", ST_RANGE},
	    {"otpauth://totp/alice?secret=" SECRET "&period=301", ST_RANGE},
	    {"otpauth://totp/alice?secret=" SECRET "&algorithm=MD5", ST_RANGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_OTPAUTH otpauth;
		struct uri_problem problem = {NULL};
		enum status s = uri_parse(rows[i].uri, strlen(rows[i].uri), &otpauth, &problem);
		if (s != rows[i].status)
			print_error("%s\n", rows[i].uri);
		assert_int_equal(s, rows[i].status);
		if (s != ST_OK)
			assert_non_null(problem.text);
	}
}

/* A newline, an escape sequence or half a character never gets into a label. */
static void test_label(void **state)
{
	(void)state;
	assert_true(label_is_fine("alice@web1", 100));
	assert_true(label_is_fine("\303\244", 100));
	assert_false(label_is_fine("", 100));
	assert_false(label_is_fine("a\nb", 100));
	assert_false(label_is_fine("a\033[2J", 100));
	assert_false(label_is_fine("\303", 100));
	assert_false(label_is_fine("abc", 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_add),        cmocka_unit_test(test_add_parameters),
	    cmocka_unit_test(test_round_trip), cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
