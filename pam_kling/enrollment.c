/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/enrollment.h"

#include "lib/base/clock.h"
#include "lib/base/reason.h"
#include "lib/crypto/random.h"
#include "lib/factor/answer.h"
#include "lib/factor/backup.h"
#include "lib/factor/totp.h"
#include "lib/show/otpauth.h"
#include "pam_kling/conversation.h"
#include "pam_kling/enrollment_page.h"
#include "pam_kling/log.h"
#include "pam_kling/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { SECRET_BYTES = 20, CODES = 10, TRIES = 3, HOST_BYTES = HOST_NAME_MAX + 1, WORD_MAX = 16 };

/* What may be stored in the end. Holds secrets. */
struct candidate_factor {
	struct otpauth otpauth;
	struct backup_set set;
	struct secret codes;
	uint64_t step; /* of the code that confirmed it: spent */
};

static void factor_clear(struct candidate_factor *factor)
{
	secret_clear(&factor->codes);
	wipe(factor, sizeof(*factor));
}

#define AUTO_FACTOR AT_SCOPE_END(factor_clear) struct candidate_factor

bool enrollment_is_offered(const struct request *request)
{
	const struct rules *rules = &request->rules;
	if (request->silent || !word_list_has(&rules->enroll_services, request->service))
		return false;
	if (rules->enroll.at_login == ENROLL_AT_LOGIN_KEY)
		return request->source.kind == SOURCE_KEYED;
	return rules->enroll.at_login == ENROLL_AT_LOGIN_YES;
}

static void tell(const struct phase *phase, int style, const char *line)
{
	conversation_tell(phase->request.pamh, style, line);
}

/* A visible question: a host that answers hidden ones by itself cannot answer it. */
static bool ask(const struct phase *phase, const char *question, struct secret *answer)
{
	return conversation_ask_openly(phase->request.pamh, question, answer) == PAM_SUCCESS;
}

/* The one word of an answer, blanks around it and case aside. */
static bool says(const struct secret *answer, const char *word)
{
	const char *start = (const char *)answer->bytes;
	size_t length = answer->length;
	while (length > 0 && (*start == ' ' || *start == '\t')) {
		start++;
		length--;
	}
	while (length > 0 && (start[length - 1] == ' ' || start[length - 1] == '\t'))
		length--;
	return length == strlen(word) && (length == 0 || strncasecmp(start, word, length) == 0);
}

static void name_token(const struct request *request, struct otpauth *otpauth)
{
	char host[HOST_BYTES] = "";
	char *label = otpauth->token.label;
	if (gethostname(host, sizeof(host)) != 0 || strchr(host, ':') != NULL ||
	    !label_is_fine(host, ISSUER_MAX))
		(void)snprintf(host, sizeof(host), "localhost");
	(void)snprintf(otpauth->issuer, sizeof(otpauth->issuer), "%.*s", ISSUER_MAX, host);
	(void)snprintf(label, sizeof(otpauth->token.label), "%.40s@%.59s", request->who.name, host);
	if (!label_is_fine(label, TOKEN_LABEL_MAX))
		(void)snprintf(label, sizeof(otpauth->token.label), "%.*s", TOKEN_LABEL_MAX, host);
}

static enum status make_token(const struct request *request, struct otpauth *otpauth)
{
	otpauth->token = (struct token){.id = 1,
					.algorithm = TOKEN_SHA1,
					.digits = TOKEN_DIGITS_STANDARD,
					.period = TOKEN_PERIOD_STANDARD,
					.secret_length = SECRET_BYTES};
	name_token(request, otpauth);
	return random_bytes(otpauth->token.secret, SECRET_BYTES);
}

static enum status make_codes(const struct phase *phase, struct candidate_factor *factor)
{
	struct moment now;
	uint8_t pepper[SHA256_BYTES];
	enum status status = clock_read(&now);
	if (status != ST_OK)
		return status;
	account_pepper(&phase->store, pepper);
	status = backup_make(1, CODES, phase->request.rules.backup_code_iterations, now.wall,
			     pepper, &factor->set, &factor->codes);
	wipe(pepper, sizeof(pepper));
	return status;
}

/* Whether it is a code of the new token now; its step is then spent. */
static bool is_right(const struct phase *phase, const struct secret *answer,
		     struct candidate_factor *factor)
{
	AUTO_SECRET code = SECRET_EMPTY;
	enum answer_shape shape = ANSWER_OTHER;
	struct matches matches = {0};
	struct moment now;
	if (clock_read(&now) != ST_OK || answer_read(answer, &shape, &code) != ST_OK ||
	    shape != ANSWER_TOTP)
		return false;
	if (totp_match(&factor->otpauth.token, 1, now.wall, phase->request.rules.code_window,
		       (const char *)code.bytes, code.length, &matches) != ST_OK)
		return false;
	for (size_t i = 0; i < matches.count; i++)
		if (matches.match[i].step > factor->step)
			factor->step = matches.match[i].step;
	return matches.count > 0;
}

static bool show_token(const struct phase *phase, const struct candidate_factor *factor)
{
	AUTO_OUT page = OUT_EMPTY;
	enrollment_page_token(&page, &factor->otpauth);
	const char *text = out_string(&page);
	if (page.status != ST_OK)
		return false;
	tell(phase, PAM_TEXT_INFO, text);
	return true;
}

static bool show_codes(const struct phase *phase, const struct candidate_factor *factor)
{
	AUTO_OUT page = OUT_EMPTY;
	enrollment_page_codes(&page, &factor->codes, factor->set.count);
	const char *text = out_string(&page);
	if (page.status != ST_OK)
		return false;
	tell(phase, PAM_TEXT_INFO, text);
	return true;
}

/* The phone has it: a code of its own, in at most three tries; nothing typed stops. */
static bool confirm(const struct phase *phase, struct candidate_factor *factor)
{
	for (int try = 0; try < TRIES; try++) {
		AUTO_SECRET answer = SECRET_EMPTY;
		if (!ask(phase, text_enroll_code, &answer) || says(&answer, ""))
			return false;
		if (is_right(phase, &answer, factor))
			return true;
		tell(phase, PAM_ERROR_MSG, text_enroll_wrong);
	}
	return false;
}

static bool confirm_stored(const struct phase *phase)
{
	for (int try = 0; try < TRIES; try++) {
		AUTO_SECRET answer = SECRET_EMPTY;
		if (!ask(phase, text_enroll_stored, &answer) || says(&answer, "no"))
			return false;
		if (says(&answer, "yes"))
			return true;
	}
	return false;
}

static void fill(const struct candidate_factor *factor, int64_t now,
		 struct enrollment_record *record)
{
	record->made = now;
	record->next_token_id = factor->otpauth.token.id + 1;
	record->next_set_id = factor->set.id + 1;
	record->token_count = 1;
	record->tokens[0] = factor->otpauth.token;
	record->backup = factor->set;
}

static void note_place(const struct request *request, int64_t now, struct live_state *state)
{
	struct sighting *place = &state->enrolled_at;
	*place = (struct sighting){.when = now, .from = request->origin.address};
	(void)snprintf(place->service, sizeof(place->service), "%s", request->service);
	state->enrolled_shown = false;
}

/* ST_EXISTS: another session or the administrator was first. */
static enum status store(struct phase *phase, const struct candidate_factor *factor)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	AUTO_ENROLLMENT enrollment = {0};
	const struct token_use uses[TOKENS_MAX] = {
	    {.id = factor->otpauth.token.id, .last_step = factor->step}};
	struct moment now;
	enum status status = clock_read(&now);
	if (status == ST_OK)
		status = account_lock_own(&phase->store, &phase->request.who, &account);
	if (status != ST_OK)
		return status;
	status = account_enrollment(&account, &enrollment);
	if (status != ST_MISSING)
		return status == ST_OK ? ST_EXISTS : status;
	status = enrollment_new(&enrollment);
	if (status != ST_OK)
		return status;
	fill(factor, now.wall, enrollment.record);
	note_place(&phase->request, now.wall, account.state);
	return account_enroll(&account, &enrollment, uses, 0);
}

/* ST_STALE: the user stopped, or the conversation ended. */
static enum status hold(struct phase *phase)
{
	AUTO_FACTOR factor = {.codes = SECRET_EMPTY};
	enum status status = make_token(&phase->request, &factor.otpauth);
	if (status != ST_OK)
		return status;
	if (!show_token(phase, &factor))
		return ST_NOMEM;
	if (!confirm(phase, &factor))
		return ST_STALE;
	status = make_codes(phase, &factor);
	if (status != ST_OK)
		return status;
	if (!show_codes(phase, &factor))
		return ST_NOMEM;
	return confirm_stored(phase) ? store(phase, &factor) : ST_STALE;
}

static void conclude(struct phase *phase, enum status status)
{
	const struct request *request = &phase->request;
	switch ((int)status) {
	case ST_OK:
		log_decision(request, "enroll", REASON_OK);
		tell(phase, PAM_TEXT_INFO, text_enroll_done);
		break;
	case ST_STALE:
		tell(phase, PAM_TEXT_INFO, text_enroll_stopped);
		break;
	case ST_EXISTS:
		tell(phase, PAM_ERROR_MSG, text_enroll_elsewhere);
		break;
	default:
		log_decision(request, "enroll", reason_of(status));
		tell(phase, PAM_ERROR_MSG, text_enroll_failed);
		break;
	}
}

bool enrollment_offer(struct phase *phase, const struct grace_view *grace, int64_t wall)
{
	char question[TEXT_REMINDER_BYTES];
	AUTO_SECRET answer = SECRET_EMPTY;
	text_enroll_question(grace->end, wall, question);
	if (!ask(phase, question, &answer))
		return false;
	if (says(&answer, "yes") || says(&answer, "y"))
		conclude(phase, hold(phase));
	return true;
}
