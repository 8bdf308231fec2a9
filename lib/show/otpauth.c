/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/show/otpauth.h"

#include "lib/base/text.h"
#include "lib/show/base32.h"

#include <string.h>
#include <strings.h>

static const char *const algorithms[] = {
    [TOKEN_SHA1] = "SHA1",
    [TOKEN_SHA256] = "SHA256",
    [TOKEN_SHA512] = "SHA512",
};

const char *algorithm_name(enum token_algorithm algorithm)
{
	return algorithm >= TOKEN_SHA1 && algorithm <= TOKEN_SHA512 ? algorithms[algorithm] : "?";
}

bool algorithm_parse(const char *name, enum token_algorithm *algorithm)
{
	for (int i = TOKEN_SHA1; i <= TOKEN_SHA512; i++) {
		if (strcasecmp(name, algorithms[i]) == 0) {
			*algorithm = (enum token_algorithm)i;
			return true;
		}
	}
	return false;
}

bool label_is_fine(const char *label, size_t max)
{
	char seen[4 * TOKEN_LABEL_MAX + 1];
	struct text text = TEXT_IN(seen);
	size_t length = strlen(label);

	if (length == 0 || length > max || length > TOKEN_LABEL_MAX)
		return false;
	text_add_visible(&text, label, length);
	return strcmp(seen, label) == 0;
}

/* Percent-encoding of everything that is not unreserved (RFC 3986); '@' is legal in a path. */
static void add_encoded(struct out *out, const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~@";

	for (; *value; value++) {
		if (strchr(plain, *value))
			out_bytes(out, value, 1);
		else
			out_format(out, "%%%02X", (unsigned char)*value);
	}
}

void uri_add(struct out *out, const struct otpauth *otpauth)
{
	const struct token *token = &otpauth->token;

	out_text(out, "otpauth://totp/");
	if (otpauth->issuer[0]) {
		add_encoded(out, otpauth->issuer);
		out_text(out, ":");
	}
	add_encoded(out, token->label);
	out_text(out, "?secret=");
	base32_add(out, token->secret, token->secret_length);
	if (otpauth->issuer[0]) {
		out_text(out, "&issuer=");
		add_encoded(out, otpauth->issuer);
	}
	if (token->algorithm != TOKEN_SHA1)
		out_format(out, "&algorithm=%s", algorithm_name(token->algorithm));
	if (token->digits != TOKEN_DIGITS_STANDARD)
		out_format(out, "&digits=%u", token->digits);
	if (token->period != TOKEN_PERIOD_STANDARD)
		out_format(out, "&period=%u", token->period);
}
