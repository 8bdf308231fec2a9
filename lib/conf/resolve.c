/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/parts.h"

#include "lib/base/text.h"

#include <string.h>

bool settings_need_groups(const struct settings *settings)
{
	return settings->need_groups;
}

static const char *group_in(const struct section *section, size_t *index)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct condition *c = &section->conditions[i];
		if (c->kind != CONDITION_GROUP)
			continue;
		if (*index < c->words.count)
			return c->words.words[*index];
		*index -= c->words.count;
	}
	return NULL;
}

const char *settings_group(const struct settings *settings, size_t index)
{
	for (const struct section *s = settings->sections; s; s = s->next) {
		const char *name = group_in(s, &index);
		if (name)
			return name;
	}
	return NULL;
}

const char *settings_path(const struct settings *settings)
{
	return settings->path;
}

const struct conf_mark *settings_mark(const struct settings *settings)
{
	return &settings->mark;
}

const char *settings_state_dir(const struct settings *settings)
{
	return settings->base.state_dir;
}

const char *settings_key_dir(const struct settings *settings)
{
	return settings->base.key_dir;
}

static bool matches(const struct section *section, const struct subject *subject)
{
	return section_meets(section, subject) && section_contains(section, &subject->origin);
}

/* A host name may hide any address, so a section on addresses can be neither taken nor left. */
static bool is_undecided(const struct section *section, const struct subject *subject)
{
	return subject->origin.kind == ORIGIN_NAME && section_has(section, CONDITION_FROM) &&
	       section_meets(section, subject);
}

enum status settings_resolve(const struct settings *settings, const struct subject *subject,
			     struct rules *rules, const char **problem)
{
	bool undecided = false;

	*rules = settings->base;
	for (const struct section *s = settings->sections; s; s = s->next) {
		if (is_undecided(s, subject))
			undecided = true;
		else if (matches(s, subject))
			assignments_apply(&s->assignments, rules);
	}
	assignments_apply(&settings->arguments, rules);
	if (undecided)
		rules->allow_from = (struct range_list){.any = false};
	*problem = rules_contradiction(rules);
	return *problem ? ST_CONFIG : ST_OK;
}

/* The assignment that wins, or NULL for the default. */
static const struct assignment *winner(const struct settings *settings,
				       const struct subject *subject, const struct tunable *tunable)
{
	const struct assignment *won = assignments_find(&settings->arguments, tunable);

	if (won)
		return won;
	won = assignments_find(&settings->top, tunable);
	for (const struct section *s = settings->sections; s; s = s->next) {
		const struct assignment *a = assignments_find(&s->assignments, tunable);
		if (a && matches(s, subject))
			won = a;
	}
	return won;
}

void settings_origin_of(const struct settings *settings, const struct subject *subject,
			const char *option, char *out, size_t size)
{
	struct text text = {out, size, 0, false};
	const struct tunable *tunable = tunable_find(option);
	const struct assignment *won = tunable ? winner(settings, subject, tunable) : NULL;

	if (!won) {
		text_add(&text, tunable ? "default" : "");
		return;
	}
	if (won->line == 0) {
		text_add(&text, "argument");
		return;
	}
	text_add(&text, settings->path);
	text_add(&text, ":");
	text_add_number(&text, won->line);
}

void settings_each_text(const struct settings *settings, const char *option,
			void (*each)(void *context, const char *text, unsigned line), void *context)
{
	const struct tunable *tunable = tunable_find(option);
	const struct assignment *a;

	if (!tunable || (tunable->type != TUNABLE_TEXT && tunable->type != TUNABLE_PATH))
		return;
	if ((a = assignments_find(&settings->top, tunable)))
		each(context, a->value.text, a->line);
	for (const struct section *s = settings->sections; s; s = s->next)
		if ((a = assignments_find(&s->assignments, tunable)))
			each(context, a->value.text, a->line);
	if ((a = assignments_find(&settings->arguments, tunable)))
		each(context, a->value.text, a->line);
}

static const char *contradiction_in(const struct settings *settings, const struct section *section)
{
	struct rules rules = settings->base;

	assignments_apply(&section->assignments, &rules);
	assignments_apply(&settings->arguments, &rules);
	return rules_contradiction(&rules);
}

/* The same with every section that holds wherever this one does. */
static const char *contradiction_among(const struct settings *settings,
				       const struct section *section)
{
	struct rules rules = settings->base;

	for (const struct section *s = settings->sections; s; s = s->next)
		if (section_implies(section, s))
			assignments_apply(&s->assignments, &rules);
	assignments_apply(&settings->arguments, &rules);
	return rules_contradiction(&rules);
}

static bool contradicts_up_to(const struct settings *settings, const struct rules *standard,
			      const struct assignments *lines)
{
	struct rules rules = *standard;

	assignments_apply(lines, &rules);
	assignments_apply(&settings->arguments, &rules);
	return rules_contradiction(&rules) != NULL;
}

/* The line of the top from which on it contradicts itself; 0 when the arguments do by themselves.
 * The last line comes first in the list, so its rest is what stands before it. */
static unsigned contradicting_line(const struct settings *settings)
{
	AUTO_SETTINGS plain = NULL;
	struct assignments lines = settings->top;
	unsigned line = 0;

	if (settings_builtin(&plain) != ST_OK)
		return 0;
	for (; contradicts_up_to(settings, &plain->base, &lines); lines.first = lines.first->next) {
		if (!lines.first)
			return 0;
		line = lines.first->line;
	}
	return line;
}

const char *settings_contradiction(const struct settings *settings, unsigned *line)
{
	static const struct section nothing;
	const char *problem = contradiction_in(settings, &nothing);

	*line = problem ? contradicting_line(settings) : 0;
	for (const struct section *s = settings->sections; s && !problem; s = s->next) {
		*line = s->line;
		if (contradiction_in(settings, s))
			problem = contradiction_among(settings, s);
	}
	return problem;
}
