/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Both forms of a blocklist against a reading from end to end. The first byte says which: the text
 * as it is, or a list of hashes made from it (two bytes a hash, sorted or not). The next two bytes
 * are what is looked for, and how long a line's count is.
 */
#include "lib/password/list_file.h"
#include "policy/password_rules.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER = 4, TEXT_MAX = 1 << 18, DIGITS = 2 * SHA1_BYTES };

static char text[TEXT_MAX + 64];
static size_t length;

static void spread(const uint8_t seed[2], uint8_t hash[SHA1_BYTES])
{
	for (size_t i = 0; i < SHA1_BYTES; i++)
		hash[i] = (uint8_t)(i < 2 ? seed[i] : i < 18 ? 0x5a : seed[i % 2]);
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 2);
}

static void make_list(const uint8_t *seeds, size_t count, unsigned style)
{
	length = 0;
	for (size_t i = 0; i < count && length < TEXT_MAX; i++) {
		uint8_t hash[SHA1_BYTES];

		spread(seeds + 2 * i, hash);
		for (size_t j = 0; j < SHA1_BYTES; j++)
			length +=
			    (size_t)sprintf(text + length, style & 1 ? "%02x" : "%02X", hash[j]);
		if (style & 2)
			length += (size_t)sprintf(text + length, ":%u", (style >> 4) * 1234567U);
		length += (size_t)sprintf(text + length, style & 4 ? "\r\n" : "\n");
	}
	if ((style & 8) && length > 0)
		length--;
}

static bool is_line(const char *line, size_t size, char digits[DIGITS])
{
	size_t i = DIGITS;

	if (size < DIGITS)
		return false;
	for (size_t j = 0; j < DIGITS; j++) {
		if (!isxdigit((unsigned char)line[j]))
			return false;
		digits[j] = (char)toupper((unsigned char)line[j]);
	}
	if (i < size && line[i] == ':') {
		size_t first = ++i;

		while (i < size && isdigit((unsigned char)line[i]))
			i++;
		if (i == first)
			return false;
	}
	i += i < size && line[i] == '\r';
	return i == size;
}

/* Reads all lines: is it a list in order, and is the hash in it? */
static bool read_all(const uint8_t hash[SHA1_BYTES], bool *in_order, bool *whole)
{
	char wanted[DIGITS + 1], last[DIGITS] = {0}, digits[DIGITS];
	bool found = false;

	for (size_t i = 0; i < SHA1_BYTES; i++)
		sprintf(wanted + 2 * i, "%02X", hash[i]);
	*in_order = *whole = true;
	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t size = end ? (size_t)(end - text) - at : length - at;

		if (is_line(text + at, size, digits)) {
			*in_order = *in_order && memcmp(digits, last, DIGITS) >= 0;
			memcpy(last, digits, DIGITS);
			found = found || memcmp(digits, wanted, DIGITS) == 0;
		} else {
			*whole = false;
		}
		at += size + 1;
	}
	return found;
}

static void complain(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static void look_for_hash(const struct list_file *file, const uint8_t seed[2])
{
	uint8_t hash[SHA1_BYTES];
	bool in_order, whole, listed = false;
	bool there;

	spread(seed, hash);
	there = read_all(hash, &in_order, &whole);
	enum status s = hash_list_has(file, hash, &listed);
	if (s == ST_OK && listed && !there)
		complain("found what is not there");
	if (in_order && whole && length > 0 && (s != ST_OK || listed != there))
		complain("a good list was misread");
	s = hash_list_check(file);
	if (in_order && whole && length > 0 && s != ST_OK)
		complain("a good list was refused");
	if (s == ST_OK && length < 256 * 1024 && !(in_order && whole))
		complain("a bad small list was accepted");
}

/* Where all is ASCII, so that libc can be asked. */
static void look_for_word(const struct list_file *file, const uint8_t *word, size_t size)
{
	bool listed = false, there = false;
	enum status s = word_file_has(file, word, size, &listed);

	if (memchr(text, '\0', length)) {
		if (s == ST_OK)
			complain("a NUL was read over");
		return;
	}
	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t line = end ? (size_t)(end - text) - at : length - at;
		size_t bare = line > 0 && text[at + line - 1] == '\r' ? line - 1 : line;

		there = there || (bare == size && size > 0 &&
				  strncasecmp(text + at, (const char *)word, size) == 0);
		at += line + 1;
	}
	if (s != ST_OK || listed != there)
		complain("a word was misread");
}

static bool is_ascii(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] >= 0x80 || bytes[i] == 0)
			return false;
	}
	return true;
}

static void sort_pairs(uint8_t *pairs, size_t count)
{
	qsort(pairs, count, 2, by_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t pairs[8192];
	static int fd = -1;

	if (size < HEADER)
		return 0;
	if (fd < 0)
		fd = memfd_create("list", MFD_CLOEXEC);
	if (data[0] & 1) {
		length = size - HEADER < TEXT_MAX ? size - HEADER : TEXT_MAX;
		memcpy(text, data + HEADER, length);
	} else {
		size_t count = (size - HEADER < sizeof(pairs) ? size - HEADER : sizeof(pairs)) / 2;

		memcpy(pairs, data + HEADER, 2 * count);
		if (data[0] & 2)
			sort_pairs(pairs, count);
		make_list(pairs, count, data[3]);
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, length, 0) != (ssize_t)length)
		return 0;
	const struct list_file file = {fd, (off_t)length};
	if (hash_list_begins((const uint8_t *)text, length < 64 ? length : 64) || !(data[0] & 4))
		look_for_hash(&file, data + 1);
	/* The first word of the list, or what the header says. */
	size_t word = strcspn(text, "\r\n");
	if (word > length || word > PASSWORD_MAX_BYTES)
		word = length < 2 ? length : 2;
	if (is_ascii((const uint8_t *)text, length)) {
		uint8_t copy[PASSWORD_MAX_BYTES];

		memcpy(copy, text, word);
		look_for_word(&file, copy, word);
	}
	return 0;
}
