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

/* Formats behind what is there, as far as it fits; the length that it needs, or -1. */
static int PRINTF_LIKE(2, 0) format_behind(struct out *out, const char *format, va_list values)
{
	struct secret *bytes = &out->bytes;
	size_t room = bytes->capacity - bytes->length;

	return vsnprintf(room ? (char *)bytes->bytes + bytes->length : NULL, room, format, values);
}

/* Room for at least one more byte than `length`: vsnprintf ends with a NUL. */
static void make_room(struct out *out, size_t length)
{
	size_t before = out->bytes.length;

	if (out->bytes.capacity - before > length)
		return;
	for (size_t i = 0; i <= length && out->status == ST_OK; i++)
		out_bytes(out, "", 1);
	out->bytes.length = before;
}

void out_format(struct out *out, const char *format, ...)
{
	va_list values, again;

	if (out->status != ST_OK)
		return;
	va_start(values, format);
	va_copy(again, values);
	int length = format_behind(out, format, values);
	va_end(values);
	if (length >= 0 && out->bytes.capacity - out->bytes.length <= (size_t)length) {
		make_room(out, (size_t)length);
		length = out->status == ST_OK ? format_behind(out, format, again) : 0;
	}
	va_end(again);
	if (length < 0)
		out->status = ST_INTERNAL;
	else if (out->status == ST_OK)
		out->bytes.length += (size_t)length;
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

static size_t word_length(const char *text, size_t length)
{
	const char *blank = memchr(text, ' ', length);

	return blank ? (size_t)(blank - text) : length;
}

/* The bytes of the longest run of whole words within `width` columns; one word at least. */
static size_t line_length(const char *text, size_t length, size_t width)
{
	size_t best = word_length(text, length);

	while (best < length) {
		size_t next = best + 1 + word_length(text + best + 1, length - best - 1);
		if (next > width)
			break;
		best = next;
	}
	return best;
}

static void wrap(struct out *out, const char *text, size_t length, const char *indent, size_t width)
{
	const char *end = text + length;

	while (text < end) {
		size_t taken = line_length(text, (size_t)(end - text), width - strlen(indent));
		out_text(out, indent);
		out_bytes(out, text, taken);
		out_text(out, "\n");
		for (text += taken; text < end && *text == ' ';)
			text++;
	}
}

void out_wrapped(struct out *out, const char *text, const char *indent, size_t width)
{
	wrap(out, text, strlen(text), indent, width);
}

void out_lines(struct out *out, const char *text, size_t width)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		wrap(out, text, length, "", width);
		text += length + (text[length] == '\n');
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
