/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_ASSIGNMENTS_H
#define KLING_CONF_ASSIGNMENTS_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/conf/value.h"

/* name = value, read. */
struct assignment {
	struct assignment *next;
	const struct tunable *tunable;
	union value value;
	unsigned line; /* 0 for a module argument */
};

/* What one place says: the top of the file, one section, or the arguments. An option stands once.
 */
struct assignments {
	struct assignment *first;
};

/* The one of that option, or NULL. */
const struct assignment *assignments_find(const struct assignments *list,
					  const struct tunable *tunable);

/* Adds an option that is not there yet; its value follows from `text` as value_parse wants it. */
enum status assignments_add(struct assignments *list, const struct tunable *tunable, char *text,
			    unsigned line, struct arena *arena,
			    struct complaint *complaint) MUST_USE;

void assignments_apply(const struct assignments *list, struct rules *rules);

#endif
