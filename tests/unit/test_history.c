/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/history.h"

#include <crypt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char hello[] = "$5$rounds=1000$abcdefgh$";

/* A hash of a password; the text lives until the next call. */
static const char *hash_of(const char *password)
{
	static struct crypt_data data;
	const char *hash;

	memset(&data, 0, sizeof(data));
	hash = crypt_r(password, hello, &data);
	assert_non_null(hash);
	assert_int_equal(hash[0], '$');
	return hash;
}

static void add(struct secret *history, const char *password, uint32_t keep)
{
	assert_int_equal(history_add(history, hash_of(password), keep), ST_OK);
}

static bool has(const struct secret *history, uint32_t last, const char *current, const char *word)
{
	bool former = false;

	assert_int_equal(history_has(history, last, current, word, &former), ST_OK);
	return former;
}

static size_t lines(const struct secret *history)
{
	size_t count = 0;

	for (size_t i = 0; i < history->length; i++)
		count += history->bytes[i] == '\n';
	return count;
}

static void remembers_the_last_ones(void **state)
{
	AUTO_SECRET history = SECRET_EMPTY;
	char word[16];

	(void)state;
	for (int i = 0; i < 8; i++) {
		snprintf(word, sizeof(word), "Word-%d", i);
		add(&history, word, 5);
	}
	assert_int_equal(lines(&history), 5);
	for (int i = 0; i < 10; i++) {
		snprintf(word, sizeof(word), "Word-%d", i);
		assert_int_equal(has(&history, 5, NULL, word), i >= 3 && i < 8);
		assert_int_equal(has(&history, 2, NULL, word), i >= 6 && i < 8);
		assert_false(has(&history, 0, NULL, word));
	}
	assert_false(has(&history, 5, NULL, ""));
	assert_false(has(&history, 5, NULL, "word-7"));
}

static void keeps_fewer_when_told(void **state)
{
	AUTO_SECRET history = SECRET_EMPTY;

	(void)state;
	add(&history, "one", 3);
	add(&history, "two", 3);
	add(&history, "three", 3);
	assert_int_equal(lines(&history), 3);
	add(&history, "three", 3);
	assert_int_equal(lines(&history), 3);
	add(&history, "four", 1);
	assert_int_equal(lines(&history), 1);
	assert_true(has(&history, 5, NULL, "four"));
	assert_false(has(&history, 5, NULL, "three"));
	add(&history, "four", 1);
	assert_int_equal(lines(&history), 1);
	add(&history, "five", 0);
	assert_int_equal(lines(&history), 0);
}

static void knows_the_present_one(void **state)
{
	AUTO_SECRET history = SECRET_EMPTY;
	char current[CRYPT_OUTPUT_SIZE];

	(void)state;
	strcpy(current, hash_of("present"));
	assert_true(has(&history, 5, current, "present"));
	assert_false(has(&history, 5, current, "other"));
	assert_false(has(&history, 5, NULL, "present"));
}

static void takes_no_junk(void **state)
{
	static const char *const junk[] = {"",
					   "x",
					   "*",
					   "!",
					   "!!",
					   "!$5$abcdefgh$x",
					   "short",
					   "$5$with:colon$xxxxxxxxxx",
					   "$5$with\nline$xxxxxxxxxxx",
					   "$5$with blank$xxxxxxxxxxx"};
	AUTO_SECRET history = SECRET_EMPTY;
	char long_one[CRYPT_OUTPUT_SIZE + 1];

	(void)state;
	add(&history, "one", 5);
	for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++)
		assert_int_equal(history_add(&history, junk[i], 5), ST_SYNTAX);
	memset(long_one, 'x', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	assert_int_equal(history_add(&history, long_one, 5), ST_SYNTAX);
	assert_int_equal(lines(&history), 1);
}

/* A hash of a method that is gone, and one made to match the failure token of crypt. */
static void an_unknown_hash_matches_nothing(void **state)
{
	static const char text[] = "$zz$salt$xxxxxxxxxxxxxxxxxxxx\n*0\n*1\n\n*0xxxxxxxxxxxx\n";
	AUTO_SECRET history = SECRET_EMPTY;

	(void)state;
	assert_int_equal(secret_copy(&history, text, sizeof(text) - 1), ST_OK);
	assert_false(has(&history, 9, NULL, "anything"));
	assert_false(has(&history, 9, "*0", "anything"));
	assert_false(has(&history, 9, "", "anything"));
	add(&history, "one", 9);
	assert_true(has(&history, 9, NULL, "one"));
}

static void nobody_has_no_hash(void **state)
{
	AUTO_SECRET hash = SECRET_EMPTY;

	(void)state;
	assert_int_not_equal(shadow_hash("no-such-user-of-kling", &hash), ST_OK);
	assert_int_equal(hash.length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(remembers_the_last_ones),
	    cmocka_unit_test(keeps_fewer_when_told),
	    cmocka_unit_test(knows_the_present_one),
	    cmocka_unit_test(takes_no_junk),
	    cmocka_unit_test(an_unknown_hash_matches_nothing),
	    cmocka_unit_test(nobody_has_no_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
