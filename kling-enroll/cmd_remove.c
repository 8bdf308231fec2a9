/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/log.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"

#include <errno.h>
#include <string.h>

/* The record without the token at `index`, and what was used of those that stay. */
static void drop_token(struct enrollment_record *record, size_t index,
		       const struct live_state *state, struct token_use uses[TOKENS_MAX])
{
	size_t left = --record->token_count;

	memmove(&record->tokens[index], &record->tokens[index + 1],
		(left - index) * sizeof(record->tokens[0]));
	wipe(&record->tokens[left], sizeof(record->tokens[0]));
	for (size_t i = 0; i < left; i++)
		for (size_t j = 0; j < TOKENS_MAX; j++)
			if (state->tokens[j].id == record->tokens[i].id)
				uses[i] = state->tokens[j];
}

static size_t find_label(const struct enrollment_record *record, const char *label)
{
	size_t i = 0;

	while (i < record->token_count && strcmp(record->tokens[i].label, label) != 0)
		i++;
	return i;
}

/* ST_NO_USER stands for: no such token. */
static enum status remove_token(struct account *account, const char *label)
{
	AUTO_ENROLLMENT enrollment = {0};
	struct token_use uses[TOKENS_MAX] = {0};
	enum status s = account_enrollment(account, &enrollment);

	if (s != ST_OK)
		return s;
	size_t index = find_label(enrollment.record, label);
	if (index == enrollment.record->token_count)
		return ST_NO_USER;
	if (enrollment.record->token_count == 1)
		return account_withdraw(account);
	drop_token(enrollment.record, index, account->state, uses);
	return account_enroll(account, &enrollment, uses, account->state->spent);
}

static enum status remove_from(struct tool *tool, const struct who *who, const char *label)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	bool enrolled = false;
	enum status s = account_is_enrolled(&tool->store, who, &enrolled);

	if (s != ST_OK || !enrolled)
		return s == ST_OK ? ST_MISSING : s;
	s = account_lock(&tool->store, who, &account);
	if (s != ST_OK)
		return s == ST_MISSING ? ST_CORRUPT : s;
	return label ? remove_token(&account, label) : account_withdraw(&account);
}

/* What cannot be read is put aside whole, where that was asked for. */
static bool is_unreadable(enum status s)
{
	return s == ST_CORRUPT || s == ST_OWNER || s == ST_KEY_MISSING;
}

enum exit_code cmd_remove(struct tool *tool)
{
	AUTO_PERSON person = {0};
	struct rules rules;
	const struct options *options = &tool->request.options;
	const char *reason = "ok";
	enum exit_code code = tool_begin(tool, &person, &rules);

	if (code != EXIT_DONE)
		return code;
	const struct who who = who_of(&person);
	errno = 0;
	enum status s = remove_from(tool, &who, options->label);
	if (is_unreadable(s) && options->force && !options->label) {
		reason = "put-aside";
		s = account_discard(&tool->store, person.name);
	}
	if (s == ST_MISSING)
		return fail_of(tool, EXIT_NO_USER, person.name, TEXT_NOT_ENROLLED);
	if (s == ST_NO_USER)
		return fail_of(tool, EXIT_NO, person.name, TEXT_NO_SUCH_TOKEN, options->label);
	if (s != ST_OK)
		return fail_status(tool, person.name, s);
	log_act(&(struct act){.event = "remove",
			      .reason = reason,
			      .user = person.name,
			      .uid = person.uid,
			      .token = options->label});
	remark(options->label ? TEXT_TOKEN_REMOVED : TEXT_REMOVED, person.name);
	return EXIT_DONE;
}
