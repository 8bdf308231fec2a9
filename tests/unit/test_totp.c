/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/totp.h"

#include "lib/base/number.h"
#include "lib/crypto/random.h"

#include <dlfcn.h>
#include <liboath/oath.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* This definition wins over liboath's: it counts, and fails on the call it is told to. */
static unsigned calls;
static unsigned failing_call; /* 0: none */

int oath_totp_generate2(const char *secret, size_t secret_length, time_t now, unsigned step_size,
			time_t start, unsigned digits, int flags, char *out)
{
	int (*real)(const char *, size_t, time_t, unsigned, time_t, unsigned, int, char *);

	*(void **)&real = dlsym(RTLD_NEXT, "oath_totp_generate2");
	if (++calls == failing_call)
		return OATH_CRYPTO_ERROR;
	return real(secret, secret_length, now, step_size, start, digits, flags, out);
}

/* Without a reference to something else of it the linker would leave liboath out. */
static int find_liboath(void **state)
{
	(void)state;
	return oath_check_version(NULL) ? 0 : -1;
}

static struct token token_of(enum token_algorithm algorithm, uint8_t digits)
{
	static const char bytes[] =
	    "1234567890123456789012345678901234567890123456789012345678901234";
	static const uint8_t lengths[] = {
	    [TOKEN_SHA1] = 20, [TOKEN_SHA256] = 32, [TOKEN_SHA512] = 64};
	struct token token = {.id = 7, .algorithm = algorithm, .digits = digits, .period = 30};

	token.secret_length = lengths[algorithm];
	memcpy(token.secret, bytes, token.secret_length);
	return token;
}

static size_t matches_at(const struct token *token, int64_t wall, uint32_t window,
			 const char *answer, struct matches *matches)
{
	assert_int_equal(totp_match(token, 1, wall, window, answer, strlen(answer), matches),
			 ST_OK);
	return matches->count;
}

/* TIM-01: RFC 6238, appendix B. */
static void knows_the_codes_of_rfc_6238(void **state)
{
	static const struct {
		int64_t wall;
		const char *code[4]; /* by algorithm */
	} rows[] = {
	    {59, {NULL, "94287082", "46119246", "90693936"}},
	    {1111111109, {NULL, "07081804", "68084774", "25091201"}},
	    {1111111111, {NULL, "14050471", "67062674", "99943326"}},
	    {1234567890, {NULL, "89005924", "91819424", "93441116"}},
	    {2000000000, {NULL, "69279037", "90698825", "38618901"}},
	    {20000000000, {NULL, "65353130", "77737706", "47863826"}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (enum token_algorithm a = TOKEN_SHA1; a <= TOKEN_SHA512; a++) {
			struct token token = token_of(a, 8);
			struct matches matches;
			char code[9];
			assert_int_equal(totp_code(&token, totp_step(&token, rows[i].wall), code),
					 ST_OK);
			assert_string_equal(code, rows[i].code[a]);
			assert_int_equal(matches_at(&token, rows[i].wall, 0, code, &matches), 1);
			assert_int_equal(matches.match[0].token_id, 7);
			assert_int_equal(matches.match[0].step, rows[i].wall / 30);
		}
}

/* RFC 4226, appendix D. */
static void knows_the_codes_of_rfc_4226(void **state)
{
	static const char *const codes[] = {"755224", "287082", "359152", "969429", "338314",
					    "254676", "287922", "162583", "399871", "520489"};
	struct token token = token_of(TOKEN_SHA1, 6);
	char code[9];

	(void)state;
	for (uint64_t step = 0; step < 10; step++) {
		assert_int_equal(totp_code(&token, step, code), ST_OK);
		assert_string_equal(code, codes[step]);
	}
}

static bool have_oathtool(void)
{
	return access("/usr/bin/oathtool", X_OK) == 0 ||
	       access("/usr/local/bin/oathtool", X_OK) == 0;
}

/* What an independent program says the code is. */
static void code_by_oathtool(const struct token *token, int64_t wall, char code[16])
{
	static const char *const modes[] = {NULL, "sha1", "sha256", "sha512"};
	char command[300], hex[2 * TOKEN_SECRET_MAX + 1];
	FILE *pipe;

	hex_format(token->secret, token->secret_length, hex);
	snprintf(command, sizeof(command), "oathtool --totp=%s -d %u -s %us -N @%lld %s",
		 modes[token->algorithm], token->digits, token->period, (long long)wall, hex);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(code, 16, pipe));
	assert_int_equal(pclose(pipe), 0);
	code[strcspn(code, "\n")] = '\0';
}

/* TIM-02, at the first and last second of a step; for other lengths, hashes and periods too. */
static void accepts_codes_of_oathtool(void **state)
{
	static const struct {
		enum token_algorithm algorithm;
		uint8_t digits;
		uint16_t period;
	} kinds[] = {{TOKEN_SHA1, 6, 30},   {TOKEN_SHA1, 7, 30},   {TOKEN_SHA1, 8, 60},
		     {TOKEN_SHA256, 6, 15}, {TOKEN_SHA256, 8, 30}, {TOKEN_SHA512, 6, 300}};
	const int64_t start = 1750000200; /* a multiple of every period above */

	(void)state;
	if (!have_oathtool()) {
		print_message("oathtool is not installed\n");
		skip();
	}
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct token token = token_of(kinds[k].algorithm, kinds[k].digits);
		token.period = kinds[k].period;
		assert_int_equal(start % token.period, 0);
		for (int64_t d = -2; d <= 2; d++) {
			struct matches matches;
			char code[16];
			code_by_oathtool(&token, start + d * token.period, code);
			for (int64_t second = 0; second < token.period;
			     second += token.period - 1) {
				size_t want = d >= -1 && d <= 1;
				assert_int_equal(
				    matches_at(&token, start + second, 1, code, &matches), want);
				if (want)
					assert_int_equal(matches.match[0].step,
							 start / token.period + d);
			}
		}
	}
}

static void steps_follow_the_clock(void **state)
{
	static const struct {
		uint16_t period;
		int32_t offset;
		int64_t wall;
		uint64_t step;
	} rows[] = {
	    {30, 0, 0, 0},
	    {30, 0, 29, 0},
	    {30, 0, 30, 1},
	    {30, 3, 30, 4},
	    {30, -1, 30, 0},
	    {30, -2, 30, 0},
	    {30, INT32_MIN, 59, 0},
	    {30, INT32_MAX, 59, (uint64_t)INT32_MAX + 1},
	    {15, 0, -1, 0},
	    {15, 5, INT64_MIN, 0},
	    {15, 5, -1, 0},
	    {300, 0, 300, 1},
	    {0, 9, 300, 0},
	    {1, 1, INT64_MAX, INT64_MAX},
	    {30, 1, INT64_MAX, INT64_MAX / 30 + 1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct token token = token_of(TOKEN_SHA1, 6);
		token.period = rows[i].period;
		token.offset = rows[i].offset;
		assert_int_equal(totp_step(&token, rows[i].wall), rows[i].step);
	}
}

static void moves_the_window_by_the_offset(void **state)
{
	struct token token = token_of(TOKEN_SHA1, 6);
	struct matches matches;
	char code[9];

	(void)state;
	token.offset = -40;
	assert_int_equal(totp_code(&token, 1000000 - 40, code), ST_OK);
	assert_int_equal(matches_at(&token, 30000000, 0, code, &matches), 1);
	assert_int_equal(matches.match[0].step, 1000000 - 40);
	assert_int_equal(totp_code(&token, 1000000, code), ST_OK);
	assert_int_equal(matches_at(&token, 30000000, 2, code, &matches), 0);
}

/* INP-16 and its kin: what contains the right code is not the right code. */
static void wants_exactly_the_digits(void **state)
{
	struct token six = token_of(TOKEN_SHA1, 6), eight = token_of(TOKEN_SHA1, 8);
	static const char *const wrong[] = {
	    "",         "8",      "28708",  "2870820", "28708200", "0287082", "94287082",
	    "00287082", "287083", "387082", "287 082", "-87082",   "28708\n", "287082287082"};
	struct matches matches;

	(void)state;
	assert_int_equal(matches_at(&six, 59, 0, "287082", &matches), 1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(matches_at(&six, 59, 0, wrong[i], &matches), 0);
	assert_int_equal(matches_at(&eight, 59, 0, "94287082", &matches), 1);
	assert_int_equal(matches_at(&eight, 59, 0, "287082", &matches), 0);
	assert_int_equal(matches_at(&eight, 59, 0, "942870820", &matches), 0);
	assert_int_equal(matches_at(&eight, 59, 0, "9428708294287082", &matches), 0);
	assert_int_equal(totp_match(&six, 1, 59, 0, NULL, 0, &matches), ST_OK);
	assert_int_equal(matches.count, 0);
	assert_int_equal(totp_match(&six, 1, 59, 0, "287082\0", 7, &matches), ST_OK);
	assert_int_equal(matches.count, 0);
	assert_int_equal(totp_match(&six, 1, 59, 0, "287082\0", 8, &matches), ST_OK);
	assert_int_equal(matches.count, 0);
}

static void reports_every_match(void **state)
{
	struct token tokens[TOKENS_MAX];
	struct matches matches;
	char code[9];

	(void)state;
	for (uint32_t i = 0; i < TOKENS_MAX; i++) {
		tokens[i] = token_of(TOKEN_SHA1, 6);
		tokens[i].id = 10 + i;
		tokens[i].offset = (int32_t)i - 1;
	}
	assert_int_equal(totp_code(&tokens[0], 1000, code), ST_OK);
	assert_int_equal(totp_match(tokens, TOKENS_MAX, 30000, 1, code, 6, &matches), ST_OK);
	assert_int_equal(matches.count, 3); /* steps 998 to 1000, 999 to 1001, 1000 to 1002 */
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(matches.match[i].token_id, 10 + i);
		assert_int_equal(matches.match[i].step, 1000);
	}
}

/* Before the first step there is nothing, and at the end of time nothing overflows. */
static void stays_inside_time(void **state)
{
	struct token token = token_of(TOKEN_SHA1, 6);
	struct matches matches;

	(void)state;
	assert_int_equal(matches_at(&token, 0, 2, "755224", &matches), 1);
	assert_int_equal(matches.match[0].step, 0);
	assert_int_equal(matches_at(&token, -1, 2, "755224", &matches), 1);
	assert_int_equal(matches_at(&token, 0, 2, "399871", &matches), 0);
	assert_int_equal(matches_at(&token, INT64_MAX, 2, "399871", &matches), 0);
	token.period = 1;
	assert_int_equal(totp_match(&token, 1, INT64_MAX, 2, "399871", 6, &matches), ST_OK);
	assert_int_equal(matches.count, 0);
}

/* More tokens times steps than there is room for: the window shrinks, nobody is locked out. */
static void narrows_a_window_that_does_not_fit(void **state)
{
	static const struct {
		size_t tokens;
		uint32_t window;
		int64_t reached;
	} rows[] = {{4, 2, 1}, {4, 1, 1}, {3, 2, 1}, {2, 2, 2}, {1, 2, 2}, {1, UINT32_MAX, 5}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int64_t d = -6; d <= 6; d++) {
			struct token tokens[TOKENS_MAX];
			struct matches matches;
			char code[9];
			for (size_t t = 0; t < TOKENS_MAX; t++) {
				tokens[t] = token_of(TOKEN_SHA1, 8);
				tokens[t].secret[0] = (uint8_t)t;
			}
			assert_int_equal(
			    totp_code(&tokens[rows[i].tokens - 1], (uint64_t)(1000 + d), code),
			    ST_OK);
			assert_int_equal(totp_match(tokens, rows[i].tokens, 30000, rows[i].window,
						    code, 8, &matches),
					 ST_OK);
			assert_int_equal(matches.count,
					 d >= -rows[i].reached && d <= rows[i].reached);
		}
}

/* INP-01, INP-02: no token, the same work, never a match; not even with a dummy's own code. */
static void never_matches_nobody(void **state)
{
	struct token dummy = {
	    .algorithm = TOKEN_SHA1, .digits = 6, .period = 30, .secret_length = 20};
	struct matches matches;
	char code[9];

	(void)state;
	for (uint64_t step = 0; step < 2 * CANDIDATES_MAX; step++) {
		assert_int_equal(totp_code(&dummy, step, code), ST_OK);
		assert_int_equal(totp_match(NULL, 0, 30000, 1, code, 6, &matches), ST_OK);
		assert_int_equal(matches.count, 0);
	}
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(code, sizeof(code), "%06u", (i * 999983u + 77) % 1000000);
		assert_int_equal(totp_match(NULL, 0, 30000, 1, code, 6, &matches), ST_OK);
		assert_int_equal(matches.count, 0);
	}
}

static void works_the_same_for_everybody(void **state)
{
	struct token tokens[TOKENS_MAX];
	struct matches matches;

	(void)state;
	for (size_t i = 0; i < TOKENS_MAX; i++)
		tokens[i] = token_of(TOKEN_SHA1, 6);
	for (size_t count = 0; count <= TOKENS_MAX; count++)
		for (uint32_t window = 0; window <= 2; window++) {
			calls = 0;
			assert_int_equal(
			    totp_match(tokens, count, 59, window, "287082", 6, &matches), ST_OK);
			assert_int_equal(calls, CANDIDATES_MAX);
		}
}

static void trouble_matches_nothing(void **state)
{
	struct token token = token_of(TOKEN_SHA1, 6);
	char code[9] = "secret00";
	static const char zeros[9];

	(void)state;
	for (failing_call = 1; failing_call <= CANDIDATES_MAX; failing_call++) {
		struct matches matches = {.count = 99};
		calls = 0;
		assert_int_equal(totp_match(&token, 1, 59, 1, "287082", 6, &matches), ST_INTERNAL);
		assert_int_equal(matches.count, 0);
	}
	calls = 0;
	failing_call = 1;
	assert_int_equal(totp_code(&token, 1, code), ST_INTERNAL);
	assert_memory_equal(code, zeros, sizeof(code));
	failing_call = 0;
}

static void refuses_tokens_that_cannot_be(void **state)
{
	struct token good = token_of(TOKEN_SHA1, 6), tokens[8];
	struct matches matches = {.count = 99};
	char code[9];

	(void)state;
	for (size_t i = 0; i < 8; i++)
		tokens[i] = good;
	tokens[0].digits = 5;
	tokens[1].digits = 9;
	tokens[2].secret_length = 0;
	tokens[3].secret_length = TOKEN_SECRET_MAX + 1;
	tokens[4].period = 0;
	tokens[5].algorithm = (enum token_algorithm)0;
	tokens[6].algorithm = (enum token_algorithm)4;
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(totp_code(&tokens[i], 1, code), ST_INTERNAL);
		assert_int_equal(totp_match(&tokens[i], 1, 59, 0, "287082", 6, &matches),
				 ST_INTERNAL);
		assert_int_equal(matches.count, 0);
	}
	assert_int_equal(totp_match(&tokens[7], 1, 59, 0, "287082", 6, &matches), ST_OK);
	for (size_t i = 0; i <= TOKENS_MAX; i++)
		tokens[i] = good;
	assert_int_equal(totp_match(tokens, TOKENS_MAX, 59, 0, "287082", 6, &matches), ST_OK);
	assert_int_equal(totp_match(tokens, TOKENS_MAX + 1, 59, 0, "287082", 6, &matches),
			 ST_INTERNAL);
	assert_int_equal(totp_code(&good, UINT64_MAX, code), ST_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_the_codes_of_rfc_6238),
	    cmocka_unit_test(knows_the_codes_of_rfc_4226),
	    cmocka_unit_test(accepts_codes_of_oathtool),
	    cmocka_unit_test(steps_follow_the_clock),
	    cmocka_unit_test(moves_the_window_by_the_offset),
	    cmocka_unit_test(wants_exactly_the_digits),
	    cmocka_unit_test(reports_every_match),
	    cmocka_unit_test(stays_inside_time),
	    cmocka_unit_test(narrows_a_window_that_does_not_fit),
	    cmocka_unit_test(never_matches_nobody),
	    cmocka_unit_test(works_the_same_for_everybody),
	    cmocka_unit_test(trouble_matches_nothing),
	    cmocka_unit_test(refuses_tokens_that_cannot_be),
	};
	return cmocka_run_group_tests(tests, find_liboath, NULL);
}
