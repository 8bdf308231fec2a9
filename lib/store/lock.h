/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_LOCK_H
#define KLING_STORE_LOCK_H

#include "lib/base/attributes.h"
#include "lib/base/shield.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

enum { LOCK_WAIT_SECONDS = 5 };

/* When patience ends, on CLOCK_MONOTONIC. One for a whole operation, however often it tries. */
struct patience {
	struct timespec end;
};

enum status patience_begin(struct patience *patience) MUST_USE;
bool patience_is_over(const struct patience *patience);

/*
 * An exclusive lock on bytes of an open file, of the open file description: it dies with it, or
 * with lock_release. ST_LOCK_TIMEOUT when patience ends; ST_IO when the file system has no locks:
 * nobody goes on without one. With the lock the shield is up, and never while waiting for it; the
 * caller lowers it when the lock is gone. NULL: for programs that are never set-user-id.
 */
enum status lock_bytes(int fd, off_t offset, off_t length, const struct patience *patience,
		       struct shield *shield) MUST_USE;
void lock_release(int fd, off_t offset, off_t length);

/* The same on a directory, against others who make or replace something in it. */
enum status lock_directory(int fd, const struct patience *patience, struct shield *shield) MUST_USE;

#endif
