/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/log.h"

#include "lib/base/text.h"
#include "lib/password/examine.h"
#include "pam_kling/text.h"

#include <security/pam_ext.h>
#include <string.h>
#include <syslog.h>

enum { LINE_BYTES = 4096 };

static bool is_plain(const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "._:/@-";
	return value[0] != '\0' && value[strspn(value, plain)] == '\0';
}

static void add_key(struct text *line, const char *key)
{
	if (line->length > 0)
		text_add(line, " ");
	text_add(line, key);
	text_add(line, "=");
}

static void add_word(struct text *line, const char *key, const char *value)
{
	add_key(line, key);
	if (is_plain(value))
		text_add(line, value);
	else
		text_add_quoted(line, value);
}

static void add_quoted(struct text *line, const char *key, const char *value)
{
	add_key(line, key);
	text_add_quoted(line, value);
}

static void add_number(struct text *line, const char *key, uint64_t value)
{
	add_key(line, key);
	text_add_number(line, value);
}

static void begin(struct text *line, const struct request *request, const char *event,
		  enum reason reason)
{
	add_word(line, "event", event);
	add_word(line, "reason", reason_text(reason));
	if (request->who.exists) {
		add_quoted(line, "user", request->who.name);
		add_number(line, "uid", request->who.uid);
	}
	add_word(line, "service", request->service != NULL ? request->service : "");
	if (request->rhost != NULL && request->rhost[0] != '\0')
		add_word(line, "rhost", request->rhost);
}

static void add_ledger(struct text *line, const struct judgement *judgement)
{
	if (!judgement->has_ledger)
		return;
	add_word(line, "ledger", ledger_name(judgement->ledger));
	add_number(line, "fails", judgement->fails);
}

static void add_factor(struct text *line, const struct judgement *judgement)
{
	switch (judgement->factor) {
	case FACTOR_NONE:
		return;
	case FACTOR_TOTP:
		add_word(line, "factor", "totp");
		break;
	case FACTOR_BACKUP:
		add_word(line, "factor", "backup");
		break;
	case FACTOR_PASSWORD:
		add_word(line, "factor", "password");
		break;
	}
	if (judgement->token[0] != '\0')
		add_quoted(line, "token", judgement->token);
	if (judgement->behind > 0)
		add_number(line, "behind", (uint64_t)judgement->behind);
}

static void send(const struct request *request, int level, const struct text *line)
{
	pam_syslog(request->pamh, level, "%s", line->start);
}

static int level_of(enum reason reason)
{
	switch ((int)reason) {
	case REASON_OK:
	case REASON_GRACE:
	case REASON_OPTIONAL:
	case REASON_OFF:
		return LOG_INFO;
	case REASON_RESCUE:
	case REASON_CAP:
		return LOG_CRIT;
	case REASON_INTERNAL:
	case REASON_NOMEM:
	case REASON_LIMITS:
	case REASON_CONFIG:
	case REASON_NOT_INITIALISED:
	case REASON_STATE_MISSING:
	case REASON_STATE_CORRUPT:
	case REASON_STATE_PERM:
	case REASON_STATE_OWNER:
	case REASON_STATE_IO:
	case REASON_KEY_MISSING:
	case REASON_KEY_MISMATCH:
	case REASON_CLOCK_INVALID:
		return LOG_ERR;
	default:
		return LOG_NOTICE;
	}
}

void log_decision(const struct request *request, const char *event, enum reason reason)
{
	char buffer[LINE_BYTES] = "";
	struct text line = TEXT_IN(buffer);
	begin(&line, request, event, reason);
	send(request, level_of(reason), &line);
}

/* What the decision did beside itself gets a line of its own. */
static void log_consequence(const struct request *request, const struct judgement *judgement,
			    const char *event, enum reason reason)
{
	char buffer[LINE_BYTES] = "";
	struct text line = TEXT_IN(buffer);
	begin(&line, request, event, reason);
	add_ledger(&line, judgement);
	if (judgement->factor == FACTOR_PASSWORD)
		add_factor(&line, judgement);
	send(request, level_of(reason) == LOG_INFO ? LOG_NOTICE : level_of(reason), &line);
}

void log_consequences(const struct request *request, const struct judgement *judgement)
{
	if (judgement->reopened)
		log_consequence(request, judgement, "unlock", REASON_OK);
	if (judgement->damaged)
		log_consequence(request, judgement, "repair", REASON_STATE_CORRUPT);
	if (judgement->event == CHARGE_LOCKED)
		log_consequence(request, judgement, "lock", REASON_LOCKED);
	if (judgement->event == CHARGE_CAPPED)
		log_consequence(request, judgement, "lock", REASON_CAP);
}

void log_judgement(const struct request *request, const struct judgement *judgement)
{
	enum reason reason = judgement->decision.reason;
	bool accepted = judgement->decision.verdict == VERDICT_ACCEPT;
	char buffer[LINE_BYTES] = "";
	struct text line = TEXT_IN(buffer);
	begin(&line, request, accepted ? "accept" : "deny", reason);
	add_ledger(&line, judgement);
	add_factor(&line, judgement);
	send(request, level_of(reason), &line);
	log_consequences(request, judgement);
}

void log_password(const struct request *request, const struct password_report *report, bool waived)
{
	char words[PASSWORD_WORDS_BYTES];
	char buffer[LINE_BYTES] = "";
	struct text line = TEXT_IN(buffer);
	password_unmet_words(report, words);
	begin(&line, request, waived ? "waive" : "refuse", REASON_PASSWORD_RULES);
	add_quoted(&line, "unmet", words);
	send(request, level_of(REASON_PASSWORD_RULES), &line);
}

void log_swap(const struct request *request)
{
	pam_syslog(request->pamh, LOG_DEBUG, "%s", text_swap);
}

void log_configuration(const struct request *request)
{
	const struct conf_error *trouble = &request->trouble;
	char buffer[LINE_BYTES] = "";
	struct text line = TEXT_IN(buffer);
	begin(&line, request, request->rescued ? "rescue" : "deny", REASON_CONFIG);
	add_word(&line, "file", trouble->file);
	add_number(&line, "line", trouble->line);
	add_quoted(&line, "word", trouble->word);
	add_quoted(&line, "problem", trouble->problem != NULL ? trouble->problem : "");
	send(request, LOG_CRIT, &line);
}
