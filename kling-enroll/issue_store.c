/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/issue.h"

#include <string.h>

/* What is to hold: the record, and beside it what of it is used up. */
struct outcome {
	struct enrollment_record *record;
	struct token_use uses[TOKENS_MAX];
	uint32_t spent;
};

static size_t index_of(const struct token_use uses[TOKENS_MAX], uint32_t id)
{
	size_t i = 0;

	while (i < TOKENS_MAX && uses[i].id != id)
		i++;
	return i;
}

/* What was used of the tokens that stay, in the order of the record. */
static void carry_uses(const struct live_state *state, struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->record->token_count; i++) {
		uint32_t id = outcome->record->tokens[i].id;
		size_t old = index_of(state->tokens, id);
		outcome->uses[i] =
		    old < TOKENS_MAX ? state->tokens[old] : (struct token_use){id, 0, 0, 0};
	}
	outcome->spent = state->spent;
}

static void put_token(const struct issue *issue, struct outcome *outcome)
{
	struct enrollment_record *record = outcome->record;
	size_t i = issue->kind == ISSUE_INSTEAD ? issue->index : record->token_count;

	if (issue->kind == ISSUE_FIRST || issue->kind == ISSUE_INSTEAD_OF_ALL) {
		wipe(record->tokens, sizeof(record->tokens));
		i = 0;
		record->token_count = 0;
	}
	if (i == record->token_count)
		record->token_count++;
	record->tokens[i] = issue->otpauth.token;
	record->tokens[i].id = record->next_token_id++;
	outcome->uses[i] =
	    (struct token_use){.id = record->tokens[i].id, .last_step = issue->spent_step};
}

static void put_codes(const struct issue *issue, struct outcome *outcome)
{
	outcome->record->backup = issue->set;
	outcome->record->next_set_id = issue->set.id + 1;
	outcome->spent = 0;
}

static void drop_codes(struct outcome *outcome)
{
	outcome->record->backup = (struct backup_set){0};
	outcome->spent = 0;
}

static void decide(const struct issue *issue, const struct live_state *state, int64_t now,
		   struct outcome *outcome)
{
	bool alone = issue->kind == ISSUE_FIRST || issue->kind == ISSUE_INSTEAD_OF_ALL;

	if (issue->kind == ISSUE_FIRST)
		outcome->record->made = now;
	carry_uses(state, outcome);
	if (issue->kind != ISSUE_CODES)
		put_token(issue, outcome);
	if (issue->with_codes)
		put_codes(issue, outcome);
	else if (alone)
		drop_codes(outcome);
	for (size_t i = outcome->record->token_count; i < TOKENS_MAX; i++)
		outcome->uses[i] = (struct token_use){0};
}

/* The enrollment as it is now, or an empty one; ST_STALE when it is not what was planned on. */
static enum status reread(struct account *account, const struct issue *issue,
			  struct enrollment *enrollment)
{
	enum status s = account_enrollment(account, enrollment);
	uint64_t planned = issue->before.record ? issue->before.record->generation : 0;

	if (s == ST_MISSING)
		return planned ? ST_STALE : enrollment_new(enrollment);
	if (s != ST_OK)
		return s;
	return enrollment->record->generation == planned ? ST_OK : ST_STALE;
}

enum status issue_store(struct tool *tool, struct issue *issue)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	AUTO_ENROLLMENT enrollment = {0};
	struct outcome outcome = {0};
	enum status s = account_lock_own(&tool->store, &issue->who, &account);

	if (s == ST_OK)
		s = reread(&account, issue, &enrollment);
	if (s != ST_OK)
		return s;
	memcpy(issue->uses_before, account.state->tokens, sizeof(issue->uses_before));
	issue->spent_before = account.state->spent;
	outcome.record = enrollment.record;
	decide(issue, account.state, tool->now.wall, &outcome);
	s = account_enroll(&account, &enrollment, outcome.uses, outcome.spent);
	if (s == ST_OK)
		issue->generation = enrollment.record->generation;
	return s;
}

/* What was spent before, and what a login has spent since. */
static void merge_spent(const struct issue *issue, const struct live_state *state,
			const struct enrollment_record *now, struct outcome *outcome)
{
	memcpy(outcome->uses, issue->uses_before, sizeof(outcome->uses));
	for (size_t i = 0; i < TOKENS_MAX; i++)
		for (size_t j = 0; j < TOKENS_MAX; j++)
			if (outcome->uses[i].id == state->tokens[j].id &&
			    outcome->uses[i].last_step < state->tokens[j].last_step)
				outcome->uses[i] = state->tokens[j];
	outcome->spent = issue->spent_before;
	if (now->backup.id == issue->before.record->backup.id)
		outcome->spent |= state->spent;
}

enum status issue_undo(struct tool *tool, const struct issue *issue)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	AUTO_ENROLLMENT now = {0}, before = {0};
	enum status s = account_lock_own(&tool->store, &issue->who, &account);

	if (s == ST_OK)
		s = account_enrollment(&account, &now);
	if (s != ST_OK)
		return s;
	if (now.record->generation != issue->generation)
		return ST_STALE;
	if (!issue->before.record)
		return account_withdraw(&account);
	s = enrollment_new(&before);
	if (s != ST_OK)
		return s;
	*before.record = *issue->before.record;
	before.record->generation = now.record->generation;
	before.record->next_token_id = now.record->next_token_id;
	before.record->next_set_id = now.record->next_set_id;
	struct outcome outcome = {.record = before.record};
	merge_spent(issue, account.state, now.record, &outcome);
	return account_enroll(&account, &before, outcome.uses, outcome.spent);
}
