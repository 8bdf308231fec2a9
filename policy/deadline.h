/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_DEADLINE_H
#define KLING_POLICY_DEADLINE_H

#include "policy/rules.h"

#include <stdbool.h>
#include <stdint.h>

/* How far a user who is not enrolled has come. All zero: the grace has not begun. Wall clock. */
struct grace {
	int64_t start;    /* 0: not begun */
	int64_t extended; /* an end the administrator granted; 0: none. Wins over start +
			     enroll_grace */
	bool ended;       /* by the administrator */
	int64_t seen; /* the latest time it was looked at: turning the clock back gains nothing */
};

enum grace_phase {
	GRACE_OVER = 0,
	GRACE_NOT_BEGUN, /* and would run if it began now */
	GRACE_RUNNING,
};

struct grace_view {
	enum grace_phase phase;
	int64_t end; /* first second without grace */
};

/* enroll_deadline ends it for everybody, extended or not; grace 0 without extension is over. */
struct grace_view deadline_view(const struct grace *grace, const struct enroll_rules *rules,
				int64_t wall);

/* Begins it if it has not begun, and remembers `wall` as seen. True when something changed that is
 * worth a write (the start, or `seen` by an hour or more). */
bool deadline_meet(struct grace *grace, const struct enroll_rules *rules, int64_t wall);

void deadline_extend(struct grace *grace, const struct enroll_rules *rules, int64_t wall,
		     uint64_t seconds);
void deadline_end(struct grace *grace);

#endif
