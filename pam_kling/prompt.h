/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_PROMPT_H
#define PAM_KLING_PROMPT_H

#include "pam_kling/phase.h"
#include "policy/decision.h"

/*
 * Asks for the code. REASON_OK: `reply` is an answer to judge; with prompt_style = combined the
 * password before it was left for the next module. Otherwise there is nothing to judge and nothing
 * to charge: REASON_NO_ANSWER, REASON_HOST_REFUSED (the host's junk), REASON_BLIND_CONVERSATION
 * (the host gave the password to every prompt), REASON_CONV, REASON_NOMEM.
 */
enum reason prompt_code(struct phase *phase, struct secret *reply) MUST_USE;

#endif
