/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_WORDS_H
#define KLING_CONF_WORDS_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/conf/arena.h"
#include "policy/rules.h"

#include <stdbool.h>

/* What a parser does not like: the word (may be NULL) and a static text. */
struct complaint {
	const char *word;
	const char *problem;
};

/* Fills the complaint; always ST_SYNTAX. */
enum status complain(struct complaint *complaint, const char *word, const char *problem) MUST_USE;

/* A blank or a tab. */
bool is_blank(char c);

/* The text without blanks at both ends; cuts it in place. */
char *trim(char *text);

/* Cuts the text at its blanks, in place, and lists the words. ST_NOMEM. */
enum status words_split(char *text, struct arena *arena, struct word_list *list) MUST_USE;

/* All words as addresses and ranges. ST_SYNTAX with the complaint, ST_NOMEM. */
enum status words_to_ranges(const struct word_list *words, struct arena *arena,
			    struct range_list *list, struct complaint *complaint) MUST_USE;

#endif
