/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_NOISE_H
#define PAM_KLING_NOISE_H

#include "pam_kling/phase.h"
#include "policy/decision.h"

#include <stdbool.h>

/*
 * Whether a refusal is worth a line. Answers that a host sends for users it will refuse anyway
 * come by the thousand: a few a minute are enough. A blind conversation is logged once a handle.
 * No user's own state is touched.
 */
bool noise_worth_a_line(struct phase *phase, enum reason reason);

#endif
