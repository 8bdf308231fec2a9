/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/names.h"

enum { SHORTEST_USER = 3, SHORTEST_NAME = 4 };

static bool begins_forwards(const uint32_t *text, const uint32_t *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!character_looks_like(text[i], name[i]))
			return false;
	}
	return true;
}

static bool begins_backwards(const uint32_t *text, const uint32_t *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!character_looks_like(text[i], name[len - 1 - i]))
			return false;
	}
	return true;
}

static bool occurs(const struct characters *password, const uint32_t *name, size_t len)
{
	for (size_t i = 0; i + len <= password->count; i++) {
		if (begins_forwards(password->at + i, name, len) ||
		    begins_backwards(password->at + i, name, len))
			return true;
	}
	return false;
}

static bool is_separator(uint32_t point)
{
	enum character_class class = character_class(point);

	return class == CHARACTER_SPECIAL || class == CHARACTER_CONTROL;
}

static bool whole_occurs(const struct characters *password, const struct characters *name,
			 size_t shortest)
{
	return name->count >= shortest && occurs(password, name->at, name->count);
}

static bool joined_occurs(const struct characters *password, const struct characters *name,
			  size_t shortest)
{
	struct characters joined = {0};

	for (size_t i = 0; i < name->count; i++) {
		if (!is_separator(name->at[i]))
			joined.at[joined.count++] = name->at[i];
	}
	return whole_occurs(password, &joined, shortest);
}

static bool a_word_occurs(const struct characters *password, const struct characters *name)
{
	for (size_t start = 0, end; start < name->count; start = end + 1) {
		for (end = start; end < name->count && !is_separator(name->at[end]);)
			end++;
		if (end - start >= SHORTEST_NAME && occurs(password, name->at + start, end - start))
			return true;
	}
	return false;
}

static struct characters up_to(const struct characters *name, uint32_t end)
{
	struct characters part = {0};

	while (part.count < name->count && name->at[part.count] != end) {
		part.at[part.count] = name->at[part.count];
		part.count++;
	}
	return part;
}

bool names_has_user(const struct characters *password, const struct characters *user)
{
	return whole_occurs(password, user, SHORTEST_USER) ||
	       joined_occurs(password, user, SHORTEST_USER) || a_word_occurs(password, user);
}

bool names_has_full_name(const struct characters *password, const struct characters *full_name)
{
	struct characters name = up_to(full_name, ',');

	return joined_occurs(password, &name, SHORTEST_NAME) || a_word_occurs(password, &name);
}

bool names_has_host(const struct characters *password, const struct characters *host)
{
	struct characters label = up_to(host, '.');

	return whole_occurs(password, &label, SHORTEST_NAME) ||
	       joined_occurs(password, &label, SHORTEST_NAME);
}
