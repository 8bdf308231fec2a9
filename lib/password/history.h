/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_PASSWORD_HISTORY_H
#define KLING_PASSWORD_HISTORY_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Former passwords of one user as the crypt(3) hashes that the shadow file held: a text of lines,
 * the oldest first, which the caller keeps (account_history_read and _write). An empty secret is an
 * empty history.
 */

/*
 * Whether the password is one of the newest `last` in the history, or the one behind `current`
 * (may be NULL). Takes as long as that many password checks: hold no lock. *former is true unless
 * ST_OK. A hash that this machine's crypt(3) does not know matches nothing. ST_NOMEM; ST_INTERNAL
 * without libcrypt.
 */
enum status history_has(const struct secret *history, uint32_t last, const char *current,
			const char *password, bool *former) MUST_USE;

/*
 * Adds a hash, unless it is the newest one already, and drops all but the newest `keep`.
 * ST_SYNTAX: not a hash; the history is as it was, also after ST_NOMEM.
 */
enum status history_add(struct secret *history, const char *hash, uint32_t keep) MUST_USE;

/*
 * The hash of somebody's present password in the shadow data base, without the marks of a locked
 * account; a C string. ST_MISSING: no entry, or no password in it (*, x, empty); ST_LOOKUP when
 * the data base did not answer; ST_NOMEM.
 */
enum status shadow_hash(const char *user, struct secret *hash) MUST_USE;

#endif
