/* SPDX-License-Identifier: BSD-3-Clause */
/* An otpauth URI from anywhere: refused with a reason, or a token within all limits that can be
 * written and reads back as the same. */
#include "kling-enroll/uri.h"
#include "lib/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void check_label(const char *label, size_t max)
{
	char shown[4 * TOKEN_LABEL_MAX + 1];
	struct text text = TEXT_IN(shown);

	demand(memchr(label, '\0', max + 1) != NULL);
	text_add_visible(&text, label, strlen(label));
	demand(strcmp(shown, label) == 0);
}

static void check_token(const struct token *token)
{
	demand(token->secret_length >= TOKEN_SECRET_MIN);
	demand(token->secret_length <= sizeof(token->secret));
	demand(token->digits >= 6 && token->digits <= 8);
	demand(token->period >= TOKEN_PERIOD_MIN && token->period <= TOKEN_PERIOD_MAX);
	demand(token->algorithm >= TOKEN_SHA1 && token->algorithm <= TOKEN_SHA512);
	demand(token->id == 0 && token->offset == 0);
}

/* What is written again comes back, when no colon makes the names ambiguous: what Kling writes has
 * none in the issuer. */
static void check_again(const struct otpauth *first)
{
	AUTO_OUT out = OUT_EMPTY;
	AUTO_OTPAUTH again;
	struct uri_problem problem = {NULL};

	if (strchr(first->issuer, ':') || strchr(first->token.label, ':'))
		return;
	uri_add(&out, first);
	const char *uri = out_string(&out);
	if (out.status != ST_OK)
		return;
	demand(uri_parse(uri, strlen(uri), &again, &problem) == ST_OK);
	demand(again.token.algorithm == first->token.algorithm);
	demand(again.token.digits == first->token.digits);
	demand(again.token.period == first->token.period);
	demand(again.token.secret_length == first->token.secret_length);
	demand(memcmp(again.token.secret, first->token.secret, first->token.secret_length) == 0);
	demand(strcmp(again.issuer, first->issuer) == 0);
	demand(strcmp(again.token.label, first->token.label) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_OTPAUTH otpauth;
	struct uri_problem problem = {NULL};
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	enum status s = uri_parse(text, size, &otpauth, &problem);
	free(text);
	if (s != ST_OK) {
		demand(s == ST_SYNTAX || s == ST_RANGE || s == ST_TOO_BIG);
		demand(problem.text != NULL);
		return 0;
	}
	check_token(&otpauth.token);
	check_label(otpauth.issuer, ISSUER_MAX);
	check_label(otpauth.token.label, TOKEN_LABEL_MAX);
	demand(otpauth.token.label[0] != '\0');
	check_again(&otpauth);
	return 0;
}
