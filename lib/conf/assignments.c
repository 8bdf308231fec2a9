/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/assignments.h"

const struct assignment *assignments_find(const struct assignments *list,
					  const struct tunable *tunable)
{
	for (const struct assignment *a = list->first; a; a = a->next)
		if (a->tunable == tunable)
			return a;
	return NULL;
}

enum status assignments_add(struct assignments *list, const struct tunable *tunable, char *text,
			    unsigned line, struct arena *arena, struct complaint *complaint)
{
	struct assignment *a;

	if (assignments_find(list, tunable))
		return complain(complaint, tunable->name, "stands twice");
	a = arena_take(arena, sizeof(*a));
	if (!a)
		return ST_NOMEM;
	enum status s = value_parse(tunable, text, arena, &a->value, complaint);
	if (s != ST_OK)
		return s;
	a->tunable = tunable;
	a->line = line;
	a->next = list->first;
	list->first = a;
	return ST_OK;
}

void assignments_apply(const struct assignments *list, struct rules *rules)
{
	for (const struct assignment *a = list->first; a; a = a->next)
		value_store(a->tunable, &a->value, rules);
}
