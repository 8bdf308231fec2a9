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

/*
 * Asks for a ticket for this process; a former one on the handle was a wrong password. ST_OK:
 * *admitted says whether a password may be judged; the ticket is then in `memory`.

 */
enum status ticket_take(const struct request *request, struct store *store, struct memory *memory,
			bool *admitted) MUST_USE;

/* Gives the handle's open ticket back without a trace; nothing to do without one. */
void ticket_return(const struct request *request, struct store *store, struct memory *memory);

/* Within the caller's critical section: the password was right. True when the state changed. */
bool ticket_redeem(struct memory *memory, struct live_state *state);

#endif
