/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/show/out.h"

#include "lib/base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_MAX = 4096 };

void out_clear(struct out *out)
{
	secret_clear(&out->bytes);
	out->status = ST_OK;
}

void out_bytes(struct out *out, const void *bytes, size_t length)
{
	if (out->status == ST_OK)
		out->status = secret_append(&out->bytes, bytes, length);
}

void out_text(struct out *out, const char *text)
{
	out_bytes(out, text, strlen(text));
}

void out_format(struct out *out, const char *format, ...)
{
	char piece[PIECE_MAX];
	va_list values;

	va_start(values, format);
	int length = vsnprintf(piece, sizeof(piece), format, values);
	va_end(values);
	if (length < 0 || (size_t)length >= sizeof(piece))
		out->status = out->status == ST_OK ? ST_TOO_BIG : out->status;
	else
		out_bytes(out, piece, (size_t)length);
	wipe(piece, sizeof(piece));
}

void out_repeat(struct out *out, const char *piece, size_t count)
{
	for (size_t i = 0; i < count; i++)
		out_text(out, piece);
}

void out_visible(struct out *out, const char *value)
{
	char piece[PIECE_MAX];
	struct text text = TEXT_IN(piece);

	piece[0] = '\0';
	text_add_visible(&text, value, strlen(value));
	out_text(out, piece);
	wipe(piece, sizeof(piece));
}

/* The bytes of the longest run of whole words within `width`; one word at least. */
static size_t line_length(const char *text, size_t width)
{
	size_t best = strcspn(text, " ");

	while (text[best]) {
		size_t next = best + 1 + strcspn(text + best + 1, " ");
		if (next > width)
			break;
		best = next;
	}
	return best;
}

void out_wrapped(struct out *out, const char *text, const char *indent, size_t width)
{
	while (*text) {
		size_t length = line_length(text, width - strlen(indent));
		out_text(out, indent);
		out_bytes(out, text, length);
		out_text(out, "\n");
		text += length;
		text += strspn(text, " ");
	}
}

const char *out_string(struct out *out)
{
	out_bytes(out, "", 1);
	if (out->status != ST_OK)
		return "";
	out->bytes.length--;
	return (const char *)out->bytes.bytes;
}

enum status write_whole(int fd, const void *bytes, size_t length)
{
	const char *next = bytes;

	while (length > 0) {
		ssize_t written = write(fd, next, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return ST_IO;
		next += written;
		length -= (size_t)written;
	}
	return ST_OK;
}

enum status out_flush(struct out *out, int fd)
{
	enum status s = out->status;

	if (s == ST_OK)
		s = write_whole(fd, out->bytes.bytes, out->bytes.length);
	wipe(out->bytes.bytes, out->bytes.length);
	out->bytes.length = 0;
	out->status = ST_OK;
	return s;
}
