/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_ACCOUNT_PARTS_H
#define KLING_STORE_ACCOUNT_PARTS_H

#include "lib/store/account.h"
#include "lib/store/lock.h"
#include "lib/store/sealed.h"

/* What the files of lib/store that deal with accounts share, and nobody else sees. */

#define STATE_FILE      "state"
#define ENROLLMENT_FILE "enrollment"
#define HISTORY_FILE    "history"

/* Where an account's state is read and written; its bytes are no secret. */
struct account_room {
	uint8_t bytes[STATE_BYTES];
	struct live_state state;
};

/* A closed account of that person, in users/. ST_BAD_NAME. */
enum status account_begin(struct store *store, const struct who *who,
			  struct account *account) MUST_USE;

/*
 * The user's own state: opened, locked, the one the path names. Not loaded. ST_MISSING: there is
 * none (and no lock).
 */
enum status account_hold(struct account *account, const struct patience *patience) MUST_USE;

/*
 * The lock of the opened directory, under which a state comes into being, and the keys as they are
 * behind it.
 */
enum status account_hold_directory(struct account *account,
				   const struct patience *patience) MUST_USE;

/* Loads the state under the lock. `any_uid` takes the uid that the state itself proves. */
enum status account_load(struct account *account, bool any_uid) MUST_USE;

/* As account_lock for a user's own state, whatever uid it is bound to. */
enum status account_lock_any(struct store *store, const char *name,
			     struct account *account) MUST_USE;

/* A slot of a table by its number. */
enum status account_lock_slot(struct store *store, enum account_kind kind, unsigned slot,
			      struct account *account) MUST_USE;

/* A sealed file of the user's in `directory`; what is read must be his by uid and name. */
struct sealed_name {
	const char *file;
	enum purpose purpose;
	size_t max; /* bytes of the whole file */
};

extern const struct sealed_name sealed_enrollment;
extern const struct sealed_name sealed_history;

enum status account_unseal(const struct account *account, const struct sealed_name *name,
			   struct sealed_head *head, struct secret *plain) MUST_USE;

/* Seals and replaces. On failure one of both files is there, whole. */
enum status account_seal(const struct account *account, const struct sealed_name *name,
			 uint64_t generation, const struct secret *plain) MUST_USE;

/* Whether `directory` has the enrollment file, of whatever kind. */
enum status account_has_enrollment(int directory, bool *has) MUST_USE;

#endif
