/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_IMPORT_H
#define KLING_ENROLL_IMPORT_H

#include "kling-enroll/input.h"
#include "kling-enroll/uri.h"
#include "lib/base/secret.h"

#include <stdbool.h>
#include <stdint.h>

/* A token that was found in another tool's file. */
struct found_token {
	char user[256]; /* "" when the file does not say */
	bool labelled;  /* otpauth.token.label is the file's own */
	struct otpauth otpauth;
	uint64_t last_step; /* the latest code that was used there; 0: not known */
};

DEFINE_WIPER(struct found_token, found_token_wipe)
#define AUTO_FOUND AT_SCOPE_END(found_token_wipe) struct found_token

/* What a reader reports to. */
struct finder {
	void (*token)(void *context, struct found_token *found, unsigned line);
	void (*problem)(void *context, const char *user, unsigned line, const char *text);
	void (*note)(void *context, unsigned line, const char *text);
	void *context;
};

/*
 * Each reads a whole file and reports every token, everything that is not taken and why, and what
 * is lost on the way. ST_IO, ST_NOMEM.
 */
enum status import_google(struct input *input, const struct finder *finder) MUST_USE;
enum status import_oath(struct input *input, const struct finder *finder) MUST_USE;
enum status import_uris(struct input *input, const struct finder *finder) MUST_USE;

/* The next line as a C string inside `line`; a bad one is reported and passed over. ST_MISSING at
 * the end. */
enum status import_line(struct input *input, const struct finder *finder, struct secret *line,
			unsigned *number) MUST_USE;

#endif
