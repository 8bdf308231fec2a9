/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_PASSWORD_H
#define KLING_POLICY_PASSWORD_H

#include "policy/rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every way a new password can fail. The order is the order in which people are told. */
enum password_rule {
	PASSWORD_TOO_LONG = 0, /* have, need: bytes */
	PASSWORD_NOT_UTF8,
	PASSWORD_HAS_CONTROL, /* a control character, NUL included */
	PASSWORD_LENGTH,      /* have, need: code points; so in all the counts below */
	PASSWORD_UPPER,
	PASSWORD_LOWER,
	PASSWORD_DIGIT,
	PASSWORD_SPECIAL,
	PASSWORD_SAME,       /* the old one: as it is, reversed, or in other case */
	PASSWORD_CHANGED,    /* have, need: characters whose lower case is not in the old one's */
	PASSWORD_REPETITION, /* have, need: characters left when repetition is collapsed */
	PASSWORD_HAS_USER,
	PASSWORD_HAS_FULL_NAME,
	PASSWORD_HAS_HOST,
	PASSWORD_LISTED, /* in a list of refused passwords; set by the caller, who reads the lists
			  */
	PASSWORD_FORMER, /* among the former ones; set by the caller, who keeps them */
	PASSWORD_RULES
};

/* The least that may be left when repetition is collapsed. */
enum { PASSWORD_LEAST_LEFT = 6 };

/* NIST SP 800-63B-4 for a password that stands alone. */
enum { PASSWORD_NIST_LENGTH = 15 };

struct password_bytes {
	const uint8_t *bytes; /* NULL: not known */
	size_t len;
};

/* What is known beside the candidate. */
struct password_facts {
	struct password_bytes old_password;
	struct password_bytes user;
	struct password_bytes full_name; /* the GECOS field */
	struct password_bytes host;
};

/* All rules that are not met. All zero means: not judged, so refused. */
struct password_report {
	bool judged;
	uint32_t unmet; /* a bit for each enum password_rule */
	struct {
		uint32_t have;
		uint32_t need;
	} count[PASSWORD_RULES];
};

/*
 * Judges a candidate against all rules at once. Of a candidate that is too long or not UTF-8
 * nothing else is said, since it has no characters to count. Copies made on the way are wiped.
 */
struct password_report password_judge(const struct password_rules *rules,
				      struct password_bytes candidate,
				      const struct password_facts *facts);

/*
 * The rules that hold under the policy chosen: the configured ones, or with nist at least 15
 * characters, no classes and no count of changed characters; names as configured.
 */
struct password_rules password_rules_in_force(const struct rules *rules);

/* Adds a rule that the caller found unmet. */
void password_refuse(struct password_report *report, enum password_rule rule);

bool password_is_accepted(const struct password_report *report);
bool password_is_unmet(const struct password_report *report, enum password_rule rule);

#endif
