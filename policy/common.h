/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_COMMON_H
#define KLING_POLICY_COMMON_H

#include "policy/characters.h"

/*
 * The list of common passwords that ships with Kling, written as rules instead of a few million
 * lines: head, word, tail. The word is one of those in common.c, with characters that look like
 * its letters (character_looks_like). The head is one of a few ("", "my", "123", "!" ...). The
 * tail is specials, digits, specials, each of which may be missing: digits that people append
 * (1, 123, 007, a year from 1950 to 2039 ...) and specials alike ("!", "@", "!!", "!@#" ...).
 * "P@ssw0rd2026!" and "Welcome@123" are in the list, "Welcome-4711-kiosk" is not.
 * The words are our own choice and free for everybody under this package's licence.
 */

/* Whether the whole text, in lower case, is in the list. */
bool common_is(const struct characters *lower);

#endif
