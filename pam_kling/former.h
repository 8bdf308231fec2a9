/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_FORMER_H
#define PAM_KLING_FORMER_H

#include "lib/base/secret.h"
#include "pam_kling/phase.h"

/* The former passwords of one user during one change. Zeroed: nothing is kept, nothing refused. */
struct former {
	uint32_t last;         /* how many count; 0: history is off, or there is no store for it */
	struct secret history; /* their hashes */
	struct secret
	    current; /* the hash in the shadow file, a C string; empty when there is none */
};

void former_clear(struct former *former);

/*
 * Reads history and present hash. ST_UNINITIALISED: there is no store at all, so there is no
 * history either; any other failure means that nobody knows what was used before.
 */
enum status former_read(struct phase *phase, struct former *former) MUST_USE;

/* Whether a password (a C string) was used before. *used is true unless ST_OK. No lock is held. */
enum status former_has(const struct former *former, const char *password, bool *used) MUST_USE;

/* The present hash joins the history, durably, before the new password replaces it. */
enum status former_keep(struct phase *phase, const struct former *former) MUST_USE;

#endif
