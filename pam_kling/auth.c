/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/auth.h"

#include "lib/base/reason.h"
#include "lib/base/swap.h"
#include "pam_kling/audit.h"
#include "pam_kling/conversation.h"
#include "pam_kling/judge.h"
#include "pam_kling/log.h"
#include "pam_kling/noise.h"
#include "pam_kling/outcome.h"
#include "pam_kling/phase.h"
#include "pam_kling/prompt.h"
#include "pam_kling/settled.h"
#include "pam_kling/standing.h"
#include "pam_kling/text.h"
#include "pam_kling/ticket.h"

static void tell_refused(const struct request *request, bool locked)
{
	bool named = locked && request->rules.lockout.message;
	if (!request->silent)
		conversation_tell(request->pamh, PAM_ERROR_MSG, named ? text_locked : text_refused);
}

/*
 * Refused without a judgement; the password that was under way did nothing wrong, and where there
 * is a store to say so in, its ticket is given back.
 */
static int refuse(struct phase *phase, enum reason reason, bool host)
{
	const struct decision decision = {VERDICT_DENY, reason};
	if (phase->memory != NULL && phase->opened == ST_OK)
		ticket_return(&phase->request, &phase->store, phase->memory);
	if (phase->memory != NULL)
		phase->memory->refusal = reason;
	if (noise_worth_a_line(phase, reason))
		log_decision(&phase->request, "deny", reason);
	return outcome_auth(decision, host);
}

/* Root at a console may come in without a code while nothing can be written, where so configured.
 */
static int rescue(struct phase *phase)
{
	const struct decision decision = {VERDICT_PASS, REASON_RESCUE};
	phase->memory->end = AUTH_END_PASSED;
	log_decision(&phase->request, "accept", decision.reason);
	return outcome_auth(decision, false);
}

static int answer_judged(struct phase *phase, const struct judgement *judgement)
{
	const struct request *request = &phase->request;
	const struct decision decision = judgement->decision;
	if (decision.reason == REASON_STATE_IO && request_may_rescue(request))
		return rescue(phase);
	log_judgement(request, judgement);
	audit_judgement(request, judgement);
	if (decision.verdict == VERDICT_ACCEPT) {
		phase->memory->end = AUTH_END_ACCEPTED;
		phase->memory->source_is_new = judgement->source_is_new;
		settled_note(request, phase->memory);
		return outcome_auth(decision, false);
	}
	phase->memory->refusal = decision.reason;
	ticket_return(request, &phase->store, phase->memory);
	tell_refused(request, judgement->looks_locked);
	return outcome_auth(decision, judgement->host);
}

static int refuse_aloud(struct phase *phase, enum reason reason)
{
	int result = refuse(phase, reason, false);
	if (result == PAM_AUTH_ERR)
		tell_refused(&phase->request, false);
	return result;
}

static int hear_reply(struct phase *phase, enum reason foregone, const struct secret *reply)
{
	AUTO_ANSWER answer = {.canonical = SECRET_IN(&phase->vault)};
	struct judgement judgement = {0};
	enum status status = judge_prepare(&phase->request, &phase->store, reply, &answer);
	if (status != ST_OK)
		return refuse_aloud(phase, reason_of(status));
	if (answer.shape == ANSWER_NONE)
		return refuse_aloud(phase, REASON_NO_ANSWER);
	judge(&phase->request, &phase->store, &answer, foregone, &judgement);
	return answer_judged(phase, &judgement);
}

static int ask(struct phase *phase, enum reason foregone)
{
	AUTO_SECRET reply = SECRET_IN(&phase->vault);
	enum reason unheard = prompt_code(phase, &reply);
	int result = unheard == REASON_OK ? hear_reply(phase, foregone, &reply)
					  : refuse_aloud(phase, unheard);
	if (!swap_can_be_kept_out())
		log_swap(&phase->request);
	return result;
}

/* Not initialised: asked and refused like everybody, but there is nothing to judge by. */
static int ask_in_vain(struct phase *phase, enum reason reason)
{
	AUTO_SECRET reply = SECRET_IN(&phase->vault);
	enum reason unheard = prompt_code(phase, &reply);
	return refuse_aloud(phase, unheard != REASON_OK ? unheard : reason);
}

static int pass(struct phase *phase, struct decision decision)
{
	phase->memory->end = AUTH_END_PASSED;
	log_decision(&phase->request, "pass", decision.reason);
	return outcome_auth(decision, false);
}

/* Where nothing is asked of anybody, the store is not even opened. */
static bool is_off(const struct request *request, struct decision *decision)
{
	struct visitor visitor;
	standing_without_store(request, &visitor);
	*decision = access_auth(&request->rules, &visitor);
	return decision->verdict == VERDICT_PASS && decision->reason == REASON_OFF;
}

/* The way back in behind a broken configuration is a code, never the lack of one. */
static bool is_free_rescue(const struct phase *phase, struct decision decision)
{
	return phase->request.rescued && decision.verdict == VERDICT_PASS;
}

static int decide(struct phase *phase)
{
	struct decision decision;
	if (is_off(&phase->request, &decision))
		return pass(phase, decision);
	enum status opened = phase_store(phase);
	if (opened != ST_OK && opened != ST_UNINITIALISED)
		return request_may_rescue(&phase->request) && opened == ST_IO
			   ? rescue(phase)
			   : refuse(phase, reason_of(opened), true);
	struct visitor visitor;
	standing_find(&phase->request, &phase->store, opened, &visitor);
	decision = access_auth(&phase->request.rules, &visitor);
	if (is_free_rescue(phase, decision))
		return refuse(phase, REASON_CONFIG, true);
	if (decision.verdict == VERDICT_PASS)
		return pass(phase, decision);
	return opened == ST_OK ? ask(phase, decision.reason) : ask_in_vain(phase, decision.reason);
}

int auth_run(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	AUTO_PHASE phase;
	enum reason reason = phase_begin(pamh, flags, argc, argv, &phase);
	if (reason != REASON_OK)
		return outcome_auth((struct decision){VERDICT_DENY, reason}, true);
	phase.memory = memory_need(pamh, phase.request.who.name);
	if (phase.memory == NULL)
		return refuse(&phase, REASON_NOMEM, true);
	phase.memory->auth_ran = true;
	phase.memory->end = AUTH_END_DENIED;
	return decide(&phase);
}
