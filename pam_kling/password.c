/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/password.h"

#include "lib/base/reason.h"
#include "lib/password/examine.h"
#include "pam_kling/auth.h"
#include "pam_kling/conversation.h"
#include "pam_kling/former.h"
#include "pam_kling/log.h"
#include "pam_kling/outcome.h"
#include "pam_kling/phase.h"
#include "pam_kling/text.h"

#include <string.h>
#include <unistd.h>

/* One change of a password. */
struct change {
	struct phase *phase;
	struct former former;
	bool exempt;       /* root, for another, where the rules do not bind root */
	bool use_authtok;  /* only what another module has asked for */
	bool asked;        /* the candidate is ours, so it must be typed again */
	enum reason noted; /* what the line of the log says of an accepted one */
	char host[256];
};

static bool has_word(int argc, const char **argv, const char *word)
{
	for (int i = 0; i < argc; i++)
		if (argv[i] != NULL && strcmp(argv[i], word) == 0)
			return true;
	return false;
}

/* An expired password is the user's own business, though sshd and login ask as root. */
static bool root_changes_another(const struct request *request, int flags)
{
	bool expired = ((unsigned)flags & PAM_CHANGE_EXPIRED_AUTHTOK) != 0;
	return request->caller == 0 && !expired && !(request->who.exists && request->who.uid == 0);
}

/* --- the first round: the code ---------------------------------------------------------------- */

static bool was_accepted(pam_handle_t *pamh, const struct request *request)
{
	const struct memory *memory = memory_get(pamh, request->who.name);
	return memory != NULL && memory->end == AUTH_END_ACCEPTED;
}

static enum reason needs_code(pam_handle_t *pamh, int flags, int argc, const char **argv,
			      bool *needed)
{
	AUTO_PHASE phase;
	enum reason reason = phase_begin(pamh, flags, argc, argv, &phase);
	*needed = !root_changes_another(&phase.request, flags) &&
		  (reason != REASON_OK || !was_accepted(pamh, &phase.request));
	return reason;
}

static int check(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	bool needed = true;
	enum reason reason = needs_code(pamh, flags, argc, argv, &needed);
	if (reason != REASON_OK)
		return outcome_password(reason, true);
	if (!needed)
		return PAM_SUCCESS;
	int result = auth_run(pamh, (int)((unsigned)flags & PAM_SILENT), argc, argv);
	/* What prompt_style = combined splits off is the present password, not the new one. */
	(void)pam_set_item(pamh, PAM_AUTHTOK, NULL);
	return result == PAM_IGNORE ? PAM_SUCCESS : result;
}

/* --- the second round: the rules -------------------------------------------------------------- */

static const char *item(const struct change *change, int which)
{
	const void *value = NULL;
	if (pam_get_item(change->phase->request.pamh, which, &value) != PAM_SUCCESS)
		return NULL;
	return value;
}

static int set_token(const struct change *change, const char *password)
{
	return pam_set_item(change->phase->request.pamh, PAM_AUTHTOK, password);
}

/* A secret as a C string: length counts its NUL. */
static enum reason ask(const struct change *change, const char *prompt, struct secret *answer)
{
	int asked = conversation_ask(change->phase->request.pamh, prompt, answer);
	if (asked != PAM_SUCCESS)
		return outcome_of_conversation(asked);
	if (answer->length == 0)
		return REASON_NO_ANSWER;
	return secret_append(answer, "", 1) == ST_OK ? REASON_OK : REASON_NOMEM;
}

static enum reason get_candidate(struct change *change, struct secret *candidate)
{
	const char *token = item(change, PAM_AUTHTOK);
	change->asked = token == NULL;
	if (token != NULL)
		return secret_copy(candidate, token, strlen(token) + 1) == ST_OK ? REASON_OK
										 : REASON_NOMEM;
	return change->use_authtok ? REASON_NO_ANSWER : ask(change, text_new_password, candidate);
}

static struct password_bytes bytes_of(const char *text)
{
	return (struct password_bytes){(const uint8_t *)text, text != NULL ? strlen(text) : 0};
}

static enum reason examine(struct change *change, const struct secret *candidate,
			   struct password_report *report)
{
	const struct request *request = &change->phase->request;
	const char *password = (const char *)candidate->bytes;
	const struct password_facts facts = {
	    .old_password = bytes_of(item(change, PAM_OLDAUTHTOK)),
	    .user = bytes_of(request->who.name),
	    .full_name = bytes_of(request->person.full_name),
	    .host = bytes_of(change->host),
	};
	bool used = false;
	if (password_examine(&request->rules, geteuid(), bytes_of(password), &facts, report) !=
	    ST_OK)
		return REASON_BLOCKLIST;
	if (former_has(&change->former, password, &used) != ST_OK)
		return REASON_NOMEM;
	if (used)
		password_refuse(report, PASSWORD_FORMER);
	return REASON_OK;
}

static void explain(const struct change *change, const struct password_report *report)
{
	char message[TEXT_EXPLANATION_BYTES];
	const struct request *request = &change->phase->request;
	/* passwd -q, too, must say what to do at the prompt that follows. */
	if (request->silent && !change->asked)
		return;
	text_explanation(report, change->exempt, message);
	conversation_tell(request->pamh, change->exempt ? PAM_TEXT_INFO : PAM_ERROR_MSG, message);
}

static enum reason confirm(const struct change *change, const struct secret *candidate)
{
	AUTO_SECRET again = SECRET_EMPTY;
	if (!change->asked)
		return REASON_OK;
	enum reason reason = ask(change, text_new_password_again, &again);
	if (reason != REASON_OK)
		return reason;
	if (secret_equals(&again, candidate->bytes, candidate->length))
		return REASON_OK;
	conversation_tell(change->phase->request.pamh, PAM_ERROR_MSG, text_passwords_differ);
	return REASON_PASSWORD_RULES;
}

/* REASON_PASSWORD_RULES: another may be tried. Anything else ends the change. */
static enum reason try_one(struct change *change)
{
	AUTO_SECRET candidate = SECRET_EMPTY;
	struct password_report report = {.judged = false};
	enum reason reason = get_candidate(change, &candidate);
	if (reason != REASON_OK)
		return reason;
	reason = examine(change, &candidate, &report);
	if (reason != REASON_OK && !change->exempt)
		return reason;
	if (reason == REASON_OK && !password_is_accepted(&report)) {
		explain(change, &report);
		log_password(&change->phase->request, &report, change->exempt);
		if (!change->exempt)
			return REASON_PASSWORD_RULES;
	}
	reason = confirm(change, &candidate);
	if (reason != REASON_OK)
		return reason;
	return set_token(change, (const char *)candidate.bytes) == PAM_SUCCESS ? REASON_OK
									       : REASON_NOMEM;
}

static enum reason try_all(struct change *change)
{
	enum reason reason = REASON_PASSWORD_RULES;
	uint32_t tries = change->use_authtok ? 1 : change->phase->request.rules.password_retries;
	for (uint32_t i = 0; i < tries && reason == REASON_PASSWORD_RULES; i++) {
		reason = try_one(change);
		if (reason != REASON_OK)
			(void)set_token(change, NULL);
	}
	return reason;
}

/* Trouble with the history ends the change, unless root may do anything: then it is noted. */
static enum reason weigh(struct change *change, enum status status)
{
	if (status == ST_OK)
		return REASON_OK;
	if (status != ST_UNINITIALISED && !change->exempt)
		return reason_of(status);
	change->noted = reason_of(status);
	return REASON_OK;
}

static enum reason change_password(struct change *change)
{
	if (!change->phase->request.who.exists)
		return change->phase->request.path_name ? REASON_BAD_NAME : REASON_UNKNOWN;
	enum reason reason = weigh(change, former_read(change->phase, &change->former));
	if (reason == REASON_OK)
		reason = try_all(change);
	/* What could not be remembered is not changed either. */
	if (reason == REASON_OK)
		reason = weigh(change, former_keep(change->phase, &change->former));
	return reason;
}

static void tell_trouble(const struct change *change, enum reason reason)
{
	const char *text = reason == REASON_BLOCKLIST ? text_list_unreadable : text_no_change;
	if (reason != REASON_PASSWORD_RULES && reason != REASON_NO_ANSWER && reason != REASON_CONV)
		conversation_tell(change->phase->request.pamh, PAM_ERROR_MSG, text);
}

static int update(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	AUTO_PHASE phase;
	enum reason reason = phase_begin(pamh, flags, argc, argv, &phase);
	if (reason != REASON_OK) {
		(void)pam_set_item(pamh, PAM_AUTHTOK, NULL);
		return outcome_password(reason, true);
	}
	struct change change = {
	    .phase = &phase,
	    .exempt = !phase.request.rules.password_enforce_root &&
		      root_changes_another(&phase.request, flags),
	    .use_authtok = has_word(argc, argv, "use_authtok"),
	    .noted = REASON_OK,
	};
	if (gethostname(change.host, sizeof(change.host) - 1) != 0)
		change.host[0] = '\0';
	reason = change_password(&change);
	former_clear(&change.former);
	if (reason != REASON_OK) {
		(void)set_token(&change, NULL);
		tell_trouble(&change, reason);
	}
	log_decision(&phase.request, reason == REASON_OK ? "password" : "deny",
		     reason == REASON_OK ? change.noted : reason);
	return outcome_password(reason, false);
}

int password_run(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	if (((unsigned)flags & PAM_PRELIM_CHECK) != 0)
		return check(pamh, flags, argc, argv);
	if (((unsigned)flags & PAM_UPDATE_AUTHTOK) != 0)
		return update(pamh, flags, argc, argv);
	return PAM_SYSTEM_ERR;
}
