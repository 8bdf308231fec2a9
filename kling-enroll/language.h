/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_LANGUAGE_H
#define KLING_ENROLL_LANGUAGE_H

#include "config.h"
#include "policy/mark.h"

/* _() is a text in the language of whoever reads it; N_() marks one that is translated later. */
#ifdef ENABLE_NLS
#include <libintl.h>
#define _(text) gettext(text)
#else
#define _(text)                    (text)
#define ngettext(one, many, count) ((count) == 1 ? (one) : (many))
#endif

/*
 * Takes characters, paper and language from the locale, with the translations below `directory`.
 * Numbers stay those of "C". Where UTF-8 is not shown, the language stays English.
 */
void language_start(const char *directory);

/* English from here on: for what programs read. */
void language_plain(void);

/* A text that was marked elsewhere, in the reader's language; NULL and "" stay what they are. */
const char *spoken(const char *text);

#endif
