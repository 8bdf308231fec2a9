/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_TESTS_RULES_CHECK_H
#define KLING_TESTS_RULES_CHECK_H

#include "lib/base/safe_path.h"
#include "lib/conf/settings.h"

#include <stdlib.h>
#include <string.h>

/* A finding. */
static inline void demand(bool holds)
{
	if (!holds)
		abort();
}

static inline void check_choice(const struct tunable *t, const void *field)
{
	int value;
	bool known = false;

	memcpy(&value, field, sizeof(value));
	for (const struct choice *c = t->choices; c->word; c++)
		known = known || c->value == value;
	demand(known);
}

static inline void check_range_list(const struct range_list *list)
{
	demand(!list->any || list->count == 0);
	for (size_t i = 0; i < list->count; i++) {
		const struct range *r = &list->ranges[i];
		demand(r->base.family == 4 || r->base.family == 6);
		demand(r->bits <= (r->base.family == 4 ? 32 : 128));
	}
}

static inline void check_word_list(const struct word_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		demand(list->words[i][0] != '\0' && !strpbrk(list->words[i], " \t,/\n"));
}

static inline void check_text(const struct tunable *t, const char *text)
{
	size_t length = strlen(text);

	demand(length >= t->low && length <= t->high);
	for (; t->type == TUNABLE_TEXT && *text; text++)
		demand(*text >= 0x20 && *text <= 0x7e);
	if (t->type == TUNABLE_PATH && *text)
		demand(safe_path_is_clean(text));
}

/* One option's value is one that its row in the table allows. */
static inline void check_tunable(const struct tunable *t, const struct rules *rules)
{
	const char *field = (const char *)rules + t->offset;
	uint32_t number;
	uint64_t seconds;
	const char *text;

	switch (t->type) {
	case TUNABLE_BOOL:
		demand(*field == 0 || *field == 1);
		return;
	case TUNABLE_NUMBER:
		memcpy(&number, field, sizeof(number));
		demand(number >= t->low && number <= t->high);
		return;
	case TUNABLE_DURATION:
		memcpy(&seconds, field, sizeof(seconds));
		demand(seconds >= t->low && seconds <= t->high);
		return;
	case TUNABLE_DATE:
		memcpy(&seconds, field, sizeof(seconds));
		demand(seconds % 86400 == 0);
		return;
	case TUNABLE_CHOICE:
		check_choice(t, field);
		return;
	case TUNABLE_TEXT:
	case TUNABLE_PATH:
		memcpy(&text, field, sizeof(text));
		check_text(t, text);
		return;
	case TUNABLE_WORDS:
		check_word_list((const void *)field);
		return;
	case TUNABLE_RANGES:
		check_range_list((const void *)field);
		return;
	}
	abort();
}

/* Whoever comes gets rules within all limits, or an error with a text. */
static inline void check_settings(const struct settings *settings)
{
	static const char *const groups[] = {"wheel", "staff"};
	static const char *const origins[] = {"", "10.1.2.3", "2001:db8::1", "host.example.org"};
	char origin[64];

	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		struct subject subject = {"alice", i % 2 ? "sshd" : "sudo", origin_of(origins[i]),
					  groups, 2 - i % 2};
		struct rules rules;
		const char *problem;
		enum status s = settings_resolve(settings, &subject, &rules, &problem);
		demand(s == ST_OK ? problem == NULL : s == ST_CONFIG && problem[0] != '\0');
		for (size_t t = 0; t < tunable_count; t++) {
			check_tunable(&tunables[t], &rules);
			settings_origin_of(settings, &subject, tunables[t].name, origin,
					   sizeof(origin));
		}
	}
}

static inline void check_error(const struct conf_error *error)
{
	demand(error->problem && error->problem[0] != '\0');
	demand(memchr(error->word, '\0', sizeof(error->word)) != NULL);
	demand(memchr(error->file, '\0', sizeof(error->file)) != NULL);
}

#endif
