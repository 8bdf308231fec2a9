/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/lockout.h"

#include "policy/lockout_parts.h"

#include <string.h>

/* A time of the old boot in seconds of the new one: as long ago as then, and `elapsed` more. */
static int64_t carry(int64_t time, int64_t anchor, int64_t elapsed, int64_t now)
{
	return seconds_between(seconds_between(time, anchor), seconds_between(elapsed, now));
}

static int64_t carry_lock(int64_t until, int64_t anchor, int64_t elapsed, int64_t now)
{
	int64_t carried;

	if (until == 0 || until == LOCKED_UNTIL_UNLOCK)
		return until;
	carried = carry(until, anchor, elapsed, now);
	return carried > now ? carried : 0;
}

static void carry_ledger(struct ledger *l, int64_t anchor, int64_t elapsed, int64_t now)
{
	l->last_use = carry(l->last_use, anchor, elapsed, now);
	l->code_locked_until = carry_lock(l->code_locked_until, anchor, elapsed, now);
	l->password_locked_until = carry_lock(l->password_locked_until, anchor, elapsed, now);
	for (uint32_t i = 0; i < l->attempt_count; i++) {
		l->attempts[i].at = carry(l->attempts[i].at, anchor, elapsed, now);
		l->attempts[i].pid = 0;
	}
}

void lockout_rebase(struct ledgers *ledgers, const struct moment *now)
{
	const struct moment *anchor = &ledgers->anchor;
	int64_t elapsed;

	if (memcmp(anchor->boot_id, now->boot_id, sizeof(now->boot_id)) == 0) {
		if (now->boot >= anchor->boot)
			ledgers->anchor = *now;
		return;
	}
	elapsed = seconds_latest(seconds_between(anchor->wall, now->wall), now->boot);
	for (size_t i = 0; i < LEDGER_COUNT; i++)
		carry_ledger(&ledgers->ledger[i], anchor->boot, elapsed, now->boot);
	ledgers->anchor = *now;
}

static bool is_capped(const struct ledgers *ledgers, size_t index,
		      const struct lockout_rules *rules)
{
	return index == LEDGER_STRANGERS && rules->cap != 0 &&
	       ledgers->ledger[index].code_run >= rules->cap;
}

enum lock_state lockout_code_state(const struct ledgers *ledgers, size_t index,
				   const struct lockout_rules *rules, bool root)
{
	if (lockout_exempts(rules, root))
		return LOCK_OPEN;
	if (is_capped(ledgers, index, rules))
		return LOCK_CAPPED;
	if (rules->tries != 0 && ledgers->ledger[index].code_locked_until > ledgers->anchor.boot)
		return LOCK_CLOSED;
	return LOCK_OPEN;
}

static void count_up(uint32_t *count)
{
	if (*count < UINT32_MAX)
		(*count)++;
}

/* The next lock for wrong codes; 0 is until unlocked. */
static uint64_t lock_length(const struct ledger *ledger, const struct lockout_rules *rules,
			    bool doubling)
{
	uint64_t length = rules->duration;
	uint64_t longest = length > rules->max_duration ? length : rules->max_duration;

	if (!doubling || length == 0)
		return length;
	for (uint32_t i = 0; i < ledger->doublings && length < longest; i++)
		length = length > longest / 2 ? longest : length * 2;
	return length;
}

enum charge_event lockout_charge_code(struct ledgers *ledgers, size_t index,
				      const struct lockout_rules *rules, bool root)
{
	struct ledger *l = &ledgers->ledger[index];
	int64_t now = ledgers->anchor.boot;
	bool locks;

	if (lockout_exempts(rules, root))
		return CHARGE_COUNTED;
	if (is_local_other(index))
		l->last_use = now;
	if (l->code_locked_until <= now)
		l->code_locked_until = 0;
	count_up(&l->code_failures);
	count_up(&l->code_run);
	locks = rules->tries != 0 && l->code_failures >= rules->tries;
	if (locks) {
		uint64_t length = lock_length(l, rules, index != LEDGER_CONSOLE);

		l->code_locked_until = lock_end(now, length);
		l->code_failures = 0;
		count_up(&l->doublings);
	}
	if (is_capped(ledgers, index, rules))
		return CHARGE_CAPPED;
	return locks ? CHARGE_LOCKED : CHARGE_COUNTED;
}

void lockout_clear_code(struct ledgers *ledgers, size_t index)
{
	struct ledger *l = &ledgers->ledger[index];

	l->code_failures = 0;
	l->code_run = 0;
	l->doublings = 0;
	l->code_locked_until = 0;
}

void ledger_clear(struct ledger *ledger)
{
	struct ledger kept = {.in_use = ledger->in_use,
			      .source = ledger->source,
			      .uid = ledger->uid,
			      .last_use = ledger->last_use};

	*ledger = kept;
}

void lockout_unlock(struct ledgers *ledgers)
{
	for (size_t i = 0; i < LEDGER_COUNT; i++)
		ledger_clear(&ledgers->ledger[i]);
}

int64_t lockout_until(const struct ledgers *ledgers, size_t index,
		      const struct lockout_rules *rules, bool root)
{
	const struct ledger *l = &ledgers->ledger[index];
	int64_t until = seconds_latest(l->code_locked_until, l->password_locked_until);
	int64_t left = seconds_between(ledgers->anchor.boot, until);

	if (lockout_exempts(rules, root))
		return 0;
	if (is_capped(ledgers, index, rules))
		return LOCKED_UNTIL_UNLOCK;
	if (rules->tries == 0 || left <= 0)
		return 0;
	if (until == LOCKED_UNTIL_UNLOCK)
		return until;
	return seconds_add(ledgers->anchor.wall, (uint64_t)left);
}

bool lockout_any(const struct ledgers *ledgers, const struct lockout_rules *rules, bool root,
		 int64_t *until)
{
	int64_t latest = 0;

	for (size_t i = 0; i < LEDGER_COUNT; i++)
		latest = seconds_latest(latest, lockout_until(ledgers, i, rules, root));
	*until = latest;
	return latest != 0;
}
