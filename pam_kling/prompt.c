/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/prompt.h"

#include "lib/base/text.h"
#include "lib/factor/answer.h"
#include "pam_kling/conversation.h"
#include "pam_kling/outcome.h"
#include "pam_kling/text.h"

#include <string.h>

enum { PROMPT_BYTES = 512, USUAL_DIGITS = 6 };

/* The next module's password is a C string for libpam, which copies and wipes it by itself. */
static int leave_password(const struct request *request, struct secret *password)
{
	if (secret_append(password, "", 1) != ST_OK)
		return PAM_BUF_ERR;
	return pam_set_item(request->pamh, PAM_AUTHTOK, password->bytes);
}

/* How many digits to take from the right: the user's tokens all have as many. */
static unsigned code_digits(struct phase *phase)
{
	AUTO_ENROLLMENT enrollment = {0};
	const struct who *who = &phase->request.who;
	if (phase->opened != ST_OK || !who->exists ||
	    account_peek(&phase->store, who, &enrollment) != ST_OK ||
	    enrollment.record->token_count == 0)
		return USUAL_DIGITS;
	return enrollment.record->tokens[0].digits;
}

static enum reason split(struct phase *phase, struct secret *reply)
{
	AUTO_SECRET password = SECRET_IN(&phase->vault);
	AUTO_SECRET code = SECRET_IN(&phase->vault);
	enum status status = answer_split(reply, code_digits(phase), &password, &code);
	if (status == ST_NOMEM)
		return REASON_NOMEM;
	if (status != ST_OK)
		return REASON_OK; /* no code in it: judged as it is, and wrong */
	if (leave_password(&phase->request, &password) != PAM_SUCCESS)
		return REASON_NOMEM;
	secret_move(reply, &code);
	return REASON_OK;
}

/* A host that answers every hidden prompt with the password shows nobody our prompt. */
static enum reason look_for_blindness(const struct request *request, const struct secret *reply)
{
	const void *password = NULL;
	if (pam_get_item(request->pamh, PAM_AUTHTOK, &password) != PAM_SUCCESS)
		return REASON_INTERNAL;
	if (password == NULL || !secret_equals(reply, password, strlen(password)))
		return REASON_OK;
	return REASON_BLIND_CONVERSATION;
}

static const char *prompt_text(const struct request *request, char *buffer, size_t size)
{
	struct text prompt = {buffer, size, 0, false};
	const struct tunable *standard = tunable_find("prompt");
	bool untouched = standard == NULL || strcmp(request->rules.prompt, standard->standard) == 0;
	if (request->rules.prompt_style == PROMPT_COMBINED && untouched)
		return text_combined_prompt;
	text_add(&prompt, request->rules.prompt);
	text_add(&prompt, " ");
	return buffer;
}

enum reason prompt_code(struct phase *phase, struct secret *reply)
{
	const struct request *request = &phase->request;
	char buffer[PROMPT_BYTES] = "";
	int asked =
	    conversation_ask(request->pamh, prompt_text(request, buffer, sizeof(buffer)), reply);
	if (asked != PAM_SUCCESS)
		return outcome_of_conversation(asked);
	if (reply->length == 0)
		return REASON_NO_ANSWER;
	if (answer_is_junk(reply))
		return REASON_HOST_REFUSED;
	if (request->rules.prompt_style == PROMPT_COMBINED)
		return split(phase, reply);
	return look_for_blindness(request, reply);
}
