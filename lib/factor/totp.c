/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/totp.h"

#include "lib/base/secret.h"
#include "lib/base/stack.h"
#include "lib/factor/candidates.h"

#include <liboath/oath.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

enum { DIGITS_MIN = 6, CODE_TEXT = CODE_DIGITS_MAX + 1 };

typedef char code_text[CODE_TEXT];

DEFINE_WIPER(code_text, code_text_wipe)
DEFINE_WIPER(struct candidates, candidates_wipe)

/* What is computed where there is no token: any well-formed one does. */
static const struct token DUMMY = {
    .algorithm = TOKEN_SHA1, .digits = DIGITS_MIN, .period = 30, .secret_length = 20};

uint64_t totp_step(const struct token *token, int64_t wall)
{
	int64_t step;

	if (wall < 0 || token->period == 0)
		return 0;
	/* A period of 1 makes the sum overflow at the end of time; no real one does. */
	if (__builtin_add_overflow(wall / token->period, (int64_t)token->offset, &step))
		return INT64_MAX;
	return step < 0 ? 0 : (uint64_t)step;
}

static bool token_is_sound(const struct token *token)
{
	return token->digits >= DIGITS_MIN && token->digits <= CODE_DIGITS_MAX &&
	       token->period > 0 && token->secret_length > 0 &&
	       token->secret_length <= TOKEN_SECRET_MAX;
}

/* liboath's flag for the hash, or -1. */
static int hash_flag(enum token_algorithm algorithm)
{
	switch (algorithm) {
	case TOKEN_SHA1:
		return 0;
	case TOKEN_SHA256:
		return OATH_TOTP_HMAC_SHA256;
	case TOKEN_SHA512:
		return OATH_TOTP_HMAC_SHA512;
	}
	return -1;
}

/* liboath counts seconds; one second a step makes it count steps. Leaves its stack unwiped. */
OWN_FRAME static enum status generate(const struct token *token, uint64_t step, code_text out)
{
	int flag = hash_flag(token->algorithm);
	time_t counter = (time_t)step;
	int r;

	if (flag < 0 || !token_is_sound(token) || counter < 0 || (uint64_t)counter != step)
		return ST_INTERNAL;
	r = oath_totp_generate2((const char *)token->secret, token->secret_length, counter, 1, 0,
				token->digits, flag, out);
	return r == OATH_OK && strlen(out) == token->digits ? ST_OK : ST_INTERNAL;
}

enum status totp_code(const struct token *token, uint64_t step, char out[9])
{
	enum status s = generate(token, step, out);

	stack_wipe();
	if (s != ST_OK)
		wipe(out, CODE_TEXT);
	return s;
}

static enum status candidate_fill(struct candidate *candidate, const struct token *token,
				  uint64_t step)
{
	AT_SCOPE_END(code_text_wipe) code_text code = {0};
	enum status s = generate(token, step, code);

	if (s != ST_OK)
		return s;
	candidate->token_id = token->id;
	candidate->step = step;
	candidate->digits = token->digits;
	memcpy(candidate->code, code, token->digits);
	return ST_OK;
}

/* Steps before the first one do not exist: a dummy is computed in their place. */
static enum status candidate_at(struct candidate *candidate, const struct token *token,
				uint64_t now, int64_t distance)
{
	int64_t step;
	bool exists = !__builtin_add_overflow((int64_t)now, distance, &step) && step >= 0;
	enum status s = candidate_fill(candidate, token, exists ? (uint64_t)step : 0);

	candidate->real = exists;
	return s;
}

static enum status fill_real(struct candidates *candidates, const struct token *tokens,
			     size_t count, int64_t wall, int64_t window, size_t *used)
{
	*used = 0;
	for (size_t t = 0; t < count; t++) {
		uint64_t now = totp_step(&tokens[t], wall);
		for (int64_t d = -window; d <= window; d++) {
			struct candidate *next = &candidates->candidate[(*used)++];
			enum status s = candidate_at(next, &tokens[t], now, d);
			if (s != ST_OK)
				return s;
		}
	}
	return ST_OK;
}

static enum status fill_dummies(struct candidates *candidates, size_t used)
{
	for (; used < CANDIDATES_MAX; used++) {
		enum status s = candidate_fill(&candidates->candidate[used], &DUMMY, used);
		if (s != ST_OK)
			return s;
	}
	return ST_OK;
}

/* As much of the window as the candidates have room for. */
static int64_t window_that_fits(size_t count, uint32_t window)
{
	int64_t w = window > CANDIDATES_MAX ? CANDIDATES_MAX : (int64_t)window;

	while (w > 0 && (int64_t)count * (2 * w + 1) > CANDIDATES_MAX)
		w--;
	return w;
}

OWN_FRAME static enum status fill(struct candidates *candidates, const struct token *tokens,
				  size_t count, int64_t wall, uint32_t window)
{
	size_t used;
	enum status s =
	    fill_real(candidates, tokens, count, wall, window_that_fits(count, window), &used);

	if (s != ST_OK)
		return s;
	return fill_dummies(candidates, used);
}

enum status totp_match(const struct token *tokens, size_t count, int64_t wall, uint32_t window,
		       const char *answer, size_t length, struct matches *matches)
{
	AT_SCOPE_END(candidates_wipe) struct candidates candidates = {0};
	enum status s;

	matches->count = 0;
	if (count > TOKENS_MAX)
		return ST_INTERNAL;
	s = fill(&candidates, tokens, count, wall, window);
	stack_wipe();
	if (s != ST_OK)
		return s;
	candidates_matched(&candidates, candidates_compare(&candidates, answer, length), matches);
	return ST_OK;
}
