/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_ROLL_H
#define KLING_ENROLL_ROLL_H

#include "kling-enroll/tool.h"

/* Names with their uids, in the order they were given. */
struct roll_entry {
	char *name;
	uid_t uid;
	bool found; /* in the user database */
};

struct roll {
	struct roll_entry *entries;
	size_t count;
	size_t room;
};

#define AUTO_ROLL AT_SCOPE_END(roll_clear) struct roll
void roll_clear(struct roll *roll);

/* A name a line; blank lines and lines that begin with # are left out. Says what is wrong. */
enum exit_code roll_read(const struct tool *tool, const char *path, struct roll *roll) MUST_USE;

/* The members of a group, also those whose primary group it is. */
/* Whether there is such a group; says so when not. */
enum exit_code roll_check_group(const struct tool *tool, const char *group) MUST_USE;

enum exit_code roll_of_group(struct tool *tool, const char *group, struct roll *roll) MUST_USE;

/* Looks everybody up, by one walk through the user database where it can be walked. */
enum status roll_look_up(struct roll *roll) MUST_USE;

#endif
