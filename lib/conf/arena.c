/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 8192 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

static struct arena_block *block_new(struct arena *arena, size_t size)
{
	size_t wanted = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct arena_block *block = NULL;

	if (wanted <= SIZE_MAX - sizeof(*block))
		block = calloc(1, sizeof(*block) + wanted);
	if (!block)
		return NULL;
	block->size = wanted;
	block->next = arena->block;
	arena->block = block;
	return block;
}

void *arena_take(struct arena *arena, size_t size)
{
	const size_t unit = alignof(max_align_t);
	struct arena_block *block = arena->block;

	if (size > SIZE_MAX - unit)
		return NULL;
	size = (size + unit - 1) / unit * unit;
	if (!block || size > block->size - block->used)
		block = block_new(arena, size);
	if (!block)
		return NULL;
	void *taken = block->bytes + block->used;
	block->used += size;
	return taken;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	return count > SIZE_MAX / size ? NULL : arena_take(arena, count * size);
}

char *arena_text(struct arena *arena, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = arena_take(arena, size);

	if (copy)
		memcpy(copy, text, size);
	return copy;
}

void arena_clear(struct arena *arena)
{
	while (arena->block) {
		struct arena_block *next = arena->block->next;
		free(arena->block);
		arena->block = next;
	}
}
