/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/parts.h"

#include <stdlib.h>

void settings_free(struct settings **settings)
{
	if (*settings)
		arena_clear(&(*settings)->arena);
	free(*settings);
	*settings = NULL;
}

static enum status default_add(const struct tunable *tunable, struct settings *settings)
{
	union value value;
	struct complaint complaint;
	char *text = arena_text(&settings->arena, tunable->standard);

	if (!text)
		return ST_NOMEM;
	enum status s = value_parse(tunable, text, &settings->arena, &value, &complaint);
	if (s != ST_OK)
		return s == ST_NOMEM ? s : ST_INTERNAL;
	value_store(tunable, &value, &settings->base);
	return ST_OK;
}

enum status settings_builtin(struct settings **settings)
{
	AUTO_SETTINGS made = calloc(1, sizeof(*made));
	enum status s = ST_OK;

	*settings = NULL;
	if (!made)
		return ST_NOMEM;
	made->path = KLING_CONF_FILE;
	for (size_t i = 0; i < tunable_count && s == ST_OK; i++)
		s = default_add(&tunables[i], made);
	if (s != ST_OK)
		return s;
	*settings = made;
	made = NULL;
	return ST_OK;
}
