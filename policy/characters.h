/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_CHARACTERS_H
#define KLING_POLICY_CHARACTERS_H

#include "policy/password_rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Text as code points, without locale: tables of our own decide, so that the same password has the
 * same verdict whatever LANG says.
 *
 * upper, lower  ASCII, Latin, Greek, Cyrillic, Armenian and full-width letters with a case
 * digit         the decimal digits of every script (0-9, Arabic-Indic, Devanagari, full-width ...)
 * special       ASCII punctuation and the blank; beyond ASCII punctuation, symbols, currency signs,
 *               visible blanks such as U+00A0, and emoji
 * control       U+0000 to U+001F and U+007F to U+009F
 * other         everything else: letters of scripts without case, combining marks, superscripts,
 *               invisible format characters. It counts towards the length and nothing more.
 */
enum character_class {
	CHARACTER_OTHER = 0,
	CHARACTER_UPPER,
	CHARACTER_LOWER,
	CHARACTER_DIGIT,
	CHARACTER_SPECIAL,
	CHARACTER_CONTROL,
	CHARACTER_CLASSES
};

struct characters {
	size_t count;
	uint32_t at[PASSWORD_MAX_BYTES];
};

/* A struct characters that is wiped when it goes out of scope. */
#define AUTO_CHARACTERS __attribute__((cleanup(characters_wipe))) struct characters

/*
 * Decodes strict UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF) into to.
 * Returns false, with to empty, for anything else and for more than PASSWORD_MAX_BYTES bytes.
 */
bool characters_decode(struct characters *to, const uint8_t *bytes, size_t len);

/*
 * The same for text nobody can refuse any more (an old password, a full name): a byte that is not
 * UTF-8 becomes a value of its own above U+10FFFF; bytes beyond PASSWORD_MAX_BYTES are left out.
 */
void characters_decode_any(struct characters *to, const uint8_t *bytes, size_t len);

/*
 * Writes text as UTF-8 and returns the number of bytes, or 0, with nothing written, when they are
 * more than size or the text is not one that characters_decode made.
 */
size_t characters_encode(const struct characters *text, uint8_t *to, size_t size);

/* Overwrites the text, in a way the compiler does not drop. */
void characters_wipe(struct characters *text);

/* Replaces each upper-case letter by its simple lower-case form. */
void characters_to_lower(struct characters *text);

bool characters_equal(const struct characters *a, const struct characters *b);

enum character_class character_class(uint32_t point);
uint32_t character_to_lower(uint32_t point);

/*
 * Whether a typed character is this lower-case letter or what people write for it: 0 o, 1 i or l,
 * 3 e, 4 and @ a, 5 and $ s, 7 t.
 */
bool character_looks_like(uint32_t typed, uint32_t letter);

#endif
