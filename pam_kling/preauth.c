/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/auth.h"

#include "lib/base/reason.h"
#include "pam_kling/audit.h"
#include "pam_kling/conversation.h"
#include "pam_kling/log.h"
#include "pam_kling/outcome.h"
#include "pam_kling/phase.h"
#include "pam_kling/text.h"
#include "pam_kling/ticket.h"

enum { WRONG_PASSWORD_DELAY = 2000000 }; /* microseconds */

static int refuse(struct phase *phase, enum reason reason, bool host)
{
	log_decision(&phase->request, "deny", reason);
	return outcome_auth((struct decision){VERDICT_DENY, reason}, host);
}

/* Looks like a wrong password: the prompt that pam_unix would show, and no password is judged. */
static int refuse_like_a_password(struct phase *phase, enum reason reason)
{
	AUTO_SECRET nothing = SECRET_EMPTY;
	const struct request *request = &phase->request;
	int asked = conversation_ask(request->pamh, text_password_prompt, &nothing);
	if (asked != PAM_SUCCESS)
		return refuse(phase, outcome_of_conversation(asked), false);
	/* As long as pam_unix takes over a wrong password. */
	(void)pam_fail_delay(request->pamh, WRONG_PASSWORD_DELAY);
	if (request->rules.lockout.message && reason == REASON_LOCKED && !request->silent)
		conversation_tell(request->pamh, PAM_ERROR_MSG, text_locked);
	return refuse(phase, reason, false);
}

static bool rescued(struct phase *phase, enum status status)
{
	if (status != ST_IO || !request_may_rescue(&phase->request))
		return false;
	log_decision(&phase->request, "pass", REASON_RESCUE);
	return true;
}

static void report(const struct request *request, const struct admission *admission)
{
	const struct judgement locked = {
	    .event = admission->locked ? CHARGE_LOCKED : CHARGE_COUNTED,
	    .reopened = admission->reopened,
	    .factor = FACTOR_PASSWORD,
	    .ledger = admission->ledger,
	    .has_ledger = true,
	    .fails = admission->locked ? request->rules.lockout.tries : 0,
	};
	if (!request->who.exists)
		return;
	log_consequences(request, &locked);
	audit_judgement(request, &locked);
}

static int take(struct phase *phase)
{
	struct admission admission;
	enum status status = ticket_take(&phase->request, &phase->store, phase->memory, &admission);
	if (status == ST_CLOCK)
		return refuse(phase, REASON_CLOCK_INVALID, true);
	if (rescued(phase, status))
		return PAM_IGNORE;
	if (status != ST_OK)
		return refuse_like_a_password(phase, reason_of(status));
	report(&phase->request, &admission);
	if (!admission.admitted)
		return refuse_like_a_password(phase, REASON_LOCKED);
	return PAM_IGNORE;
}

int preauth_run(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	AUTO_PHASE phase;
	enum reason reason = phase_begin(pamh, flags, argc, argv, &phase);
	if (reason != REASON_OK)
		return outcome_auth((struct decision){VERDICT_DENY, reason}, true);
	phase.memory = memory_need(pamh, phase.request.who.name);
	if (phase.memory == NULL)
		return refuse(&phase, REASON_NOMEM, true);
	enum status opened = phase_store(&phase);
	if (opened == ST_UNINITIALISED) /* nothing to count in yet; the auth line says so */
		return PAM_IGNORE;
	if (rescued(&phase, opened))
		return PAM_IGNORE;
	if (opened != ST_OK)
		return refuse(&phase, reason_of(opened), true);
	return take(&phase);
}
