/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_PHASE_H
#define PAM_KLING_PHASE_H

#include "lib/base/status.h"
#include "lib/base/vault.h"
#include "pam_kling/memory.h"
#include "pam_kling/request.h"

#include <stdbool.h>

/* What every phase begins with: the request, the open store, the handle's memory. */
struct phase {
	struct request request;
	struct vault vault; /* of every secret of the phase */
	struct store store;
	enum status opened; /* ST_OK, ST_UNINITIALISED, or why there is no store */
	struct memory *memory;
};

#define AUTO_PHASE AT_SCOPE_END(phase_end) struct phase

/*
 * Gathers the request. REASON_OK, or the trouble, which has been logged; then only phase->request
 * may be used, and the phase is refused for that reason.
 */
enum reason phase_begin(pam_handle_t *pamh, int flags, int argc, const char **argv,
			struct phase *phase) MUST_USE;

/* Opens the store once; the same status at each further call. */
enum status phase_store(struct phase *phase) MUST_USE;

void phase_end(struct phase *phase);

#endif
