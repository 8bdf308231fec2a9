/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/account.h"

#include "lib/base/clock.h"
#include "lib/base/reason.h"
#include "pam_kling/conversation.h"
#include "pam_kling/enrollment.h"
#include "pam_kling/log.h"
#include "pam_kling/outcome.h"
#include "pam_kling/phase.h"
#include "pam_kling/settled.h"
#include "pam_kling/standing.h"
#include "pam_kling/text.h"
#include "pam_kling/ticket.h"

static enum account_caller find_caller(const struct phase *phase)
{
	const struct request *request = &phase->request;
	const struct arrival arrival = request_arrival(request);
	return account_caller_of(&request->rules, &arrival,
				 phase->memory != NULL && phase->memory->auth_ran);
}

static int refuse(const struct phase *phase, enum reason reason, bool host)
{
	const struct request *request = &phase->request;
	log_decision(request, "deny", reason);
	if (!request->silent && reason == REASON_DEADLINE)
		conversation_tell(request->pamh, PAM_ERROR_MSG, text_whom_to_ask);
	else if (!request->silent && reason == REASON_PUBLIC_KEY)
		conversation_tell(request->pamh, PAM_ERROR_MSG, text_key_needs_code);
	return outcome_account((struct decision){VERDICT_DENY, reason}, host);
}

static void remind(const struct request *request, const struct grace_view *view, int64_t wall)
{
	const struct enroll_rules *enroll = &request->rules.enroll;
	bool offered = enroll->at_login == ENROLL_AT_LOGIN_YES;
	char line[TEXT_REMINDER_BYTES];
	if (request->silent)
		return;
	text_reminder(&(struct reminder){view->end, wall, request->who.name,
					 offered ? &request->rules.enroll_services : NULL},
		      line);
	conversation_tell(request->pamh, PAM_TEXT_INFO, line);
}

/* Offered where the login can carry it; where not, the user is told what else to do. */
static void urge(struct phase *phase, const struct grace *grace, int64_t wall)
{
	const struct request *request = &phase->request;
	const struct grace_view view = deadline_view(grace, &request->rules.enroll, wall);
	if (view.phase != GRACE_RUNNING)
		return;
	if (!enrollment_is_offered(request) || !enrollment_offer(phase, &view, wall))
		remind(request, &view, wall);
}

/* Something to write: a ticket, a source that became known, a grace that begins. */
static bool has_business(const struct phase *phase)
{
	return phase->memory->has_ticket ||
	       (phase->memory->end == AUTH_END_ACCEPTED && phase->memory->source_is_new);
}

/* Whether something changed that must outlive a power cut; *soft: something that need not. */
static bool settle(struct phase *phase, struct account *account, bool *soft)
{
	const struct request *request = &phase->request;
	*soft = ticket_redeem(phase->memory, account);
	if (phase->memory->end != AUTH_END_ACCEPTED || request->origin.kind != ORIGIN_ADDRESS)
		return false;
	return lockout_remember_source(&account->state->ledgers, &request->origin.address);
}

static enum status settle_own(struct phase *phase, bool enroll, const struct moment *now,
			      struct grace *grace)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	enum status status = enroll ? account_lock_own(&phase->store, &phase->request.who, &account)
				    : account_lock(&phase->store, &phase->request.who, &account);
	if (status != ST_OK)
		return status;
	bool soft = false;
	lockout_rebase(&account.state->ledgers, now);
	bool durable = settle(phase, &account, &soft);
	if (enroll)
		durable |=
		    deadline_meet(&account.state->grace, &phase->request.rules.enroll, now->wall);
	*grace = account.state->grace;
	if (durable)
		return account_commit(&account);
	return soft ? account_commit_soft(&account) : ST_OK;
}

static enum status settle_login(struct phase *phase, bool enroll, struct grace *grace)
{
	struct moment now;
	enum status status = clock_read(&now);
	if (status == ST_OK)
		status = ticket_redeem_shared(&phase->request, &phase->store, phase->memory, &now);
	if (status != ST_OK || (!enroll && !has_business(phase)))
		return status;
	return settle_own(phase, enroll, &now, grace);
}

static int after_auth(struct phase *phase, const struct visitor *visitor, struct decision decision)
{
	bool enroll =
	    decision.verdict == VERDICT_ENROLL && visitor->standing == STANDING_NOT_ENROLLED;
	struct grace grace = {0};
	if (phase->opened == ST_OK && (enroll || has_business(phase))) {
		enum status status = settle_login(phase, enroll, &grace);
		if (status != ST_OK && !(status == ST_IO && request_may_rescue(&phase->request)))
			return refuse(phase, reason_of(status), false);
	}
	if (enroll)
		urge(phase, &grace, visitor->wall);
	return outcome_account(decision, false);
}

/* That the grace was seen to be over holds, whatever the clock says later. */
static void remember_deadline(struct phase *phase, int64_t wall)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct enroll_rules *rules = &phase->request.rules.enroll;
	if (account_lock_own(&phase->store, &phase->request.who, &account) == ST_OK &&
	    deadline_meet(&account.state->grace, rules, wall))
		(void)!account_commit(&account);
}

/* A refusal of our auth that the stack overlooked is a refusal still. */
static bool was_refused(const struct phase *phase)
{
	return phase->memory != NULL && phase->memory->auth_ran &&
	       phase->memory->end == AUTH_END_DENIED;
}

static int refuse_again(const struct phase *phase)
{
	log_decision(&phase->request, "deny", phase->memory->refusal);
	return outcome_account((struct decision){VERDICT_DENY, REASON_BAD_CODE}, false);
}

static bool was_accepted(const struct phase *phase)
{
	return phase->memory != NULL && phase->memory->end == AUTH_END_ACCEPTED;
}

/* The store is opened only for what the rules can ask about, or for something to write. */
static bool needs_store(const struct phase *phase, enum account_caller caller)
{
	const struct rules *rules = &phase->request.rules;
	if (caller == ACCOUNT_KEY_LOGIN)
		return rules->public_key == PUBLIC_KEY_NEEDS_CODE &&
		       rules->second_factor == SECOND_FACTOR_OPTIONAL;
	if (has_business(phase))
		return true;
	return rules->second_factor != SECOND_FACTOR_OFF && !was_accepted(phase);
}

static void find_visitor(struct phase *phase, struct visitor *visitor)
{
	standing_without_store(&phase->request, visitor);
	if (was_accepted(phase) && phase->request.who.exists)
		visitor->standing = STANDING_ENROLLED;
	else if (phase->opened == ST_OK || phase->opened == ST_UNINITIALISED)
		standing_find(&phase->request, &phase->store, phase->opened, visitor);
}

/* Let through without a code, as there was none; meanwhile there is one. */
static bool is_stale_pass(const struct phase *phase, const struct visitor *visitor)
{
	return phase->memory != NULL && phase->memory->end == AUTH_END_PASSED &&
	       visitor->standing == STANDING_ENROLLED &&
	       phase->request.rules.second_factor != SECOND_FACTOR_OFF &&
	       !request_may_rescue(&phase->request);
}

static int decide(struct phase *phase, enum account_caller caller)
{
	struct visitor visitor;
	if (needs_store(phase, caller)) {
		enum status opened = phase_store(phase);
		if (opened != ST_OK && opened != ST_UNINITIALISED)
			return request_may_rescue(&phase->request) && opened == ST_IO
				   ? PAM_SUCCESS
				   : refuse(phase, reason_of(opened), true);
	}
	find_visitor(phase, &visitor);
	struct decision decision = access_account(&phase->request.rules, &visitor, caller);
	if (is_stale_pass(phase, &visitor))
		decision = (struct decision){VERDICT_DENY, REASON_NO_ANSWER};
	if (decision.reason == REASON_DEADLINE && phase->opened == ST_OK)
		remember_deadline(phase, visitor.wall);
	if (decision.verdict != VERDICT_PASS && decision.verdict != VERDICT_ENROLL)
		return refuse(phase, decision.reason, false);
	return caller == ACCOUNT_AFTER_AUTH ? after_auth(phase, &visitor, decision)
					    : outcome_account(decision, false);
}

int account_run(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	if (settled_holds(pamh, argc, argv))
		return PAM_SUCCESS;
	AUTO_PHASE phase;
	enum reason reason = phase_begin(pamh, flags, argc, argv, &phase);
	if (reason != REASON_OK)
		return outcome_account((struct decision){VERDICT_DENY, reason}, true);
	enum memory_found found = memory_find(pamh, phase.request.who.name, &phase.memory);
	if (was_refused(&phase))
		return refuse_again(&phase);
	if (found == MEMORY_UNREADABLE || found == MEMORY_OF_ANOTHER)
		return refuse(&phase, REASON_INTERNAL, found == MEMORY_UNREADABLE);
	enum account_caller caller = find_caller(&phase);
	if (caller == ACCOUNT_OTHER)
		return PAM_SUCCESS;
	return decide(&phase, caller);
}
