/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/blocklist.h"

#include "lib/crypto/digest.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINE = 64 };

struct place {
	char dir[64];
	char path[96];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return -1;
	strcpy(place->dir, "/tmp/kling-list-XXXXXX");
	if (!mkdtemp(place->dir))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/list", place->dir);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	remove(place->path);
	rmdir(place->dir);
	free(place);
	return 0;
}

static void write_list(const struct place *place, const void *bytes, size_t len)
{
	FILE *file;

	remove(place->path);
	file = fopen(place->path, "w");
	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0644), 0);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static enum status has(const struct place *place, const char *password, bool *listed)
{
	return blocklist_has(place->path, geteuid(), (const uint8_t *)password, strlen(password),
			     listed);
}

static void expect(const struct place *place, const char *password, bool expected)
{
	bool listed = !expected;
	enum status s = has(place, password, &listed);

	if (s != ST_OK || listed != expected)
		fail_msg("\"%s\": status %d, listed %d", password, s, listed);
}

static void expect_failure(const struct place *place, enum status expected)
{
	bool listed = false;

	assert_int_equal(has(place, "Brisk-Otter7", &listed), expected);
	assert_true(listed);
	assert_int_equal(blocklist_check(place->path, geteuid()), expected);
}

static void finds_words(void **state)
{
	static const char words[] =
	    "first\nBrisk-Otter7\r\n\n\xc3\x84rger-mit-7\nsp ace \nJ\xfcrgen-77\n"
	    "\xc4\xb0stanbul\nlast";
	const struct place *place = *state;

	write_list(place, words, sizeof(words) - 1);
	assert_int_equal(blocklist_check(place->path, geteuid()), ST_OK);
	expect(place, "first", true);
	expect(place, "FIRST", true);
	expect(place, "Brisk-Otter7", true);
	expect(place, "brisk-otter7", true);
	expect(place, "BRISK-OTTER7", true);
	expect(place, "\xc3\xa4rger-MIT-7", true);
	expect(place, "sp ace ", true);
	expect(place, "J\xfcRGEN-77", true);
	expect(place, "istanbul", true);
	expect(place, "last", true);
	expect(place, "", false);
	expect(place, "fir", false);
	expect(place, "first\n", false);
	expect(place, "Brisk-Otter7\r", false);
	expect(place, "Brisk-Otter", false);
	expect(place, "Brisk-Otter77", false);
	expect(place, "sp ace", false);
	expect(place, "las", false);
	expect(place, "lastx", false);
}

/* A word at every place around the edge of a block, and behind lines too long to be one. */
static void finds_words_across_blocks(void **state)
{
	const struct place *place = *state;
	static char text[3 * 4096 + 64];

	for (size_t at = 4070; at < 4110; at++) {
		memset(text, 'x', sizeof(text));
		for (size_t i = 99; i < at - 1; i += 100)
			text[i] = '\n';
		text[at - 1] = '\n';
		memcpy(text + at, "Brisk-Otter7\n", 13);
		write_list(place, text, sizeof(text));
		expect(place, "brisk-otter7", true);
		expect(place, "risk-otter7", false);
	}
	memset(text, 'x', sizeof(text));
	memcpy(text + sizeof(text) - 13, "\nBrisk-Otter7", 13);
	write_list(place, text, sizeof(text));
	expect(place, "Brisk-Otter7", true);
	memset(text, 'x', 600);
	memcpy(text + 600, "\n", 1);
	write_list(place, text, 601);
	text[511] = '\0';
	expect(place, text, false);
	memset(text, 'x', 600);
	text[511] = '\n';
	write_list(place, text, 600);
	text[511] = '\0';
	expect(place, text, true);
}

static void takes_16_mib_of_words(void **state)
{
	const struct place *place = *state;
	size_t size = BLOCKLIST_WORDS_MAX;
	char *text = malloc(size + 1);

	assert_non_null(text);
	for (size_t i = 0; i <= size; i++)
		text[i] = i % 16 == 15 ? '\n' : 'w';
	memcpy(text + size - 13, "\nBrisk-Otter7", 13);
	write_list(place, text, size);
	expect(place, "Brisk-Otter7", true);
	expect(place, "Brisk-Otter8", false);
	write_list(place, text, size + 1);
	free(text);
	expect_failure(place, ST_TOO_BIG);
}

struct entry {
	uint8_t hash[SHA1_BYTES];
};

static int by_hash(const void *a, const void *b)
{
	return memcmp(a, b, SHA1_BYTES);
}

/* The hashes of "pass-0" to "pass-(count - 1)", sorted. */
static struct entry *hashes(size_t count)
{
	struct entry *entries = calloc(count, sizeof(*entries));

	assert_non_null(entries);
	for (size_t i = 0; i < count; i++) {
		char word[32];
		int len = snprintf(word, sizeof(word), "pass-%zu", i);

		digest_sha1(word, (size_t)len, entries[i].hash);
	}
	qsort(entries, count, sizeof(*entries), by_hash);
	return entries;
}

struct style {
	const char *digit; /* format of a byte */
	bool counted;
	const char *end;
	bool open_end;
};

static size_t put_line(char *to, const struct entry *entry, const struct style *style, size_t i)
{
	size_t len = 0;

	for (size_t j = 0; j < SHA1_BYTES; j++)
		len += (size_t)sprintf(to + len, style->digit[0] == 'X' ? "%02X" : "%02x",
				       entry->hash[j]);
	if (style->counted)
		len += (size_t)sprintf(to + len, ":%zu", i * i % 1000003 + 1);
	return len + (size_t)sprintf(to + len, "%s", style->end);
}

static void write_hashes(const struct place *place, const struct entry *entries, size_t count,
			 const struct style *style)
{
	char *text = malloc(count * LINE + 1);
	size_t len = 0;

	assert_non_null(text);
	for (size_t i = 0; i < count; i++)
		len += put_line(text + len, &entries[i], style, i);
	write_list(place, text, len - (style->open_end ? strlen(style->end) : 0));
	free(text);
}

static const struct style usual = {"X", true, "\r\n", false};

static void finds_every_hash(void **state)
{
	static const size_t counts[] = {1, 2, 3, 79, 80, 81, 160, 161, 1000, 20000};
	static const struct style styles[] = {{"X", true, "\r\n", false},
					      {"X", true, "\n", true},
					      {"x", false, "\n", false},
					      {"X", false, "\r\n", true}};
	const struct place *place = *state;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct entry *entries = hashes(counts[i]);

		for (size_t j = 0; j < sizeof(styles) / sizeof(styles[0]); j++) {
			write_hashes(place, entries, counts[i], &styles[j]);
			assert_int_equal(blocklist_check(place->path, geteuid()), ST_OK);
			for (size_t k = 0; k < counts[i] + 100; k += 1 + counts[i] / 1000) {
				char word[32];

				snprintf(word, sizeof(word), "pass-%zu", k);
				expect(place, word, k < counts[i]);
			}
		}
		free(entries);
	}
}

static void finds_the_lower_case(void **state)
{
	const struct place *place = *state;
	struct entry *entries = hashes(500);

	write_hashes(place, entries, 500, &usual);
	expect(place, "pass-7", true);
	expect(place, "PASS-7", true);
	expect(place, "Pass-499", true);
	expect(place, "Pass-500", false);
	expect(place, "pass-7\xff", false);
	free(entries);
}

/* Hashes that crowd together defeat the guessing, not the search. */
static void finds_hashes_that_crowd(void **state)
{
	const struct place *place = *state;
	size_t count = 20000;
	struct entry *entries = calloc(count, sizeof(*entries));

	assert_non_null(entries);
	for (size_t i = 0; i < count; i++) {
		memset(entries[i].hash, i < count / 2 ? 0x00 : 0xFE, SHA1_BYTES);
		entries[i].hash[17] = (uint8_t)(i >> 16);
		entries[i].hash[18] = (uint8_t)(i >> 8);
		entries[i].hash[19] = (uint8_t)i;
	}
	digest_sha1("Brisk-Otter7", 12, entries[count / 2].hash);
	write_hashes(place, entries, count, &usual);
	expect(place, "Brisk-Otter7", true);
	expect(place, "Brisk-Otter8", false);
	free(entries);
}

static void refuses_hashes_out_of_order(void **state)
{
	const struct place *place = *state;
	struct entry *entries = hashes(1000);
	struct entry one = entries[0];

	/* A small list is looked at whole by the check, wherever two lines are the wrong way round.
	 */
	for (size_t i = 0; i + 1 < 1000; i += 3) {
		struct entry kept = entries[i];

		entries[i] = entries[i + 1];
		entries[i + 1] = kept;
		write_hashes(place, entries, 1000, &usual);
		assert_int_equal(blocklist_check(place->path, geteuid()), ST_CORRUPT);
		entries[i + 1] = entries[i];
		entries[i] = kept;
	}
	/* A list that was never sorted is noticed by a look-up, too. */
	for (size_t i = 0; i < 1000; i++) {
		char word[32];
		int len = snprintf(word, sizeof(word), "pass-%zu", i);

		digest_sha1(word, (size_t)len, entries[i].hash);
	}
	write_hashes(place, entries, 1000, &usual);
	expect_failure(place, ST_CORRUPT);
	/* Two lines: in one window. */
	entries[0] = one;
	memset(entries[1].hash, 0, SHA1_BYTES);
	write_hashes(place, entries, 2, &usual);
	expect_failure(place, ST_CORRUPT);
	free(entries);
}

static void refuses_lines_that_are_no_hash(void **state)
{
	static const char *const lines[] = {
	    "0000000000000000000000000000000000000000:\n",
	    "00000000000000000000000000000000000000000\n",
	    "000000000000000000000000000000000000000\n",
	    "0000000000000000000000000000000000000000 1\n",
	    "0000000000000000000000000000000000000000:1x\n",
	    "000000000000000000000000000000000000000g\n",
	    "\n",
	    "password\n",
	};
	const struct place *place = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[256];

		snprintf(text, sizeof(text), "0000000000000000000000000000000000000000:1\n%s",
			 lines[i]);
		write_list(place, text, strlen(text));
		expect_failure(place, ST_CORRUPT);
	}
}

static void refuses_what_is_no_list(void **state)
{
	const struct place *place = *state;

	expect_failure(place, ST_MISSING);
	write_list(place, "", 0);
	expect_failure(place, ST_CORRUPT);
	write_list(place, "first\nsec\0ond\nthird\n", 20);
	expect_failure(place, ST_CORRUPT);
	remove(place->path);
	assert_int_equal(mkdir(place->path, 0755), 0);
	expect_failure(place, ST_PERM);
	remove(place->path);
	assert_int_equal(mkfifo(place->path, 0644), 0);
	expect_failure(place, ST_PERM);
	remove(place->path);
	assert_int_equal(symlink("/etc/passwd", place->path), 0);
	expect_failure(place, ST_PERM);
}

static void refuses_what_others_may_write(void **state)
{
	const struct place *place = *state;
	bool listed = false;

	write_list(place, "first\n", 6);
	expect(place, "first", true);
	assert_int_equal(chmod(place->path, 0664), 0);
	expect_failure(place, ST_PERM);
	assert_int_equal(chmod(place->path, 0646), 0);
	expect_failure(place, ST_PERM);
	assert_int_equal(chmod(place->path, 0644), 0);
	assert_int_equal(chmod(place->dir, 0777), 0);
	expect_failure(place, ST_PERM);
	assert_int_equal(chmod(place->dir, 0700), 0);
	expect(place, "first", true);
	if (geteuid() == 0) {
		assert_int_equal(chown(place->path, 1, 1), 0);
		expect_failure(place, ST_PERM);
	}
	assert_int_equal(blocklist_has("list", geteuid(), (const uint8_t *)"x", 1, &listed),
			 ST_PERM);
	assert_true(listed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_A_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
	    IN_A_PLACE(finds_words),
	    IN_A_PLACE(finds_words_across_blocks),
	    IN_A_PLACE(takes_16_mib_of_words),
	    IN_A_PLACE(finds_every_hash),
	    IN_A_PLACE(finds_the_lower_case),
	    IN_A_PLACE(finds_hashes_that_crowd),
	    IN_A_PLACE(refuses_hashes_out_of_order),
	    IN_A_PLACE(refuses_lines_that_are_no_hash),
	    IN_A_PLACE(refuses_what_is_no_list),
	    IN_A_PLACE(refuses_what_others_may_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
