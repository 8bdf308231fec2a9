/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_TEXT_H
#define KLING_BASE_TEXT_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A text that is built piece by piece into a fixed buffer. What does not fit is cut at a whole
 * piece or escape sequence, `cut` says so, and the buffer is always NUL-terminated. After a cut
 * nothing more is added: what stands is a true beginning.
 */
struct text {
	char *start;
	size_t size; /* of the buffer, NUL included */
	size_t length;
	bool cut;
};

#define TEXT_IN(buffer) ((struct text){(buffer), sizeof(buffer), 0, false})

/* Each starts from a buffer whose first byte text_begin or TEXT_IN's first append terminates. */
void text_add(struct text *text, const char *piece);
void text_add_number(struct text *text, unsigned long long number);

/*
 * A value for a log line: in double quotes, with \" \\ \n \t and \xNN for every other byte
 * outside 0x20..0x7e. A reader gets the bytes back exactly. Longer values are cut to what fits,
 * behind a whole escape, and end in `..."`.
 */
void text_add_quoted(struct text *text, const char *value);

/*
 * Reads such a value back from its opening quote on; *end is behind the closing one. ST_SYNTAX for
 * what text_add_quoted never writes, ST_TOO_BIG when it and its NUL do not fit into `size`.
 */
enum status text_unquote(const char *quoted, char *out, size_t size, const char **end) MUST_USE;

/*
 * Bytes from anywhere made safe for a terminal: valid UTF-8 without C0, C1, DEL and bidirectional
 * controls stays, everything else becomes \xNN.
 */
void text_add_visible(struct text *text, const char *value, size_t length);

#endif
