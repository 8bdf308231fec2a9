/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/session.h"

#include "pam_kling/conversation.h"
#include "pam_kling/phase.h"
#include "pam_kling/text.h"

/*
 * What a login left behind is shown to that login: where the handle remembers it, and in services
 * that lose the handle's memory between the phases. A session without a login (cron, su from root)
 * shows nothing.
 */
static bool follows_login(const struct phase *phase)
{
	if (phase->memory != NULL && phase->memory->auth_ran)
		return phase->memory->end == AUTH_END_ACCEPTED;
	return word_list_has(&phase->request.rules.key_login_services, phase->request.service);
}

static int codes_left(const struct enrollment_record *record, const struct live_state *state)
{
	int left = 0;
	for (uint32_t i = 0; i < record->backup.count; i++)
		left += (state->spent >> i & 1) == 0;
	return left;
}

static void read_report(struct phase *phase, char line[TEXT_REPORT_BYTES])
{
	AUTO_ENROLLMENT enrollment = {0};
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	if (phase_store(phase) != ST_OK)
		return;
	if (account_lock(&phase->store, &phase->request.who, &account) != ST_OK)
		return;
	if (account_enrollment(&account, &enrollment) != ST_OK)
		return;
	text_report(account.state, codes_left(enrollment.record, account.state), line);
}

int session_run(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	AUTO_PHASE phase;
	char line[TEXT_REPORT_BYTES] = "";
	if (phase_begin(pamh, flags, argc, argv, &phase) != REASON_OK)
		return PAM_SUCCESS;
	const struct request *request = &phase.request;
	phase.memory = memory_get(pamh, request->who.name);
	if (request->silent || !request->rules.session_report || !request->who.exists ||
	    request->rules.second_factor == SECOND_FACTOR_OFF || !follows_login(&phase))
		return PAM_SUCCESS;
	read_report(&phase, line);
	if (line[0] != '\0')
		conversation_tell(pamh, PAM_TEXT_INFO, line);
	return PAM_SUCCESS;
}
