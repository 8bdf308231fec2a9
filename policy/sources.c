/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/lockout.h"
#include "policy/lockout_parts.h"

enum { DAY = 86400, KNOWN_SECONDS = LEDGER_KNOWN_DAYS * DAY };

const char *ledger_name(size_t index)
{
	if (index >= LEDGER_COUNT)
		return "none";
	if (index >= LEDGER_KNOWN)
		return "known";
	if (index == LEDGER_STRANGERS)
		return "strangers";
	if (index == LEDGER_KEYED)
		return "keyed";
	return index == LEDGER_CONSOLE ? "console" : "local";
}

/* The slot of a source, whether or not it still counts; LEDGER_COUNT when there is none. */
static size_t find_known(const struct ledgers *ledgers, const struct address *source)
{
	size_t i;

	for (i = LEDGER_KNOWN; i < LEDGER_COUNT; i++) {
		const struct ledger *l = &ledgers->ledger[i];

		if (l->in_use && address_equal(&l->source, source))
			break;
	}
	return i;
}

static bool still_known(const struct ledgers *ledgers, size_t index)
{
	return seconds_within(ledgers->ledger[index].last_use, KNOWN_SECONDS, ledgers->anchor.boot);
}

static size_t select_address(const struct ledgers *ledgers, const struct address *address)
{
	struct address source = address_source(address);
	size_t i = find_known(ledgers, &source);

	return i < LEDGER_COUNT && still_known(ledgers, i) ? i : LEDGER_STRANGERS;
}

/* Whether the newest attempt neither counts any more nor can be an open ticket. */
static bool attempts_are_old(const struct ledger *l, uint64_t interval, int64_t now)
{
	int64_t newest;

	if (l->attempt_count == 0)
		return true;
	newest = l->attempts[l->attempt_count - 1].at;
	return !seconds_within(newest, interval, now) &&
	       !seconds_within(newest, LEDGER_TICKET_SECONDS, now);
}

static bool is_locked(const struct ledger *l, int64_t now)
{
	return l->code_locked_until > now || l->password_locked_until > now;
}

/* A ledger that nobody would miss: not locked, and without a count or out of use for a month. */
static bool is_idle(const struct ledger *l, uint64_t interval, int64_t now)
{
	if (is_locked(l, now))
		return false;
	return !seconds_within(l->last_use, KNOWN_SECONDS, now) ||
	       (l->code_failures == 0 && l->code_run == 0 && l->doublings == 0 &&
		attempts_are_old(l, interval, now));
}

/* Whether slot a is a better one to take than slot b: free, else used longer ago. */
static bool better_room(const struct ledger *a, const struct ledger *b)
{
	if (!a->in_use || !b->in_use)
		return !a->in_use && b->in_use;
	return a->last_use < b->last_use;
}

/* A free slot, else the idle one used longest ago, else LEDGER_LOCAL_REST. */
static size_t room_for_other(const struct ledgers *ledgers, uint64_t interval)
{
	size_t best = LEDGER_LOCAL_REST;

	for (size_t i = LEDGER_LOCAL_OTHER; i < LEDGER_KNOWN; i++) {
		const struct ledger *l = &ledgers->ledger[i];

		if (l->in_use && !is_idle(l, interval, ledgers->anchor.boot))
			continue;
		if (best == LEDGER_LOCAL_REST || better_room(l, &ledgers->ledger[best]))
			best = i;
	}
	return best;
}

static size_t room_for_known(const struct ledgers *ledgers)
{
	size_t best = LEDGER_KNOWN;

	for (size_t i = LEDGER_KNOWN + 1; i < LEDGER_COUNT; i++) {
		if (better_room(&ledgers->ledger[i], &ledgers->ledger[best]))
			best = i;
	}
	return best;
}

static size_t select_other(struct ledgers *ledgers, uint32_t uid, uint64_t interval)
{
	size_t i;

	for (i = LEDGER_LOCAL_OTHER; i < LEDGER_KNOWN; i++) {
		if (ledgers->ledger[i].in_use && ledgers->ledger[i].uid == uid)
			return i;
	}
	i = room_for_other(ledgers, interval);
	if (i == LEDGER_LOCAL_REST)
		return i;
	ledgers->ledger[i] =
	    (struct ledger){.in_use = true, .uid = uid, .last_use = ledgers->anchor.boot};
	return i;
}

static size_t select_local(struct ledgers *ledgers, const struct source *source, uint64_t interval)
{
	if (source->uid == 0)
		return LEDGER_LOCAL_ROOT;
	if (source->own)
		return LEDGER_LOCAL_SELF;
	return select_other(ledgers, source->uid, interval);
}

size_t lockout_select(struct ledgers *ledgers, const struct source *source,
		      const struct lockout_rules *rules)
{
	if (rules->scope == LOCKOUT_SCOPE_ACCOUNT)
		return LEDGER_STRANGERS;
	switch (source->kind) {
	case SOURCE_KEYED:
		return LEDGER_KEYED;
	case SOURCE_CONSOLE:
		return LEDGER_CONSOLE;
	case SOURCE_LOCAL:
		return select_local(ledgers, source, rules->interval);
	case SOURCE_STRANGER:
		break;
	}
	return select_address(ledgers, &source->address);
}

bool lockout_source_is_fresh(const struct ledgers *ledgers, const struct address *address)
{
	struct address source = address_source(address);
	size_t i = find_known(ledgers, &source);

	if (source.family == 0)
		return true;
	return i < LEDGER_COUNT &&
	       seconds_within(ledgers->ledger[i].last_use, DAY, ledgers->anchor.boot);
}

bool lockout_remember_source(struct ledgers *ledgers, const struct address *address)
{
	struct address source = address_source(address);
	size_t i = find_known(ledgers, &source);

	if (lockout_source_is_fresh(ledgers, address))
		return false;
	if (i < LEDGER_COUNT && still_known(ledgers, i)) {
		ledgers->ledger[i].last_use = ledgers->anchor.boot;
		return true;
	}
	if (i == LEDGER_COUNT)
		i = room_for_known(ledgers);
	ledgers->ledger[i] =
	    (struct ledger){.in_use = true, .source = source, .last_use = ledgers->anchor.boot};
	return true;
}
