/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/phase.h"

#include "pam_kling/log.h"

enum reason phase_begin(pam_handle_t *pamh, int flags, int argc, const char **argv,
			struct phase *phase)
{
	*phase = (struct phase){.store = STORE_CLOSED};
	enum reason reason = request_gather(pamh, flags, argc, argv, &phase->request);
	if (reason == REASON_CONFIG || phase->request.rescued)
		log_configuration(&phase->request);
	else if (reason != REASON_OK)
		log_decision(&phase->request, "deny", reason);
	return reason;
}

enum status phase_store(struct phase *phase)
{
	if (phase->opened == ST_INTERNAL) {
		const struct place place = request_place(&phase->request);
		phase->opened =
		    store_open_along(&phase->request.way, &phase->vault, &place, &phase->store);
	}
	return phase->opened;
}

void phase_end(struct phase *phase)
{
	store_close(&phase->store);
	vault_close(&phase->vault);
	request_clear(&phase->request);
}
