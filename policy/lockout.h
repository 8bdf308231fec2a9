/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_LOCKOUT_H
#define KLING_POLICY_LOCKOUT_H

#include "policy/address.h"
#include "policy/moment.h"
#include "policy/rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The ledgers of DESIGN section 6. Wrong codes and wrong passwords are counted apart, and each
 * kind of source has slots of its own, so that strangers can exhaust only `strangers`.
 * Times are in seconds of the boot clock of `anchor`; lockout_rebase carries them across boots.
 */
enum {
	LEDGER_STRANGERS = 0,
	LEDGER_KEYED,
	LEDGER_CONSOLE,
	LEDGER_LOCAL_ROOT,
	LEDGER_LOCAL_SELF,
	LEDGER_LOCAL_REST,
	LEDGER_LOCAL_OTHER,                    /* the first of 4 */
	LEDGER_KNOWN = LEDGER_LOCAL_OTHER + 4, /* the first of 8 */
	LEDGER_COUNT = LEDGER_KNOWN + 8,
	LEDGER_ATTEMPTS = LOCKOUT_TRIES_MAX + LOCKOUT_PARALLEL_MAX,
	LEDGER_KNOWN_DAYS = 30,
	LEDGER_TICKET_SECONDS = 600,
};

#define LOCKED_UNTIL_UNLOCK INT64_MAX
#define NOBODYS_UID         UINT32_MAX /* in a source: all uids without a name share one slot */

/* A password that was wrong (pid 0), or one under way: an open ticket of that process. */
struct attempt {
	int64_t at;
	uint32_t pid;
	uint32_t started; /* low bits of the process's start time, as /proc gives it */
};

struct ledger {
	bool in_use;
	struct address source;     /* LEDGER_KNOWN: whose slot it is */
	uint32_t uid;              /* LEDGER_LOCAL_OTHER: whose slot it is */
	int64_t last_use;          /* LEDGER_KNOWN: last login; LEDGER_LOCAL_OTHER: last attempt */
	uint32_t code_failures;    /* since the last success, lock or unlock */
	uint32_t code_run;         /* in a row, through all locks: for the cap */
	uint32_t doublings;        /* locks for wrong codes since the last success or unlock */
	int64_t code_locked_until; /* 0: open */
	int64_t password_locked_until; /* 0: open */
	uint32_t attempt_count;
	struct attempt attempts[LEDGER_ATTEMPTS]; /* oldest first */
};

struct ledgers {
	struct moment anchor; /* when they were last rebased */
	struct ledger ledger[LEDGER_COUNT];
};

/* Where an attempt comes from. */
enum source_kind {
	SOURCE_STRANGER = 0, /* an address, a name, or nothing usable */
	SOURCE_KEYED,        /* a completed publickey, from wherever */
	SOURCE_CONSOLE,
	SOURCE_LOCAL,
};

struct source {
	enum source_kind kind;
	struct address address; /* SOURCE_STRANGER, SOURCE_KEYED */
	uint32_t uid;           /* SOURCE_LOCAL: the caller's */
	bool own;               /* SOURCE_LOCAL: the caller is the user himself */
};

enum lock_state {
	LOCK_CLOSED = 0, /* locked for a time, or until unlocked */
	LOCK_CAPPED,     /* the cap of wrong codes in a row is reached */
	LOCK_OPEN,
};

/* What a charge did, for the log. */
enum charge_event { CHARGE_COUNTED = 0, CHARGE_LOCKED, CHARGE_CAPPED };

/*
 * Brings all times to `now`: call it first on every load. Within a boot it only moves the anchor.
 * Across boots the wall clock says how much time passed, never less than the new boot has lasted,
 * so that a clock set back cannot free and cannot prolong beyond a lock's own length; open tickets
 * of another boot become failures. The anchor never goes back within a boot: a reading that waited
 * for the lock behind a later one counts as that one.
 */
void lockout_rebase(struct ledgers *ledgers, const struct moment *now);

/*
 * The ledger for a source: an index into ledgers->ledger. May claim a LEDGER_LOCAL_OTHER slot for
 * a new uid (a free one, else an idle one without count or lock, else LEDGER_LOCAL_REST).
 * A completed key is `keyed` from a known address, too. A known address counts only within
 * LEDGER_KNOWN_DAYS. With lockout_scope = account it is
 * LEDGER_STRANGERS for everybody.
 */
size_t lockout_select(struct ledgers *ledgers, const struct source *source,
		      const struct lockout_rules *rules);

/* The name in the log and in status: strangers, keyed, console, local, known. */
const char *ledger_name(size_t index);

/*
 * Codes. `root` is whether the account is uid 0: lockout_root = no exempts it, always LOCK_OPEN,
 * and a charge then changes nothing. lockout_tries = 0 turns locks for a time off; the cap stays
 * unless lockout_cap = 0. lockout_duration = 0 locks until unlocked. The count does not decay: at
 * lockout_tries it locks for the duration doubled at each further lock up to the maximum (the
 * console is not doubled) and restarts. Charge only what LOCK_OPEN let you judge.
 */
enum lock_state lockout_code_state(const struct ledgers *ledgers, size_t index,
				   const struct lockout_rules *rules, bool root);
enum charge_event lockout_charge_code(struct ledgers *ledgers, size_t index,
				      const struct lockout_rules *rules, bool root);

/* A right code: clears this ledger's code counts, its doubling, and its run toward the cap. */
void lockout_clear_code(struct ledgers *ledgers, size_t index);

/* Passwords. Asks whether a process still lives; given by the caller, since policy sees no world.
 */
struct witness {
	bool (*alive)(void *context, uint32_t pid, uint32_t started);
	void *context;
};

/*
 * Turns this ledger's tickets of dead processes or older than LEDGER_TICKET_SECONDS into failures.
 * An attempt's age counts from when its ticket was opened. Where lockout_tries failures fall within
 * one interval they lock for lockout_duration from the last of them, whenever that is noticed, and
 * the count restarts; failures as old as the interval are forgotten. True when the ledger got
 * locked and still is, for the log. Only the ledger of this attempt: another service's rules may be
 * others. `witness` may be NULL: then age alone decides.
 */
bool lockout_sweep(struct ledgers *ledgers, size_t index, const struct lockout_rules *rules,
		   const struct witness *witness);

/*
 * Whether one more password may be judged now: not locked, and failures plus open tickets below
 * tries + parallel. On true the ticket was added (`ticket` says which, for later). Call after
 * lockout_sweep. tries 0 (off), or an exempt root, is true without a ticket (ticket->pid 0), and
 * such a ticket may be returned, redeemed or failed without any effect. `pid` 0 is refused.
 */
bool lockout_admit_password(struct ledgers *ledgers, size_t index,
			    const struct lockout_rules *rules, bool root, uint32_t pid,
			    uint32_t started, struct attempt *ticket);

/* The ticket without a trace: nothing was judged wrong. False when it is not open any more. */
bool lockout_return_ticket(struct ledgers *ledgers, size_t index, const struct attempt *ticket);

/* The password was right: the ticket, the ledger's password failures and its password lock are
 * cleared; other open tickets stay. `index` is the ledger the ticket was opened in. */
void lockout_redeem_ticket(struct ledgers *ledgers, size_t index, const struct attempt *ticket);

/* The password was wrong (a new preauth on the same handle): the ticket becomes a failure now. True
 * when that locked the ledger, as lockout_sweep. */
bool lockout_fail_ticket(struct ledgers *ledgers, size_t index, const struct lockout_rules *rules,
			 const struct attempt *ticket);

/* Both factors were completed from this address: claims or refreshes its LEDGER_KNOWN slot (at
 * most daily; the oldest goes when 8 are taken). True when something changed. */
bool lockout_remember_source(struct ledgers *ledgers, const struct address *address);

/* Whether remembering it would change nothing. */
bool lockout_source_is_fresh(const struct ledgers *ledgers, const struct address *address);

/* Clears every lock, count, doubling and the cap; known sources stay. */
void lockout_unlock(struct ledgers *ledgers);

/* For status and log. Wrong passwords that count now (call after lockout_sweep). */
uint32_t lockout_password_failures(const struct ledger *ledger);

/* Until when a ledger is closed to codes or to passwords, the later of both, in wall time:
 * 0 open, LOCKED_UNTIL_UNLOCK for a lock without end or the cap. */
int64_t lockout_until(const struct ledgers *ledgers, size_t index,
		      const struct lockout_rules *rules, bool root);

/* Whether any ledger is closed, and until when at the latest, as lockout_until. */
bool lockout_any(const struct ledgers *ledgers, const struct lockout_rules *rules, bool root,
		 int64_t *until);

#endif
