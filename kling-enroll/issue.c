/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/issue.h"

#include "kling-enroll/drift.h"
#include "kling-enroll/log.h"
#include "kling-enroll/text.h"
#include "lib/crypto/random.h"
#include "lib/factor/answer.h"
#include "lib/factor/totp.h"

#include <stdio.h>
#include <string.h>

enum { NEW_SECRET_BYTES = 20 };

void issue_clear(struct issue *issue)
{
	enrollment_clear(&issue->before);
	secret_clear(&issue->codes);
	wipe(issue, sizeof(*issue));
}

struct issue_wish issue_wish_of(const struct options *options, const struct who *who)
{
	return (struct issue_wish){
	    .who = who,
	    .label = options->label,
	    .issuer = options->issuer,
	    .algorithm = options->algorithm ? (enum token_algorithm)options->algorithm : TOKEN_SHA1,
	    .digits = options->digits ? (uint8_t)options->digits : TOKEN_DIGITS_STANDARD,
	    .period = options->period ? (uint16_t)options->period : TOKEN_PERIOD_STANDARD,
	    .replace = options->replace,
	    .codes = (uint32_t)options->count,
	};
}

enum exit_code issue_check_person(const struct tool *tool, const char *name, uid_t uid)
{
	if (tool->request.options.force || !is_system_account(uid))
		return EXIT_DONE;
	return fail_of(tool, EXIT_NO, name, TEXT_SYSTEM_ACCOUNT, uid);
}

void issue_log(const struct issue *issue)
{
	log_act(&(struct act){.event = "enroll",
			      .reason = "ok",
			      .user = issue->who.name,
			      .uid = issue->who.uid,
			      .token = issue->otpauth.token.label,
			      .set = issue->with_codes ? issue->set.id : 0});
}

static enum exit_code prepare(struct tool *tool, const struct who *who, struct issue *issue)
{
	*issue = (struct issue){.who = *who};
	return tool_rules_of(tool, who, &issue->rules);
}

/* What the user has. ST_MISSING: nothing. */
static enum status read_before(struct tool *tool, struct issue *issue)
{
	return account_peek(&tool->store, &issue->who, &issue->before);
}

static const struct enrollment_record *had(const struct issue *issue)
{
	return issue->before.record;
}

/* The index of the token of that name, or token_count. */
static size_t find_label(const struct enrollment_record *record, const char *label)
{
	size_t i = 0;

	while (i < record->token_count && strcmp(record->tokens[i].label, label) != 0)
		i++;
	return i;
}

static enum exit_code plan_replacement(const struct tool *tool, const struct issue_wish *wish,
				       struct issue *issue)
{
	size_t i = wish->label ? find_label(had(issue), wish->label) : 0;

	if (!wish->label || had(issue)->token_count <= 1) {
		issue->kind = ISSUE_INSTEAD_OF_ALL;
		return EXIT_DONE;
	}
	if (i == had(issue)->token_count)
		return fail_of(tool, EXIT_NO, issue->who.name, TEXT_NO_SUCH_TOKEN, wish->label);
	issue->kind = ISSUE_INSTEAD;
	issue->index = i;
	return EXIT_DONE;
}

static enum exit_code plan_addition(const struct tool *tool, const struct issue_wish *wish,
				    struct issue *issue)
{
	size_t count = had(issue)->token_count;
	uint32_t steps = 2 * issue->rules.code_window + 1;

	issue->is_there = !wish->label || find_label(had(issue), wish->label) < count;
	if (issue->is_there && wish->if_not_there)
		return EXIT_NO;
	if (issue->is_there && wish->label_stays)
		return fail_of(tool, EXIT_NO, issue->who.name, TEXT_IMPORT_LABEL, wish->label);
	if (issue->is_there)
		return fail_of(tool, EXIT_NO, issue->who.name, TEXT_ALREADY);
	if (count >= TOKENS_MAX || (count + 1) * steps > CANDIDATES_MAX)
		return fail_of(tool, EXIT_NO, issue->who.name, TEXT_TOO_MANY_TOKENS(count), count,
			       issue->rules.code_window);
	issue->kind = ISSUE_BESIDE;
	return EXIT_DONE;
}

/* Tokens of different lengths cannot be told from the password in one field. */
static enum exit_code check_combined(const struct tool *tool, const struct issue *issue)
{
	bool alone = issue->kind == ISSUE_FIRST || issue->kind == ISSUE_INSTEAD_OF_ALL;

	if (alone || issue->rules.prompt_style != PROMPT_COMBINED)
		return EXIT_DONE;
	for (size_t i = 0; i < had(issue)->token_count; i++)
		if (had(issue)->tokens[i].digits != issue->otpauth.token.digits &&
		    !(issue->kind == ISSUE_INSTEAD && i == issue->index))
			return fail_of(tool, EXIT_NO, issue->who.name, TEXT_COMBINED_DIGITS);
	return EXIT_DONE;
}

/* USER@HOST; what is too long for a label is cut, and that is said. */
static int default_label(char label[TOKEN_LABEL_MAX + 1], const char *user, const char *host)
{
	int length = snprintf(label, TOKEN_LABEL_MAX + 1, "%s@%s", user, host);

	if (length <= TOKEN_LABEL_MAX)
		return length;
	length = snprintf(label, TOKEN_LABEL_MAX + 1, "%.40s@%.59s", user, host);
	remark(TEXT_LABEL_CUT, label);
	return length;
}

static enum exit_code plan_token(const struct tool *tool, const struct issue_wish *wish,
				 struct issue *issue)
{
	struct token *token = &issue->otpauth.token;
	const char *issuer = wish->issuer ? wish->issuer : tool->host;
	int length = wish->label ? snprintf(token->label, sizeof(token->label), "%s", wish->label)
				 : default_label(token->label, wish->who->name, tool->host);

	if (length < 0 || (size_t)length >= sizeof(token->label) ||
	    !label_is_fine(token->label, TOKEN_LABEL_MAX))
		return fail(tool, EXIT_USAGE, TEXT_BAD_LABEL,
			    wish->label ? wish->label : token->label);
	if (strlen(issuer) > ISSUER_MAX || strchr(issuer, ':') ||
	    !label_is_fine(issuer, ISSUER_MAX))
		return fail(tool, EXIT_USAGE, TEXT_BAD_ISSUER, issuer);
	memcpy(issue->otpauth.issuer, issuer, strlen(issuer) + 1);
	token->algorithm = wish->algorithm;
	token->digits = wish->digits;
	token->period = wish->period;
	return EXIT_DONE;
}

enum exit_code issue_plan(struct tool *tool, const struct issue_wish *wish, struct issue *issue)
{
	enum exit_code code = prepare(tool, wish->who, issue);

	if (code == EXIT_DONE)
		code = plan_token(tool, wish, issue);
	if (code != EXIT_DONE)
		return code;
	enum status s = read_before(tool, issue);
	if (s != ST_OK && s != ST_MISSING)
		return fail_status(tool, issue->who.name, s);
	issue->kind = ISSUE_FIRST;
	if (s == ST_OK)
		code = wish->replace ? plan_replacement(tool, wish, issue)
				     : plan_addition(tool, wish, issue);
	if (code == EXIT_DONE)
		code = check_combined(tool, issue);
	issue->with_codes =
	    wish->codes > 0 || issue->kind == ISSUE_FIRST || issue->kind == ISSUE_INSTEAD_OF_ALL;
	issue->set.count = wish->codes ? wish->codes : BACKUP_CODES_USUAL;
	return code;
}

enum exit_code issue_plan_codes(struct tool *tool, const struct who *who, uint32_t count,
				struct issue *issue)
{
	enum exit_code code = prepare(tool, who, issue);

	if (code != EXIT_DONE)
		return code;
	enum status s = read_before(tool, issue);
	if (s == ST_MISSING)
		return fail_of(tool, EXIT_NO_USER, who->name, TEXT_NOT_ENROLLED);
	if (s != ST_OK)
		return fail_status(tool, who->name, s);
	issue->kind = ISSUE_CODES;
	issue->with_codes = true;
	issue->set.count = count ? count : BACKUP_CODES_USUAL;
	return EXIT_DONE;
}

enum status issue_make_secret(struct issue *issue)
{
	issue->otpauth.token.secret_length = NEW_SECRET_BYTES;
	return random_bytes(issue->otpauth.token.secret, NEW_SECRET_BYTES);
}

enum status issue_make_codes(const struct tool *tool, struct issue *issue)
{
	uint32_t id = had(issue) ? had(issue)->next_set_id : 1;
	uint8_t pepper[SHA256_BYTES];

	if (!issue->with_codes)
		return ST_OK;
	account_pepper(&tool->store, pepper);
	enum status s = backup_make(id, issue->set.count, issue->rules.backup_code_iterations,
				    tool->now.wall, pepper, &issue->set, &issue->codes);
	wipe(pepper, sizeof(pepper));
	return s;
}

bool issue_confirm(struct issue *issue, const struct secret *answer, int64_t wall, long *away)
{
	const struct token *token = &issue->otpauth.token;
	AUTO_SECRET code = SECRET_EMPTY;
	enum answer_shape shape = ANSWER_OTHER;
	struct matches matches = {0};

	*away = 0;
	if (answer_read(answer, &shape, &code) != ST_OK || shape != ANSWER_TOTP)
		return false;
	if (totp_match(token, 1, wall, issue->rules.code_window, (const char *)code.bytes,
		       code.length, &matches) != ST_OK)
		return false;
	for (size_t i = 0; i < matches.count; i++)
		if (matches.match[i].step > issue->spent_step)
			issue->spent_step = matches.match[i].step;
	if (matches.count == 0)
		*away = drift_steps(token, &code, wall);
	return matches.count > 0;
}
