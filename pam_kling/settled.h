/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_SETTLED_H
#define PAM_KLING_SETTLED_H

#include "pam_kling/memory.h"
#include "pam_kling/request.h"

#include <security/pam_modules.h>
#include <stdbool.h>

/*
 * After an accepted answer account would mostly read the same configuration again, look the same
 * user up and find nothing to do. Auth notes what it judged by; where that is unchanged, account
 * need not begin.
 */
void settled_note(const struct request *request, struct memory *memory);

/*
 * Whether account would let this handle through without a word or a write: an accepted answer of
 * the same user, service and source, under the same arguments and the same, unchanged configuration
 * file, from a source that is known, without an open ticket.
 */
bool settled_holds(pam_handle_t *pamh, int argc, const char **argv);

#endif
