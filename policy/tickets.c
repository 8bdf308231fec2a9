/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/lockout.h"
#include "policy/lockout_parts.h"

static bool is_open(const struct attempt *attempt)
{
	return attempt->pid != 0;
}

static void remove_attempt(struct ledger *l, uint32_t at)
{
	l->attempt_count--;
	for (uint32_t i = at; i < l->attempt_count; i++)
		l->attempts[i] = l->attempts[i + 1];
}

/* Removes the failures among the first `end` attempts. */
static void remove_failures(struct ledger *l, uint32_t end)
{
	while (end-- > 0) {
		if (!is_open(&l->attempts[end]))
			remove_attempt(l, end);
	}
}

/* Failures in the window that ends with attempt `last`. */
static uint32_t failures_until(const struct ledger *l, uint32_t last, uint64_t interval)
{
	uint32_t failures = 0;

	for (uint32_t i = 0; i <= last; i++) {
		failures += !is_open(&l->attempts[i]) &&
			    seconds_within(l->attempts[i].at, interval, l->attempts[last].at);
	}
	return failures;
}

/* The first failure that makes the count full; attempt_count when none does. */
static uint32_t find_locking(const struct ledger *l, const struct lockout_rules *rules)
{
	uint32_t i;

	for (i = 0; i < l->attempt_count; i++) {
		if (!is_open(&l->attempts[i]) &&
		    failures_until(l, i, rules->interval) >= rules->tries)
			break;
	}
	return i;
}

static void forget_old_failures(struct ledger *l, uint64_t interval, int64_t now)
{
	for (uint32_t i = l->attempt_count; i-- > 0;) {
		if (!is_open(&l->attempts[i]) && !seconds_within(l->attempts[i].at, interval, now))
			remove_attempt(l, i);
	}
}

/* Turns each full count into a lock from its last failure on, as if it had been seen then, and only
 * afterwards forgets what is too old by now. */
static bool settle(struct ledgers *ledgers, size_t index, const struct lockout_rules *rules)
{
	struct ledger *l = &ledgers->ledger[index];
	int64_t now = ledgers->anchor.boot;
	bool was_locked = l->password_locked_until > now;

	while (rules->tries != 0) {
		uint32_t last = find_locking(l, rules);

		if (last == l->attempt_count)
			break;
		l->password_locked_until = seconds_latest(
		    l->password_locked_until, lock_end(l->attempts[last].at, rules->duration));
		remove_failures(l, last + 1);
	}
	forget_old_failures(l, rules->interval, now);
	return !was_locked && l->password_locked_until > now;
}

static bool is_alive(const struct witness *witness, const struct attempt *ticket)
{
	return !witness || witness->alive(witness->context, ticket->pid, ticket->started);
}

bool lockout_sweep(struct ledgers *ledgers, size_t index, const struct lockout_rules *rules,
		   const struct witness *witness)
{
	struct ledger *l = &ledgers->ledger[index];
	int64_t now = ledgers->anchor.boot;

	for (uint32_t i = 0; i < l->attempt_count; i++) {
		struct attempt *a = &l->attempts[i];

		if (is_open(a) &&
		    !(seconds_within(a->at, LEDGER_TICKET_SECONDS, now) && is_alive(witness, a)))
			a->pid = 0;
	}
	return settle(ledgers, index, rules);
}

static bool is_full(const struct ledger *l, const struct lockout_rules *rules)
{
	return l->attempt_count >= LEDGER_ATTEMPTS ||
	       l->attempt_count >= (uint64_t)rules->tries + rules->parallel;
}

bool lockout_admit_password(struct ledgers *ledgers, size_t index,
			    const struct lockout_rules *rules, bool root, uint32_t pid,
			    uint32_t started, struct attempt *ticket)
{
	struct ledger *l = &ledgers->ledger[index];
	int64_t now = ledgers->anchor.boot;

	*ticket = (struct attempt){now, 0, 0};
	if (rules->tries == 0 || lockout_exempts(rules, root))
		return true;
	if (l->password_locked_until > now || is_full(l, rules) || pid == 0)
		return false;
	if (is_local_other(index))
		l->last_use = now;
	l->password_locked_until = 0;
	*ticket = (struct attempt){now, pid, started};
	l->attempts[l->attempt_count++] = *ticket;
	return true;
}

/* Where an open ticket stands; attempt_count when it is not open any more. */
static uint32_t find_ticket(const struct ledger *l, const struct attempt *ticket)
{
	uint32_t i;

	for (i = 0; i < l->attempt_count && is_open(ticket); i++) {
		const struct attempt *a = &l->attempts[i];

		if (a->pid == ticket->pid && a->started == ticket->started && a->at == ticket->at)
			return i;
	}
	return l->attempt_count;
}

bool lockout_return_ticket(struct ledgers *ledgers, size_t index, const struct attempt *ticket)
{
	struct ledger *l = &ledgers->ledger[index];
	uint32_t i = find_ticket(l, ticket);

	if (i == l->attempt_count)
		return false;
	remove_attempt(l, i);
	return true;
}

void lockout_redeem_ticket(struct ledgers *ledgers, size_t index, const struct attempt *ticket)
{
	struct ledger *l = &ledgers->ledger[index];

	if (!is_open(ticket))
		return;
	lockout_return_ticket(ledgers, index, ticket);
	remove_failures(l, l->attempt_count);
	l->password_locked_until = 0;
}

bool lockout_fail_ticket(struct ledgers *ledgers, size_t index, const struct lockout_rules *rules,
			 const struct attempt *ticket)
{
	struct ledger *l = &ledgers->ledger[index];
	uint32_t i = find_ticket(l, ticket);

	if (i == l->attempt_count)
		return false;
	l->attempts[i].pid = 0;
	return settle(ledgers, index, rules);
}

uint32_t lockout_password_failures(const struct ledger *ledger)
{
	uint32_t failures = 0;

	for (uint32_t i = 0; i < ledger->attempt_count; i++)
		failures += !is_open(&ledger->attempts[i]);
	return failures;
}
