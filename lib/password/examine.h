/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_PASSWORD_EXAMINE_H
#define KLING_PASSWORD_EXAMINE_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "policy/password.h"

#include <sys/types.h>

/*
 * A candidate against the rules in force and against rules->password_blocklist (of root's or
 * `owner`'s), as the module and the tool both do it; the history is the caller's. ST_OK with the
 * report; else it says nothing, so refuses, and the status is that of blocklist_has.
 */
enum status password_examine(const struct rules *rules, uid_t owner,
			     struct password_bytes candidate, const struct password_facts *facts,
			     struct password_report *report) MUST_USE;

enum { PASSWORD_TEXT_BYTES = 160, PASSWORD_WORDS_BYTES = 192 };

/* What a rule asks for, in English: "at least 12 characters (this has 5)". No line feed. */
void password_explain(const struct password_report *report, enum password_rule rule,
		      char out[PASSWORD_TEXT_BYTES]);

/* The same in the words of `text`, a translation of password_rule_text(rule). */
void password_explain_as(const struct password_report *report, enum password_rule rule,
			 const char *text, char out[PASSWORD_TEXT_BYTES]);
const char *password_rule_text(enum password_rule rule);

/* The unmet rules by their short names, for logs: "length,upper". */
void password_unmet_words(const struct password_report *report, char out[PASSWORD_WORDS_BYTES]);

/* The short name of a rule; never NULL. */
const char *password_rule_word(enum password_rule rule);

#endif
