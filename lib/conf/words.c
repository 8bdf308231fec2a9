/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/words.h"

#include "policy/address.h"

#include <string.h>

enum status complain(struct complaint *complaint, const char *word, const char *problem)
{
	*complaint = (struct complaint){word, problem};
	return ST_SYNTAX;
}

bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

static char *skip_word(char *text)
{
	while (*text && !is_blank(*text))
		text++;
	return text;
}

char *trim(char *text)
{
	char *start = skip_blanks(text);
	size_t length = strlen(start);

	while (length && is_blank(start[length - 1]))
		length--;
	start[length] = '\0';
	return start;
}

enum status words_split(char *text, struct arena *arena, struct word_list *list)
{
	/* One more than half the length is room for any: a word and a blank are two bytes. */
	const char **words = arena_array(arena, strlen(text) / 2 + 1, sizeof(*words));
	size_t count = 0;

	if (!words)
		return ST_NOMEM;
	for (text = skip_blanks(text); *text; text = skip_blanks(text)) {
		words[count++] = text;
		text = skip_word(text);
		if (*text)
			*text++ = '\0';
	}
	*list = (struct word_list){words, count};
	return ST_OK;
}

enum status words_to_ranges(const struct word_list *words, struct arena *arena,
			    struct range_list *list, struct complaint *complaint)
{
	struct range *ranges = arena_array(arena, words->count, sizeof(*ranges));

	if (!ranges)
		return ST_NOMEM;
	for (size_t i = 0; i < words->count; i++)
		if (!range_parse(words->words[i], &ranges[i]))
			return complain(complaint, words->words[i],
					"not an address or a range of addresses");
	*list = (struct range_list){false, ranges, words->count};
	return ST_OK;
}
