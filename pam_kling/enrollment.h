/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_ENROLLMENT_H
#define PAM_KLING_ENROLLMENT_H

#include "lib/base/attributes.h"
#include "pam_kling/phase.h"
#include "policy/deadline.h"

#include <stdbool.h>

/*
 * Setting up the second factor inside a login, in the account phase, for a user in grace. Nothing
 * is stored before a code from the phone was right and the backup codes were said to be kept; what
 * ends the dialogue earlier, a signal too, leaves everything as it was. No lock is held while a
 * question is open.
 */

/* Whether rules, service and flags let this login offer it. */
bool enrollment_is_offered(const struct request *request);

/*
 * Offers it, with the end of the grace in the question, and sees it through. False when the
 * conversation could not carry the first question: then the user has seen nothing yet.
 */
bool enrollment_offer(struct phase *phase, const struct grace_view *grace, int64_t wall) MUST_USE;

#endif
