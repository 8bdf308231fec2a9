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

/* enroll_deadline ends it for everybody, extended or not; grace 0 without extension is over.
 * For a grace that has not begun, `end` is what it would be if it began now. */
struct grace_view deadline_view(const struct grace *grace, const struct enroll_rules *rules,
				int64_t wall);

/* Begins it if it has not begun and would run, and remembers `wall` as seen. True when something
 * changed that is worth a write: the start, the end now seen to be over, `seen` by an hour or more.
 * Without any grace to give nothing begins: those seven days are still to come. */
bool deadline_meet(struct grace *grace, const struct enroll_rules *rules, int64_t wall);

/* The administrator's word, and his clock is believed: `seconds` are added to the user's own end,
 * or to now when that is past or was ended. A grace that has not begun begins now. */
void deadline_extend(struct grace *grace, const struct enroll_rules *rules, int64_t wall,
		     uint64_t seconds);

/* No grace from now on, until extended again. */
void deadline_end(struct grace *grace);

#endif
