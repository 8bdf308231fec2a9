/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_SECTION_H
#define KLING_CONF_SECTION_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/conf/assignments.h"
#include "lib/conf/settings.h"

#include <stdbool.h>
#include <stdint.h>

enum { CONDITIONS_MAX = 8 };

enum condition_kind { CONDITION_GROUP, CONDITION_USER, CONDITION_SERVICE, CONDITION_FROM };

/* One of several words: [service cron atd]. */
struct condition {
	enum condition_kind kind;
	struct word_list words;
	struct range_list ranges; /* CONDITION_FROM */
};

struct section {
	struct section *next;
	struct section *alike; /* one before it whose hash has the same bucket */
	unsigned line;
	struct condition conditions[CONDITIONS_MAX];
	size_t count;
	uint64_t hash; /* equal for the same heading */
	struct assignments assignments;
};

/* Reads what stands between the brackets, in place. ST_SYNTAX with the complaint, ST_NOMEM. */
enum status section_parse(char *heading, struct arena *arena, struct section *section,
			  struct complaint *complaint) MUST_USE;

/* Whether all conditions hold but those on an address. */
bool section_meets(const struct section *section, const struct subject *subject);

/* Whether the conditions on an address hold; true when there are none. */
bool section_contains(const struct section *section, const struct origin *origin);

bool section_has(const struct section *section, enum condition_kind kind);

/* Whether whoever meets `section` surely meets `other`, as far as the words tell. */
bool section_implies(const struct section *section, const struct section *other);

/* The same conditions in whatever order. */
bool section_equals(const struct section *a, const struct section *b);

#endif
