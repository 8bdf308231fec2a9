/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/answer.h"

#include "lib/base/vault.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * The oracle: the words of DESIGN once more, written as naively as possible and without a line
 * in common with the classifier. INP-20.
 */

static struct vault vault;

static void require(int holds)
{
	if (!holds)
		abort();
}

static int oracle_junk(const uint8_t *d, size_t n)
{
	static const uint8_t junk[13] = {8,   10,  13,  127, 'I', 'N', 'C',
					 'O', 'R', 'R', 'E', 'C', 'T'};
	for (size_t i = 0; i < n; i++)
		if (d[i] != junk[i % 13])
			return 0;
	return n > 0;
}

/* Whether the bytes between two positions are digits; with one blank left out at `gap`. */
static int oracle_digits(const uint8_t *d, size_t n, size_t gap, char *out)
{
	size_t digits = 0;

	for (size_t i = 0; i < n; i++) {
		if (i == gap && (d[i] == ' ' || d[i] == '\t'))
			continue;
		if (d[i] < '0' || d[i] > '9' || digits == 8)
			return 0;
		out[digits++] = (char)d[i];
	}
	out[digits] = '\0';
	return digits >= 6;
}

/* Behind eight digits nothing may follow, so a gap is among the first nine or ends it all. */
static int oracle_totp(const uint8_t *d, size_t n, char *out)
{
	for (size_t gap = 0; gap <= n && gap <= 9; gap++)
		if (oracle_digits(d, n, gap, out))
			return 1;
	return 0;
}

/* What each byte may stand for in a backup code; from pairs of what is typed and what is meant. */
static const char *meanings(void)
{
	static const char pairs[] =
	    "00112233445566778899AABBCCDDEEFFGGHHJJKKMMNNPPQQRRSSTTVVWWXXYYZZ"
	    "aAbBcCdDeEfFgGhHjJkKmMnNpPqQrRsStTvVwWxXyYzZ"
	    "O0o0I1i1L1l1";
	static char of[256];

	if (of['l'] == '\0')
		for (const char *p = pairs; *p; p += 2)
			of[(uint8_t)*p] = p[1];
	return of;
}

static int oracle_backup(const uint8_t *d, size_t n, char *out)
{
	const char *of = meanings();
	size_t symbols = 0;

	for (size_t i = 0; i < n; i++) {
		if (d[i] == ' ' || d[i] == '\t' || d[i] == '-')
			continue;
		if (!of[d[i]] || symbols == 16)
			return 0;
		out[symbols++] = of[d[i]];
	}
	out[symbols] = '\0';
	return symbols == 16;
}

static enum answer_shape oracle(const uint8_t *d, size_t n, char out[17])
{
	out[0] = '\0';
	if (oracle_junk(d, n))
		return ANSWER_JUNK;
	if (n > 512)
		return ANSWER_OTHER;
	for (; n && (*d == ' ' || *d == '\t'); n--)
		d++;
	while (n && (d[n - 1] == ' ' || d[n - 1] == '\t'))
		n--;
	if (n == 0)
		return ANSWER_NONE;
	if (oracle_totp(d, n, out))
		return ANSWER_TOTP;
	if (oracle_backup(d, n, out))
		return ANSWER_BACKUP;
	out[0] = '\0';
	return ANSWER_OTHER;
}

static void check_shape(const struct secret *reply)
{
	AUTO_SECRET canonical = SECRET_IN(&vault);
	enum answer_shape shape;
	char want[17];
	enum answer_shape expected = oracle(reply->bytes, reply->length, want);

	require(answer_read(reply, &shape, &canonical) == ST_OK);
	require(shape == expected);
	require(secret_equals(&canonical, want, strlen(want)));
	require(answer_is_junk(reply) == (shape == ANSWER_JUNK));
}

/* Password and code are the reply, and the code has the shape it was split off for. */
static void check_split(const struct secret *reply, unsigned digits)
{
	AUTO_SECRET password = SECRET_IN(&vault), code = SECRET_IN(&vault);
	enum status s = answer_split(reply, digits, &password, &code);
	char out[17];

	if (s == ST_SYNTAX) {
		require(password.length == 0 && code.length == 0);
		return;
	}
	require(s == ST_OK && password.length > 0);
	require(password.length + code.length == reply->length);
	require(memcmp(reply->bytes, password.bytes, password.length) == 0);
	require(memcmp(reply->bytes + password.length, code.bytes, code.length) == 0);
	if (code.length == digits)
		require(oracle_digits(code.bytes, code.length, SIZE_MAX, out));
	else
		require(code.length == 19 && oracle_backup(code.bytes, code.length, out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Borrowed: a sanitizer sees what is read behind it. */
	const struct secret reply = {(uint8_t *)(uintptr_t)data, size, size, NULL};

	check_shape(&reply);
	for (unsigned digits = 6; digits <= 8; digits++)
		check_split(&reply, digits);
	return 0;
}
