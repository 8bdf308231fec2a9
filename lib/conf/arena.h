/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_ARENA_H
#define KLING_CONF_ARENA_H

#include "lib/base/attributes.h"

#include <stddef.h>

/* Memory that is taken piece by piece and given back at once. A zeroed struct is empty. */
struct arena {
	struct arena_block *block;
};

/* Zeroed, aligned for every type, valid until arena_clear. NULL without memory. */
void *arena_take(struct arena *arena, size_t size) MUST_USE;

/* The same for `count` elements. */
void *arena_array(struct arena *arena, size_t count, size_t size) MUST_USE;

/* A copy of a text. */
char *arena_text(struct arena *arena, const char *text) MUST_USE;

void arena_clear(struct arena *arena);

#endif
