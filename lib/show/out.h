/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_SHOW_OUT_H
#define KLING_SHOW_OUT_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"

#include <stddef.h>

/*
 * Text that may hold secrets, put together in wiping memory and written in one go. The first
 * failure sticks in `status`, so that pieces can be added in a straight line and judged once.
 */
struct out {
	struct secret bytes;
	enum status status;
};

#define OUT_EMPTY ((struct out){SECRET_EMPTY, ST_OK})
#define AUTO_OUT  AT_SCOPE_END(out_clear) struct out

void out_clear(struct out *out);

void out_bytes(struct out *out, const void *bytes, size_t length);
void out_text(struct out *out, const char *text);
void out_format(struct out *out, const char *format, ...) PRINTF_LIKE(2, 3);

/* `count` times the same piece. */
void out_repeat(struct out *out, const char *piece, size_t count);

/* A value from anywhere, made safe for a terminal. */
void out_visible(struct out *out, const char *value);

/*
 * A paragraph broken at blanks to lines of at most `width` columns, each behind `indent` and with a
 * line feed.
 */
void out_wrapped(struct out *out, const char *text, const char *indent, size_t width);

/* The same for lines that end already. */
void out_lines(struct out *out, const char *text, size_t width);

/* NUL-terminated without counting the NUL; "" after a failure. Borrowed until the next addition. */
const char *out_string(struct out *out);

/* Writes everything and empties it. ST_IO when not all of it arrived (errno says why). */
enum status out_flush(struct out *out, int fd) MUST_USE;

/* All of the bytes to a descriptor, past interruptions. ST_IO with errno. */
enum status write_whole(int fd, const void *bytes, size_t length) MUST_USE;

#endif
