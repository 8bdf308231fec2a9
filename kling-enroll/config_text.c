/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/config_text.h"

#include "kling-enroll/text.h"

#include <inttypes.h>
#include <string.h>

/* 900 as 15m */
static void add_duration(struct out *out, uint64_t seconds)
{
	static const struct {
		uint64_t length;
		char letter;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	size_t i = 0;

	while (i < 3 && (seconds == 0 || seconds % units[i].length))
		i++;
	out_format(out, "%" PRIu64 "%c", seconds / units[i].length, units[i].letter);
}

static void add_range(struct out *out, const struct tunable *tunable)
{
	if (tunable->type == TUNABLE_NUMBER) {
		out_format(out, "%" PRIu64, tunable->low);
		out_text(out, TEXT_CONFIG_TO);
		out_format(out, "%" PRIu64, tunable->high);
		return;
	}
	add_duration(out, tunable->low);
	out_text(out, TEXT_CONFIG_TO);
	add_duration(out, tunable->high);
}

static void add_words(struct out *out, const struct choice *choice)
{
	for (bool first = true; choice->word; choice++, first = false) {
		if (!first)
			out_text(out, choice[1].word ? ", " : TEXT_VALUE_OR);
		out_text(out, choice->word);
	}
}

/* What the option may be, where a line says it. */
static void add_allowed(struct out *out, const struct tunable *tunable)
{
	bool range = tunable->type == TUNABLE_NUMBER || tunable->type == TUNABLE_DURATION;

	if (!range && tunable->type != TUNABLE_CHOICE)
		return;
	out_text(out, " (");
	if (range)
		add_range(out, tunable);
	else
		add_words(out, tunable->choices);
	out_text(out, ")");
}

void config_problem(struct out *out, const struct conf_error *error)
{
	/* An argument in pam.d is NAME=VALUE as it stands. */
	if (error->tunable && !strchr(error->word, '='))
		out_format(out, "%s = ", error->tunable->name);
	if (error->word[0]) {
		out_text(out, error->word);
		out_text(out, ": ");
	}
	out_text(out, spoken(error->problem));
	if (error->tunable)
		add_allowed(out, error->tunable);
}
