/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_ACCOUNT_H
#define KLING_STORE_ACCOUNT_H

#include "lib/base/attributes.h"
#include "lib/base/shield.h"
#include "lib/base/status.h"
#include "lib/store/enrollment.h"
#include "lib/store/live_state.h"
#include "lib/store/name.h"
#include "lib/store/store.h"
#include "policy/moment.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * One person's live state, locked: load it, judge, commit, unlock. Nothing else in the program
 * opens state. Hold it across nothing that can wait: no prompt, KDF, look-up or log call.
 */
enum account_kind {
	ACCOUNT_USER = STATE_OF_USER,             /* users/NAME/state */
	ACCOUNT_UNENROLLED = STATE_OF_UNENROLLED, /* a shared slot of users without a state */
	ACCOUNT_UNKNOWN = STATE_OF_UNKNOWN,       /* a shared slot of names that do not exist */
};

struct who {
	const char *name; /* canonical pw_name, or as typed when unknown */
	uid_t uid;
	bool exists;
};

/* `name` is borrowed until the account is unlocked. Only kind, who, state and was_damaged are for
 * others than lib/store. */
struct account {
	struct store *store;
	enum account_kind kind;
	struct who who;
	char file_name[FILE_NAME_BYTES];
	int directory; /* users/NAME, -1 for tables */
	int file;
	struct shield shield; /* up while the lock is held */
	off_t offset;
	struct live_state *state; /* loaded; change it, then commit */
	struct account_room *room;
	struct slot_stamp stamp;
	unsigned slot;    /* the one it was read from; a commit writes the other */
	bool was_damaged; /* the other slot did not verify: one slot was lost; state->repair_due is
			     set */
	bool is_current;  /* both slots bear the MAC of the current key */
	struct state_identity identity; /* as the next commit writes it */
	uint8_t mac_key[SHA256_BYTES];
};

#define AUTO_ACCOUNT   AT_SCOPE_END(account_unlock) struct account
#define ACCOUNT_CLOSED ((struct account){.directory = -1, .file = -1})

/*
 * Whether users/NAME/enrollment exists, without a lock and without reading it: for what must be
 * known before the prompt. ST_OK with *enrolled, ST_PERM ..., ST_BAD_NAME.
 */
enum status account_is_enrolled(struct store *store, const struct who *who,
				bool *enrolled) MUST_USE;

/*
 * Locks and loads: the user's own state if there is one, else the slot in `unenrolled`; in
 * `unknown` when !who->exists. Bounded wait (5 s): ST_LOCK_TIMEOUT. After locking, the file is the
 * one the path names. An enrollment without a state is ST_MISSING. With one slot damaged the other
 * is used and `was_damaged` says so: the caller charges one failure and exhausts the steps. Both
 * damaged: ST_CORRUPT. The ledgers are not rebased yet.
 */
enum status account_lock(struct store *store, const struct who *who,
			 struct account *account) MUST_USE;

/* The slot that such a user shares while he has no state of his own, whether or not he has one by
 * now: for what was written there before. */
enum status account_lock_shared(struct store *store, const struct who *who,
				struct account *account) MUST_USE;

/* Locks the user's own state and makes it first when it is missing (account phase and tool only).
 */
enum status account_lock_own(struct store *store, const struct who *who,
			     struct account *account) MUST_USE;

/*
 * Whether the limits of this process let either slot be written. Ask before a judgement: what a
 * wrong answer does and a right one does not would else be seen, and charged to nobody.
 */
bool account_may_commit(const struct account *account) MUST_USE;

/* One write and one fdatasync; ST_IO: not durable, nothing of it counts. */
enum status account_commit(struct account *account) MUST_USE;

/* Into both slots, each flushed, so that no later damage can fall back behind it. */
enum status account_commit_both(struct account *account) MUST_USE;

/*
 * For the administrator: into one slot, flushed, and then into the other if that can be. When it
 * fails, what was before is written again in the place of what may not have arrived, so that a
 * change that was refused is not seen either.
 */
enum status account_change(struct account *account, const struct live_state *before) MUST_USE;

/* Without a flush: tickets. The caller may answer at once. */
enum status account_commit_soft(struct account *account) MUST_USE;

/* Gives the lock back. Safe on one that is closed. */
void account_unlock(struct account *account);

/*
 * The user's enrollment, under the lock. ST_MISSING: not enrolled. An enrollment of the pending
 * generation is adopted into account->state (the next commit makes it durable); one whose
 * generation the state does not know is ST_CORRUPT; ST_OWNER, ST_KEY_MISSING, ST_PERM as they say.
 */
enum status account_enrollment(struct account *account, struct enrollment *enrollment) MUST_USE;

/* The same without a lock, for the salt of the backup codes; the generation is checked again later.
 */
enum status account_peek(struct store *store, const struct who *who,
			 struct enrollment *enrollment) MUST_USE;

/* The pepper of backup codes. It comes from the lasting secret of the key files, so that codes
 * survive a rekey. */
void account_pepper(const struct store *store, uint8_t pepper[SHA256_BYTES]);

/*
 * Replaces the enrollment: pending generation and initial values into the state, flush, new file,
 * fsync, rename, fsync of the directory, then the state is finalised. `record->generation` is set.
 * `uses` and `spent` are what holds with it. On failure the old enrollment holds, whole.
 */
enum status account_enroll(struct account *account, struct enrollment *enrollment,
			   const struct token_use uses[TOKENS_MAX], uint32_t spent) MUST_USE;

/* The same, and with the new enrollment `highest` holds as the highest accepted time; 0: what
 * there is. */
enum status account_resync(struct account *account, struct enrollment *enrollment,
			   const struct token_use uses[TOKENS_MAX], uint32_t spent,
			   int64_t highest) MUST_USE;

/* Removes the enrollment; the state (ledgers, grace) stays. */
enum status account_withdraw(struct account *account) MUST_USE;

/* A sealed, bounded blob of the user's own: users/NAME/history. ST_MISSING when there is none. */
enum { HISTORY_MAX = 16384 };
enum status account_history_read(struct account *account, struct secret *bytes) MUST_USE;
enum status account_history_write(struct account *account, const struct secret *bytes) MUST_USE;

/*
 * For the administrator, where account_lock says ST_CORRUPT, ST_OWNER, ST_KEY_MISSING or
 * ST_MISSING for good. A new state in place of one that is damaged or gone: the ledgers are empty,
 * every backup code counts as spent, `repair_due` is set so that the steps get exhausted. It
 * belongs to the enrollment that is there, or to none. ST_EXISTS when nothing is wrong.
 */
enum status account_rebuild(struct store *store, const struct who *who) MUST_USE;

/* Everything of a user's moves to trash/N/NAME, whole, also when it is damaged; N is the first
 * number where there is none of that name. ST_MISSING. */
enum status account_discard(struct store *store, const char *name) MUST_USE;

/* Names of all users with a directory, one call of `each` a name, in no order, constant memory.
 * Stops and returns its status when `each` returns other than ST_OK. */
enum status account_each(struct store *store, enum status (*each)(void *context, const char *name),
			 void *context) MUST_USE;

#endif
