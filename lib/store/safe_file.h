/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_SAFE_FILE_H
#define KLING_STORE_SAFE_FILE_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * The files of the store, by a name in a held directory. Only here and in lib/base/safe_path are
 * they opened. Every file is regular, of exactly the owner, with one link and no bits for group
 * and others; anything else is ST_PERM.
 */

/* Opened for reading and writing in place, with what fstat said. A file larger than `size` is
 * ST_CORRUPT. */
enum status safe_file_open_rw(int dir, const char *name, uid_t owner, off_t size, int *fd,
			      struct stat *st) MUST_USE;

/* The whole content. More than `size` bytes is ST_CORRUPT. */
enum status safe_file_read(int dir, const char *name, uid_t owner, uint8_t *bytes, size_t size,
			   size_t *length) MUST_USE;

/* All bytes at an offset, as many as there are up to `size`. ST_IO. */
enum status safe_file_read_at(int fd, off_t offset, void *bytes, size_t size,
			      size_t *length) MUST_USE;
enum status safe_file_write_at(int fd, off_t offset, const void *bytes, size_t length) MUST_USE;

/* Whether the file size limit, which the caller of a set-user-id program chose, lets a file be
 * written up to `end`. A write that it would tear in the middle is not begun, and is ST_LIMIT. */
bool safe_file_may_reach(off_t end);

/* fsync and fdatasync. ST_IO: it may or may not be there after a power cut. */
enum status safe_file_flush(int fd) MUST_USE;
enum status safe_file_flush_data(int fd) MUST_USE;

/*
 * A new file beside the old one, whole and flushed: made anew whatever lay under that name. Who
 * calls holds the lock that keeps others from the same name. On failure nothing is left of it.
 */
enum status safe_file_prepare(int dir, const char *name, mode_t mode, const void *bytes,
			      size_t length) MUST_USE;

/* Gives a prepared file its name, over what had it, and flushes the directory. */
enum status safe_file_publish(int dir, const char *prepared, const char *name) MUST_USE;

/* Both, mode 0600. After a failure the old file holds, unless *replaced says that the new one has
 * its name but may not be durable. */
enum status safe_file_replace(int dir, const char *name, const void *bytes, size_t length,
			      bool *replaced) MUST_USE;

/* Unlinks a file, durably. ST_MISSING when there was none. */
enum status safe_file_remove(int dir, const char *name) MUST_USE;

#endif
