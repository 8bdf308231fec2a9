/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/import.h"

#include "kling-enroll/text.h"

#include <string.h>

enum status import_line(struct input *input, const struct finder *finder, struct secret *line,
			unsigned *number)
{
	for (;;) {
		enum status s = input_line(input, line);
		if (s == ST_MISSING || status_has_errno(s) || s == ST_NOMEM)
			return s;
		++*number;
		if (s == ST_OK)
			return secret_append(line, "", 1);
		finder->problem(finder->context, NULL, *number, TEXT_IMPORT_LINE);
	}
}

static void read_uri(const char *uri, unsigned line, const struct finder *finder)
{
	AUTO_FOUND found = {.user = "", .labelled = true};
	struct uri_problem problem = {NULL};

	if (uri_parse(uri, strlen(uri), &found.otpauth, &problem) != ST_OK) {
		finder->problem(finder->context, NULL, line, problem.text);
		return;
	}
	memcpy(found.user, found.otpauth.token.label, strlen(found.otpauth.token.label) + 1);
	finder->token(finder->context, &found, line);
}

enum status import_uris(struct input *input, const struct finder *finder)
{
	AUTO_SECRET line = SECRET_EMPTY;
	unsigned number = 0;
	enum status s;

	while ((s = import_line(input, finder, &line, &number)) == ST_OK)
		if (line.bytes[0] != '\0' && line.bytes[0] != '#')
			read_uri((const char *)line.bytes, number, finder);
	return s == ST_MISSING ? ST_OK : s;
}
