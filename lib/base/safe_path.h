/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_SAFE_PATH_H
#define KLING_BASE_SAFE_PATH_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * Opening what nobody but root and `owner` can have put there. Each returns a descriptor that is
 * close-on-exec and is the caller's to close; on failure *fd is -1. All of them fail with
 * ST_MISSING (something on the way is not there), ST_PERM (a wrong owner, mode, type or link, or
 * a path that is not clean or goes deeper than SAFE_WAY_DEPTH), or ST_IO (errno says why).
 */

/*
 * The directories above the path that was opened last: what the next one shares with it is not
 * looked at again. For one piece of work, of one owner; borrows the path. Zeroed, it knows nothing.
 */
struct safe_way {
	const char *path;
	size_t depth;    /* how many of its directories were found safe, "/" the first */
	uint64_t strict; /* a bit for each: also safe to stand immediately above */
};

enum { SAFE_WAY_DEPTH = 64 };

/* Absolute, without empty, "." or ".." components and without a slash at the end ("/" is clean). */
bool safe_path_is_clean(const char *path);

/*
 * A directory of root's or `owner`'s that no group and nobody else may write to. Every directory
 * above it is likewise, and none is a symbolic link; a sticky directory of root's (/tmp) may stand
 * above, but not immediately.
 */
enum status safe_directory_open(const char *path, uid_t owner, int *fd) MUST_USE;

/* The same along a way, with what fstat said. */
enum status safe_directory_open_along(struct safe_way *way, const char *path, uid_t owner, int *fd,
				      struct stat *st) MUST_USE;

/*
 * A regular file in an open directory: of exactly this owner, with one link, none of the mode bits
 * `forbidden` and at most max_size bytes (else ST_TOO_BIG). `flags` are those of open(2), without
 * O_CREAT. ST_STALE when it is replaced all the time. *st is what fstat said.
 */
enum status safe_file_open(int dir, const char *name, int flags, uid_t owner, mode_t forbidden,
			   off_t max_size, int *fd, struct stat *st) MUST_USE;

/*
 * A regular file at an absolute path for reading: of root's or `owner`'s, not writable for group
 * and others, at most max_size bytes (else ST_TOO_BIG), below directories as above (a sticky one
 * not immediately).
 */
enum status safe_path_open(const char *path, uid_t owner, off_t max_size, int *fd) MUST_USE;

/* The same along a way, with what fstat said. */
enum status safe_path_open_along(struct safe_way *way, const char *path, uid_t owner,
				 off_t max_size, int *fd, struct stat *st) MUST_USE;

#endif
