/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/examine.h"

#include "lib/password/blocklist.h"

/* What is no text or is longer than any password is in no list. */
static bool can_be_listed(const struct password_report *report)
{
	return !password_is_unmet(report, PASSWORD_TOO_LONG) &&
	       !password_is_unmet(report, PASSWORD_NOT_UTF8);
}

enum status password_examine(const struct rules *rules, uid_t owner,
			     struct password_bytes candidate, const struct password_facts *facts,
			     struct password_report *report)
{
	struct password_rules in_force = password_rules_in_force(rules);
	struct password_report judged = password_judge(&in_force, candidate, facts);
	bool listed = false;

	*report = (struct password_report){.judged = false};
	if (rules->password_blocklist[0] != '\0' && can_be_listed(&judged)) {
		enum status s = blocklist_has(rules->password_blocklist, owner, candidate.bytes,
					      candidate.len, &listed);
		if (s != ST_OK)
			return s;
	}
	if (listed)
		password_refuse(&judged, PASSWORD_LISTED);
	*report = judged;
	return ST_OK;
}
