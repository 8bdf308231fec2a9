/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_DIRECTORY_H
#define KLING_STORE_DIRECTORY_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <sys/types.h>

/* A directory in a held one, of exactly this owner, not writable for group and others. */
enum status directory_open_at(int parent, const char *name, uid_t owner, int *fd) MUST_USE;

/* Makes it (0700) if it is missing, durably, and opens it. */
enum status directory_make_at(int parent, const char *name, uid_t owner, int *fd) MUST_USE;

/* Makes a directory by its path (0700), missing ones above it too (0755), and opens it. One that
 * was there and is empty loses its group and other bits. */
enum status directory_make(const char *path, uid_t owner, int *fd) MUST_USE;

/* Calls `each` for every name but . and .., from where the descriptor stands; stops at and returns
 * the first status other than ST_OK. Constant memory. */
enum status directory_each(int fd, enum status (*each)(void *context, const char *name),
			   void *context) MUST_USE;

/* Whether anything is in it. Reads from the start. */
enum status directory_is_empty(int fd, bool *empty) MUST_USE;

#endif
