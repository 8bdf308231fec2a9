/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_LOCKOUT_PARTS_H
#define KLING_POLICY_LOCKOUT_PARTS_H

#include "policy/lockout.h"
#include "policy/seconds.h"

/* What lockout.c, tickets.c and sources.c share. */

/* lockout_root = no: the account of uid 0 is neither counted nor locked. */
static inline bool lockout_exempts(const struct lockout_rules *rules, bool root)
{
	return root && !rules->root;
}

/* The end of a lock that begins at `start`; 0 seconds are until unlocked. */
static inline int64_t lock_end(int64_t start, uint64_t seconds)
{
	return seconds == 0 ? LOCKED_UNTIL_UNLOCK : seconds_add(start, seconds);
}

/* The one place that says who may be remembered by uid. */
static inline bool is_local_other(size_t index)
{
	return index >= LEDGER_LOCAL_OTHER && index < LEDGER_KNOWN;
}

/* Everything but whose ledger it is. */
void ledger_clear(struct ledger *ledger);

#endif
