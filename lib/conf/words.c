/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/words.h"

#include "policy/address.h"

#include <string.h>

static const char blanks[] = " \t";

enum status complain(struct complaint *complaint, const char *word, const char *problem)
{
	*complaint = (struct complaint){word, problem};
	return ST_SYNTAX;
}

bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

char *trim(char *text)
{
	char *start = text + strspn(text, blanks);
	size_t length = strlen(start);

	while (length && is_blank(start[length - 1]))
		length--;
	start[length] = '\0';
	return start;
}

static size_t words_count(const char *text)
{
	size_t count = 0;

	for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
		text += strcspn(text, blanks);
		count++;
	}
	return count;
}

enum status words_split(char *text, struct arena *arena, struct word_list *list)
{
	size_t count = words_count(text);
	const char **words = arena_array(arena, count, sizeof(*words));

	if (!words)
		return ST_NOMEM;
	for (size_t i = 0; i < count; i++) {
		text += strspn(text, blanks);
		words[i] = text;
		text += strcspn(text, blanks);
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
