/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/uri.h"

#include "kling-enroll/text.h"
#include "lib/base/number.h"
#include "lib/show/base32.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SYMBOLS_MAX = 256 }; /* of a written secret with its gaps and padding */

void otpauth_kind(const struct otpauth *otpauth, char *out, size_t size)
{
	snprintf(out, size, TEXT_TOKEN_KIND, algorithm_name(otpauth->token.algorithm),
		 otpauth->token.digits, otpauth->token.period);
}

/* A run of the URI's bytes. */
struct part {
	const char *start;
	size_t length;
};

/* Cuts off everything up to `end`, which is dropped, or to the last byte; what follows is left. */
static struct part cut(struct part *rest, char end)
{
	const char *found = rest->length ? memchr(rest->start, end, rest->length) : NULL;
	struct part piece = {rest->start, found ? (size_t)(found - rest->start) : rest->length};
	size_t used = piece.length + (found ? 1 : 0);

	rest->start += used;
	rest->length -= used;
	return piece;
}

static bool is(struct part part, const char *word)
{
	return part.length == strlen(word) && strncasecmp(part.start, word, part.length) == 0;
}

/* Percent-decodes into a C string. False: too long, a broken escape, or a NUL. */
static bool decode(struct part part, char *out, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < part.length; i++) {
		uint8_t byte = (uint8_t)part.start[i];
		if (byte == '%') {
			if (part.length - i < 3)
				return false;
			const char digits[3] = {part.start[i + 1], part.start[i + 2], '\0'};
			if (hex_parse(digits, &byte, 1) != ST_OK)
				return false;
			i += 2;
		}
		if (byte == '\0' || length + 1 >= size)
			return false;
		out[length++] = (char)byte;
	}
	out[length] = '\0';
	return true;
}

static enum status refuse(struct uri_problem *problem, enum status status, const char *text)
{
	problem->text = text;
	return status;
}

static enum status read_secret(struct part value, struct token *token, struct uri_problem *problem)
{
	char symbols[SYMBOLS_MAX];
	size_t length = 0;
	enum status s = ST_TOO_BIG;

	if (decode(value, symbols, sizeof(symbols)))
		s = base32_parse(symbols, strlen(symbols), token->secret, sizeof(token->secret),
				 &length);
	wipe(symbols, sizeof(symbols));
	if (s == ST_TOO_BIG)
		return refuse(problem, s, TEXT_URI_SECRET_LONG);
	if (s != ST_OK)
		return refuse(problem, s, TEXT_URI_SECRET_BAD);
	if (length < TOKEN_SECRET_MIN)
		return refuse(problem, ST_RANGE, TEXT_URI_SECRET_SHORT);
	token->secret_length = (uint8_t)length;
	return ST_OK;
}

static enum status read_number(struct part value, uint64_t low, uint64_t high, uint64_t *out)
{
	char digits[8];

	return decode(value, digits, sizeof(digits)) ? number_parse(digits, low, high, out)
						     : ST_SYNTAX;
}

static enum status read_digits(struct part value, struct token *token, struct uri_problem *problem)
{
	uint64_t number = 0;

	if (read_number(value, 6, 8, &number) != ST_OK)
		return refuse(problem, ST_RANGE, TEXT_URI_DIGITS);
	token->digits = (uint8_t)number;
	return ST_OK;
}

static enum status read_period(struct part value, struct token *token, struct uri_problem *problem)
{
	uint64_t number = 0;

	if (read_number(value, TOKEN_PERIOD_MIN, TOKEN_PERIOD_MAX, &number) != ST_OK)
		return refuse(problem, ST_RANGE, TEXT_URI_PERIOD);
	token->period = (uint16_t)number;
	return ST_OK;
}

static enum status read_algorithm(struct part value, struct token *token,
				  struct uri_problem *problem)
{
	char name[8];

	if (!decode(value, name, sizeof(name)) || !algorithm_parse(name, &token->algorithm))
		return refuse(problem, ST_RANGE, TEXT_URI_ALGORITHM);
	return ST_OK;
}

static enum status read_issuer(struct part value, char issuer[ISSUER_MAX + 1],
			       struct uri_problem *problem)
{
	if (!decode(value, issuer, ISSUER_MAX + 1))
		return refuse(problem, ST_SYNTAX, TEXT_URI_LABEL);
	if (issuer[0] && !label_is_fine(issuer, ISSUER_MAX))
		return refuse(problem, ST_SYNTAX, TEXT_URI_LABEL);
	return ST_OK;
}

enum { SEEN_SECRET = 1, SEEN_ISSUER = 2, SEEN_ALGORITHM = 4, SEEN_DIGITS = 8, SEEN_PERIOD = 16 };

static enum status read_parameter(struct part name, struct part value, struct otpauth *otpauth,
				  struct uri_problem *problem, unsigned *seen)
{
	unsigned which = is(name, "secret")      ? SEEN_SECRET
			 : is(name, "issuer")    ? SEEN_ISSUER
			 : is(name, "algorithm") ? SEEN_ALGORITHM
			 : is(name, "digits")    ? SEEN_DIGITS
			 : is(name, "period")    ? SEEN_PERIOD
						 : 0;

	if (*seen & which)
		return refuse(problem, ST_SYNTAX, TEXT_URI_TWICE);
	*seen |= which;
	switch (which) {
	case SEEN_SECRET:
		return read_secret(value, &otpauth->token, problem);
	case SEEN_ISSUER:
		return read_issuer(value, otpauth->issuer, problem);
	case SEEN_ALGORITHM:
		return read_algorithm(value, &otpauth->token, problem);
	case SEEN_DIGITS:
		return read_digits(value, &otpauth->token, problem);
	case SEEN_PERIOD:
		return read_period(value, &otpauth->token, problem);
	default:
		return ST_OK; /* "image" and what else apps put there says nothing about codes */
	}
}

/* ISSUER:ACCOUNT or ACCOUNT; the colon may be encoded, blanks may stand behind it. */
static enum status read_label(struct part label, struct otpauth *otpauth,
			      struct uri_problem *problem)
{
	char whole[ISSUER_MAX + TOKEN_LABEL_MAX + 4];

	if (!decode(label, whole, sizeof(whole)))
		return refuse(problem, ST_SYNTAX, TEXT_URI_LABEL);
	char *colon = strchr(whole, ':');
	const char *account = colon ? colon + 1 : whole;
	if (colon)
		*colon = '\0';
	account += strspn(account, " ");
	if (!label_is_fine(account, TOKEN_LABEL_MAX) ||
	    (colon && whole[0] && !label_is_fine(whole, ISSUER_MAX)))
		return refuse(problem, ST_SYNTAX, TEXT_URI_LABEL);
	memcpy(otpauth->token.label, account, strlen(account) + 1);
	if (colon)
		memcpy(otpauth->issuer, whole, strlen(whole) + 1);
	return ST_OK;
}

enum status uri_parse(const char *text, size_t length, struct otpauth *otpauth,
		      struct uri_problem *problem)
{
	static const char scheme[] = "otpauth://";
	struct part rest = {text, length};
	unsigned seen = 0;

	*otpauth = (struct otpauth){.token = {.algorithm = TOKEN_SHA1,
					      .digits = TOKEN_DIGITS_STANDARD,
					      .period = TOKEN_PERIOD_STANDARD}};
	if (length < strlen(scheme) || strncasecmp(text, scheme, strlen(scheme)) != 0)
		return refuse(problem, ST_SYNTAX, TEXT_URI_SCHEME);
	rest.start += strlen(scheme);
	rest.length -= strlen(scheme);
	struct part type = cut(&rest, '/');
	if (!is(type, "totp"))
		return refuse(problem, ST_SYNTAX, is(type, "hotp") ? TEXT_HOTP : TEXT_URI_SCHEME);
	enum status s = read_label(cut(&rest, '?'), otpauth, problem);
	while (s == ST_OK && rest.length > 0) {
		struct part value = cut(&rest, '&');
		struct part name = cut(&value, '=');
		s = read_parameter(name, value, otpauth, problem, &seen);
	}
	if (s == ST_OK && !(seen & SEEN_SECRET))
		s = refuse(problem, ST_SYNTAX, TEXT_URI_NO_SECRET);
	return s;
}
