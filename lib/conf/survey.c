/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/survey.h"

#include "lib/conf/parts.h"

const struct section *settings_sections(const struct settings *settings)
{
	return settings->sections;
}

const struct condition *section_condition(const struct section *section, enum condition_kind kind)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->conditions[i].kind == kind)
			return &section->conditions[i];
	return NULL;
}

static void each_of(const struct assignments *list, const struct section *section,
		    void (*each)(void *context, const struct option_use *use), void *context)
{
	for (const struct assignment *a = list->first; a; a = a->next) {
		const struct option_use use = {a->tunable, &a->value, a->line, section};
		each(context, &use);
	}
}

void settings_each_option(const struct settings *settings,
			  void (*each)(void *context, const struct option_use *use), void *context)
{
	each_of(&settings->top, NULL, each, context);
	for (const struct section *s = settings->sections; s; s = s->next)
		each_of(&s->assignments, s, each, context);
	each_of(&settings->arguments, NULL, each, context);
}

static uint64_t number_in(const struct rules *rules, const struct tunable *tunable)
{
	const void *place = (const char *)rules + tunable->offset;

	switch (tunable->type) {
	case TUNABLE_NUMBER:
		return *(const uint32_t *)place;
	case TUNABLE_DURATION:
		return *(const uint64_t *)place;
	case TUNABLE_CHOICE:
		return (uint64_t) * (const int *)place;
	case TUNABLE_BOOL:
	case TUNABLE_DATE:
	case TUNABLE_TEXT:
	case TUNABLE_PATH:
	case TUNABLE_WORDS:
	case TUNABLE_RANGES:
		break;
	}
	return 0;
}

uint64_t settings_value_in(const struct settings *settings, const struct section *section,
			   const char *option)
{
	const struct tunable *tunable = tunable_find(option);
	struct rules rules = settings->base;

	if (section)
		assignments_apply(&section->assignments, &rules);
	assignments_apply(&settings->arguments, &rules);
	return tunable ? number_in(&rules, tunable) : 0;
}

unsigned option_overridden_at(const struct option_use *use)
{
	if (use->line == 0 || !use->section)
		return 0;
	for (const struct section *s = use->section->next; s; s = s->next) {
		const struct assignment *a = assignments_find(&s->assignments, use->option);
		if (a && section_implies(use->section, s))
			return a->line;
	}
	return 0;
}
