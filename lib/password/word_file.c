/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/list_file.h"
#include "policy/characters.h"

#include <string.h>

enum { BLOCK = 4096 };

/* A line under way: what is kept of it, and whether it is too long to be a password. */
struct line {
	uint8_t bytes[PASSWORD_MAX_BYTES + 2];
	size_t len;
	bool too_long;
};

/* Reads the text once more, in lower case, only when its first byte leaves a chance. */
static bool is_word(const struct line *line, size_t len, const struct characters *lower)
{
	struct characters word;
	uint8_t first = line->bytes[0];

	if (line->too_long || len == 0 || len > PASSWORD_MAX_BYTES || lower->count == 0)
		return false;
	if (first < 0x80 && character_to_lower(first) != lower->at[0])
		return false;
	characters_decode_any(&word, line->bytes, len);
	characters_to_lower(&word);
	return characters_equal(&word, lower);
}

static bool end_line(struct line *line, const struct characters *lower)
{
	size_t len = line->len;
	bool found;

	if (len > 0 && line->bytes[len - 1] == '\r')
		len--;
	found = is_word(line, len, lower);
	line->len = 0;
	line->too_long = false;
	return found;
}

static void add_byte(struct line *line, uint8_t byte)
{
	if (line->len < sizeof(line->bytes))
		line->bytes[line->len++] = byte;
	else
		line->too_long = true;
}

static bool read_block(struct line *line, const uint8_t *block, size_t len,
		       const struct characters *lower)
{
	bool found = false;

	for (size_t i = 0; i < len; i++) {
		if (block[i] == '\n')
			found |= end_line(line, lower);
		else
			add_byte(line, block[i]);
	}
	return found;
}

enum status word_file_has(const struct list_file *file, const uint8_t *password, size_t len,
			  bool *listed)
{
	AUTO_CHARACTERS lower = {0};
	uint8_t block[BLOCK];
	struct line line = {.len = 0};
	bool found = false;

	characters_decode_any(&lower, password, len);
	characters_to_lower(&lower);
	for (off_t at = 0; at < file->size; at += BLOCK) {
		size_t part = file->size - at < BLOCK ? (size_t)(file->size - at) : BLOCK;
		enum status s = list_read(file, block, part, at);

		if (s != ST_OK)
			return s;
		if (memchr(block, '\0', part))
			return ST_CORRUPT;
		found |= read_block(&line, block, part, &lower);
	}
	*listed = found || end_line(&line, &lower);
	return ST_OK;
}
