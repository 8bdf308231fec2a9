/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_OUTCOME_H
#define PAM_KLING_OUTCOME_H

#include "policy/decision.h"

#include <stdbool.h>

/*
 * The one place where our words become PAM's. `host` says that the trouble is the machine's and
 * the same for every user; only then may it show. No refusal maps to anything a stack could take
 * for "ignore" or success.
 */

/* auth: PAM_SUCCESS for VERDICT_ACCEPT, PAM_IGNORE for VERDICT_PASS, else a refusal. */
int outcome_auth(struct decision decision, bool host);

/* account: PAM_SUCCESS for VERDICT_PASS and VERDICT_ENROLL, else a refusal. */
int outcome_account(struct decision decision, bool host);

/* password: PAM_SUCCESS for REASON_OK, else a refusal. */
int outcome_password(enum reason reason, bool host);

/* A PAM error out of the conversation, as a reason. */
enum reason outcome_of_conversation(int pam_error);

#endif
