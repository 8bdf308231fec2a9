/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_TICKET_H
#define PAM_KLING_TICKET_H

#include "lib/base/status.h"
#include "pam_kling/memory.h"
#include "pam_kling/request.h"

#include <stdbool.h>

/*
 * Passwords under way, DESIGN section 6. A ticket is one password that may be judged; what becomes
 * of it is written without a flush.
 */

/* What asking for a ticket did: whether a password may be judged, and what is worth a line. */
struct admission {
	bool admitted; /* the ticket is in the handle's memory */
	bool locked;   /* former passwords locked the ledger just now */
	bool reopened; /* a lock for passwords had run out */
	size_t ledger;
};

/* Asks for a ticket for this process; a former one on the handle was a wrong password. */
enum status ticket_take(const struct request *request, struct store *store, struct memory *memory,
			struct admission *out) MUST_USE;

/* Gives the handle's open ticket back without a trace; nothing to do without one. */
void ticket_return(const struct request *request, struct store *store, struct memory *memory);

/*
 * Within the caller's critical section of the user's own or shared state: the password was right.
 * True when the state changed. A ticket that was taken elsewhere stays.
 */
bool ticket_redeem(struct memory *memory, struct account *account);

/* A ticket taken while the user had no state of his own, where that is about to be made, or has
 * been: redeems it in the slot where it is. */
enum status ticket_redeem_shared(const struct request *request, struct store *store,
				 struct memory *memory, const struct moment *now) MUST_USE;

#endif
