/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_REKEY_H
#define KLING_STORE_REKEY_H

#include "lib/store/account.h"

/*
 * Moves one user's files (enrollment, state, history) to the current key; a table slot likewise.
 * Already there: ST_OK. A crash at any point leaves every file readable with a key that exists.
 */
enum status rekey_user(struct store *store, const char *name) MUST_USE;
enum status rekey_tables(struct store *store) MUST_USE;

/* Which keys are still named by any file: used[i] for keyring.heads[i]. The trash does not count:
 * what lies there goes with its key. */
enum status rekey_survey(struct store *store, bool used[KEYRING_MAX]) MUST_USE;

#endif
