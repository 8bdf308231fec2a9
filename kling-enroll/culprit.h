/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_CULPRIT_H
#define KLING_ENROLL_CULPRIT_H

#include "lib/store/store.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * The file or directory at which owners, modes and kinds go wrong: its very path, what it has and
 * should have, and the command that mends it. For messages alone: what is refused is decided where
 * it is opened.
 */
struct culprit {
	bool refused; /* else it is only worth telling: a directory that others may list */
	char path[PATH_MAX];
	char problem[1024];
	char fix[4096];
};

enum path_role {
	ROLE_CONFIG,    /* a file of root's or the owner's, which others may not write to */
	ROLE_DIRECTORY, /* likewise, and nobody else should list it */
	ROLE_OWN,       /* a directory of exactly the owner's */
	ROLE_SECRET,    /* a file of exactly the owner's, with one name and no rights for others */
	ROLE_KEY,       /* the same, and read-only */
};

typedef void culprit_fn(void *context, const struct culprit *culprit);

/* The first thing wrong on the way to `path` or with itself; false: nothing, or it is not there. */
bool culprit_on_path(const char *path, enum path_role role, uid_t owner, struct culprit *culprit);

/* Everything that is wrong with the directories of keys and store and what lies in them, but for
 * the users' own; then with one user's. */
void culprits_of_place(const struct place *place, culprit_fn *each, void *context);
void culprits_of_user(const struct place *place, const char *name, culprit_fn *each, void *context);

/* The first for which something is refused: of a user (NULL: of none), else of the place. */
bool culprit_find(const struct place *place, const char *name, struct culprit *culprit);

/* A word of a shell's command line, quoted where it must be; "PATH" when there is no room for it.
 */
void quote_word(const char *word, char *out, size_t size);

#endif
