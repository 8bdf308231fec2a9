/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_PASSWORD_BLOCKLIST_H
#define KLING_PASSWORD_BLOCKLIST_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A file of refused passwords, in one of two forms told apart by the first line:
 * - words, one a line, at most BLOCKLIST_WORDS_MAX bytes, read from end to end. Upper and lower
 *   case are alike;
 * - SHA-1 hashes as collections of breached passwords are distributed: 40 hex digits, then nothing
 *   or ":" and a count, in ascending order, of any size. A few blocks are read, nothing is mapped;
 *   the hash of the password as typed and that of its lower case are looked for.
 * A line may end in CR LF; the last one need not end at all.
 *
 * Both functions fail with ST_MISSING, ST_PERM (not a regular file of root's or `owner`'s, or
 * others may write to it or to a directory above), ST_TOO_BIG (words), ST_CORRUPT (empty, a NUL
 * among words, a line that is no hash, hashes out of order where we looked) or ST_IO.
 * A list that fails answers nothing: the caller must refuse.
 */
enum { BLOCKLIST_WORDS_MAX = 16 * 1024 * 1024 };

/* Whether the whole password is in the list. *listed is true unless ST_OK. */
enum status blocklist_has(const char *path, uid_t owner, const uint8_t *password, size_t len,
			  bool *listed) MUST_USE;

/* Whether the list can be used: all words are read, hashes are sampled over the whole file. */
enum status blocklist_check(const char *path, uid_t owner) MUST_USE;

#endif
