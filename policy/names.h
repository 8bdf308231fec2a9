/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_NAMES_H
#define KLING_POLICY_NAMES_H

#include "policy/characters.h"

/*
 * Does a password contain a name? Both are in lower case. A name is looked for forwards and
 * backwards, with characters that look like its letters (character_looks_like). Names too short to
 * mean anything are never found: user names under 3 characters, everything else under 4.
 */

/* The whole user name, the same without separators ("john.doe", "johndoe"), each of its words. */
bool names_has_user(const struct characters *password, const struct characters *user);

/* Each word of the full name (a GECOS field; it ends at the first comma), and all words in a row.
 */
bool names_has_full_name(const struct characters *password, const struct characters *full_name);

/* The first label of the host name, as it is and without separators. */
bool names_has_host(const struct characters *password, const struct characters *host);

#endif
