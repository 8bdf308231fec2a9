/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/section.h"

#include "policy/address.h"

#include <string.h>

static const struct {
	const char *word;
	enum condition_kind kind;
} kinds[] = {
    {"group", CONDITION_GROUP},
    {"user", CONDITION_USER},
    {"service", CONDITION_SERVICE},
    {"from", CONDITION_FROM},
};

static enum status kind_parse(const char *word, enum condition_kind *kind,
			      struct complaint *complaint)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].word, word) == 0) {
			*kind = kinds[i].kind;
			return ST_OK;
		}
	}
	return complain(complaint, word, "a section is for group, user, service or from");
}

/* Quotes, patterns and negations would be taken for names that nobody has. */
static enum status check_names(const struct word_list *names, struct complaint *complaint)
{
	for (size_t i = 0; i < names->count; i++)
		if (strpbrk(names->words[i], "\"'!*?[]{}()=#;:/"))
			return complain(complaint, names->words[i], "not a name");
	return ST_OK;
}

/* libpam makes every service name small, so one with capitals would never match. */
static enum status check_services(const struct word_list *names, struct complaint *complaint)
{
	for (size_t i = 0; i < names->count; i++)
		if (strpbrk(names->words[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
			return complain(complaint, names->words[i],
					"a service has no capital letters in PAM");
	return check_names(names, complaint);
}

static enum status condition_parse(char *text, struct arena *arena, struct condition *condition,
				   struct complaint *complaint)
{
	struct word_list words;
	enum status s = words_split(text, arena, &words);

	if (s != ST_OK)
		return s;
	if (words.count == 0)
		return complain(complaint, NULL, "a section without a condition");
	s = kind_parse(words.words[0], &condition->kind, complaint);
	if (s != ST_OK)
		return s;
	if (words.count == 1)
		return complain(complaint, words.words[0], "a condition without a name");
	condition->words = (struct word_list){words.words + 1, words.count - 1};
	if (condition->kind == CONDITION_FROM)
		return words_to_ranges(&condition->words, arena, &condition->ranges, complaint);
	if (condition->kind == CONDITION_SERVICE)
		return check_services(&condition->words, complaint);
	return check_names(&condition->words, complaint);
}

static enum status section_add(struct section *section, char *text, struct arena *arena,
			       struct complaint *complaint)
{
	struct condition condition = {0};
	enum status s = condition_parse(text, arena, &condition, complaint);

	if (s != ST_OK)
		return s;
	/* Somebody is in several groups, but has one name, one service and one address. */
	if (condition.kind != CONDITION_GROUP && section_has(section, condition.kind))
		return complain(complaint, text, "stands twice");
	if (section->count == CONDITIONS_MAX)
		return complain(complaint, text, "too many conditions");
	section->conditions[section->count++] = condition;
	return ST_OK;
}

static uint64_t hash_word(enum condition_kind kind, const char *word)
{
	uint64_t hash = 14695981039346656037U + (uint64_t)kind;

	for (; *word; word++)
		hash = (hash ^ (unsigned char)*word) * 1099511628211U;
	return hash;
}

/* A sum, so that the order does not count. */
static uint64_t hash_section(const struct section *section)
{
	uint64_t hash = section->count;

	for (size_t i = 0; i < section->count; i++) {
		const struct condition *c = &section->conditions[i];
		for (size_t k = 0; k < c->words.count; k++)
			hash += hash_word(c->kind, c->words.words[k]);
	}
	return hash;
}

enum status section_parse(char *heading, struct arena *arena, struct section *section,
			  struct complaint *complaint)
{
	enum status s = ST_OK;

	for (char *next = heading; next && s == ST_OK;) {
		char *text = next;
		next = strchr(text, ',');
		if (next)
			*next++ = '\0';
		s = section_add(section, trim(text), arena, complaint);
	}
	section->hash = hash_section(section);
	return s;
}

static bool in_a_group(const struct word_list *names, const struct subject *subject)
{
	for (size_t i = 0; i < subject->group_count; i++)
		if (word_list_has(names, subject->groups[i]))
			return true;
	return false;
}

static bool condition_holds(const struct condition *condition, const struct subject *subject)
{
	switch (condition->kind) {
	case CONDITION_GROUP:
		return in_a_group(&condition->words, subject);
	case CONDITION_USER:
		return subject->user && word_list_has(&condition->words, subject->user);
	case CONDITION_SERVICE:
		return subject->service && word_list_has(&condition->words, subject->service);
	case CONDITION_FROM:
		return true;
	}
	return false;
}

bool section_meets(const struct section *section, const struct subject *subject)
{
	for (size_t i = 0; i < section->count; i++)
		if (!condition_holds(&section->conditions[i], subject))
			return false;
	return true;
}

bool section_contains(const struct section *section, const struct origin *origin)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct condition *c = &section->conditions[i];
		if (c->kind != CONDITION_FROM)
			continue;
		if (origin->kind != ORIGIN_ADDRESS ||
		    !ranges_contain(c->ranges.ranges, c->ranges.count, &origin->address))
			return false;
	}
	return true;
}

bool section_has(const struct section *section, enum condition_kind kind)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->conditions[i].kind == kind)
			return true;
	return false;
}

/* All words of `narrow` are among those of `wide`. */
static bool condition_implies(const struct condition *narrow, const struct condition *wide)
{
	if (narrow->kind != wide->kind)
		return false;
	for (size_t i = 0; i < narrow->words.count; i++)
		if (!word_list_has(&wide->words, narrow->words.words[i]))
			return false;
	return true;
}

static bool any_implies(const struct section *section, const struct condition *wide)
{
	for (size_t i = 0; i < section->count; i++)
		if (condition_implies(&section->conditions[i], wide))
			return true;
	return false;
}

bool section_implies(const struct section *section, const struct section *other)
{
	for (size_t i = 0; i < other->count; i++)
		if (!any_implies(section, &other->conditions[i]))
			return false;
	return true;
}

bool section_equals(const struct section *a, const struct section *b)
{
	return a->hash == b->hash && section_implies(a, b) && section_implies(b, a);
}
