/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_PEOPLE_H
#define KLING_BASE_PEOPLE_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What the user database says of somebody. The texts live in `buffer`. A zeroed struct is nobody.
 */
struct person {
	char *buffer;
	const char *name;      /* pw_name: the one canonical spelling */
	const char *full_name; /* pw_gecos */
	const char *home;
	const char *shell;
	uid_t uid;
	gid_t gid;
};

#define AUTO_PERSON AT_SCOPE_END(person_clear) struct person

/*
 * ST_NO_USER when there surely is none; ST_LOOKUP when the database did not answer (errno says
 * why); ST_NOMEM. Only ST_OK leaves something to clear.
 */
enum status person_find(const char *name, struct person *person) MUST_USE;
enum status person_find_uid(uid_t uid, struct person *person) MUST_USE;
void person_clear(struct person *person);

/* The names of a person's groups, the primary one among them; a group without a name is left out.
 */
struct group_names {
	const char **names;
	size_t count;
	char *buffer;
};

#define AUTO_GROUPS AT_SCOPE_END(group_names_clear) struct group_names

/*
 * ST_LOOKUP when the database did not answer: never "no groups". What the C library keeps to itself
 * (a failed service in the lookup of somebody's group numbers) is not seen here.
 */
enum status group_names_find(const struct person *person, struct group_names *groups) MUST_USE;

/*
 * The other way round: whether a group lists the person. ST_OK with the answer, also for a group
 * that surely does not exist; ST_LOOKUP when any service of the database did not answer.
 */
enum status group_has_member(const char *group, const struct person *person, bool *member) MUST_USE;

/* Whether there is a group of that name. ST_OK, ST_NO_USER when there surely is none, ST_LOOKUP. */
enum status group_find(const char *group) MUST_USE;
void group_names_clear(struct group_names *groups);

#endif
