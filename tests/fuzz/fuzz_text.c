/* SPDX-License-Identifier: BSD-3-Clause */
/* INP-10 and INP-20: what goes into a log line comes back, and nothing reaches a terminal. */
#include "lib/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VALUE_MAX = 1024, LINE_MAX_BYTES = 4 * VALUE_MAX + 16 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/*
 * In a buffer of `room` bytes: one line of plain ASCII, read back whole or as a beginning; its
 * length is returned.
 */
static size_t check_quoted(const char *value, size_t room)
{
	char line[LINE_MAX_BYTES];
	char back[VALUE_MAX + 16];
	const char *end = NULL;
	struct text text = {line, room, 0, false};

	text_add_quoted(&text, value);
	demand(text.length < room && strlen(line) == text.length);
	if (text.length == 0) {
		demand(text.cut);
		return 0;
	}
	for (const char *c = line; *c; c++)
		demand(*c >= 0x20 && *c <= 0x7e);
	demand(text_unquote(line, back, sizeof(back), &end) == ST_OK && *end == '\0');
	if (!text.cut) {
		demand(strcmp(back, value) == 0);
		return text.length;
	}
	size_t kept = strlen(back) - 3;
	demand(strcmp(back + kept, "...") == 0 && strncmp(back, value, kept) == 0);
	return text.length;
}

/* What reads as a quoted value is one that can be written. */
static void check_unquoted(const char *line)
{
	char value[VALUE_MAX + 1];
	const char *end;

	if (text_unquote(line, value, sizeof(value), &end) == ST_OK)
		(void)check_quoted(value, LINE_MAX_BYTES);
}

/* LRM to RLM, LRE to RLO, LRI to PDI and ALM, as UTF-8. */
static bool is_direction(const uint8_t *c)
{
	if (c[0] == 0xd8)
		return c[1] == 0x9c;
	if (c[0] != 0xe2 || (c[1] != 0x80 && c[1] != 0x81))
		return false;
	return c[1] == 0x80 ? c[2] == 0x8e || c[2] == 0x8f || (c[2] >= 0xaa && c[2] <= 0xae)
			    : c[2] >= 0xa6 && c[2] <= 0xa9;
}

static bool has_control(const char *shown)
{
	for (const uint8_t *c = (const uint8_t *)shown; *c; c++)
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0) || is_direction(c))
			return true;
	return false;
}

/* Safe, and stays as it is when it is made safe again; its length is returned. */
static size_t check_visible(const char *bytes, size_t length, size_t room)
{
	char once[LINE_MAX_BYTES];
	char twice[LINE_MAX_BYTES];
	struct text text = {once, room, 0, false};
	struct text again = TEXT_IN(twice);

	text_add_visible(&text, bytes, length);
	demand(text.length < room && strlen(once) == text.length && !has_control(once));
	text_add_visible(&again, once, text.length);
	demand(again.length == text.length && memcmp(once, twice, text.length) == 0);
	if (room == LINE_MAX_BYTES)
		demand(!text.cut && text.length >= length);
	return text.length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char value[VALUE_MAX + 1];

	if (size == 0 || size > VALUE_MAX)
		return 0;
	memcpy(value, data, size);
	value[size] = '\0';
	/* In too little room, too: what has enough is as before. */
	size_t room = 1 + data[0];
	if (check_quoted(value, LINE_MAX_BYTES) >= room)
		(void)check_quoted(value, room);
	check_unquoted(value);
	if (check_visible(value, size, LINE_MAX_BYTES) >= room)
		(void)check_visible(value, size, room);
	return 0;
}
