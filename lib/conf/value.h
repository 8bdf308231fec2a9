/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_VALUE_H
#define KLING_CONF_VALUE_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/conf/arena.h"
#include "lib/conf/words.h"
#include "policy/rules.h"

/* A parsed value of any type of option. */
union value {
	bool flag;
	uint32_t number;
	uint64_t seconds;
	int64_t date;
	int choice;
	const char *text;
	struct word_list words;
	struct range_list ranges;
};

/*
 * Reads a whole text as the option wants it. The text may be cut in place and must live as long as
 * the arena. ST_SYNTAX with the complaint, ST_NOMEM.
 */
enum status value_parse(const struct tunable *tunable, char *text, struct arena *arena,
			union value *value, struct complaint *complaint) MUST_USE;

/* Puts it into its place in the rules. */
void value_store(const struct tunable *tunable, const union value *value, struct rules *rules);

#endif
