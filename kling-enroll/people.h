/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_PEOPLE_H
#define KLING_ENROLL_PEOPLE_H

#include "kling-enroll/tool.h"

/*
 * Everybody there is something to say about: the user database, as far as it lists its users, and
 * behind it those who are enrolled and were not listed. Memory does not grow with their number.
 */
struct people_visit {
	const char *group; /* only its members; NULL: everybody */
	bool stored_only;  /* only who has a record in the store */

	/* Returns other than ST_OK to stop. */
	enum status (*each)(void *context, const struct who *who);
	/* For a record whose user cannot be found: ST_NO_USER, or why not. NULL: who is no user is
	 * passed over, and any other trouble ends the visit. Not for a group. */
	enum status (*lost)(void *context, const char *name, enum status why);
	void *context;
};

/* ST_MISSING: no such group. ST_LOOKUP; else what `each` said. */
enum status people_visit(struct tool *tool, const struct people_visit *visit) MUST_USE;

#endif
