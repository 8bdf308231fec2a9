/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/ask.h"
#include "kling-enroll/commands.h"
#include "kling-enroll/log.h"
#include "kling-enroll/text.h"
#include "lib/base/clock.h"
#include "lib/factor/answer.h"
#include "lib/factor/totp.h"

#include <errno.h>
#include <string.h>

/* How far a clock may be off. */
enum { FAR_SECONDS = 86400 };

/* Two codes as digits. */
struct pair {
	struct secret first;
	struct secret second;
};

#define AUTO_PAIR AT_SCOPE_END(pair_clear) struct pair

static void pair_clear(struct pair *pair)
{
	secret_clear(&pair->first);
	secret_clear(&pair->second);
}

static bool is_code(const struct token *token, uint64_t step, const struct secret *code)
{
	char right[9];
	bool same =
	    totp_code(token, step, right) == ST_OK && secret_equals(code, right, token->digits);

	wipe(right, sizeof(right));
	return same;
}

/* The step of the second code, where the first is the code of the step before it; 0: nowhere. */
static uint64_t find_steps(const struct token *token, const struct pair *pair, int64_t wall)
{
	uint64_t far = (uint64_t)(FAR_SECONDS / token->period);
	uint64_t now = (uint64_t)(wall / token->period);

	for (uint64_t away = 0; away <= far; away++) {
		if (is_code(token, now - away - 1, &pair->first) &&
		    is_code(token, now - away, &pair->second))
			return now - away;
		if (is_code(token, now + away - 1, &pair->first) &&
		    is_code(token, now + away, &pair->second))
			return now + away;
	}
	return 0;
}

/* Moves the token and spends both codes; ST_RANGE when the codes are none of its. */
static enum status move_token(struct account *account, const struct pair *pair, int64_t wall,
			      char label[TOKEN_LABEL_MAX + 1], int32_t *offset)
{
	AUTO_ENROLLMENT enrollment = {0};
	enum status s = account_enrollment(account, &enrollment);
	struct token_use uses[TOKENS_MAX];
	uint64_t step = 0;
	size_t i = 0;

	if (s != ST_OK)
		return s;
	memcpy(uses, account->state->tokens, sizeof(uses));
	struct enrollment_record *record = enrollment.record;
	for (; i < record->token_count; i++) {
		step = find_steps(&record->tokens[i], pair, wall);
		if (step)
			break;
	}
	if (!step)
		return ST_RANGE;
	*offset = (int32_t)((int64_t)step - wall / record->tokens[i].period);
	record->tokens[i].offset = *offset;
	memcpy(label, record->tokens[i].label, TOKEN_LABEL_MAX + 1);
	for (size_t j = 0; j < TOKENS_MAX; j++)
		if (uses[j].id == record->tokens[i].id)
			uses[j].last_step = step;
	/* A login while the clock was ahead must not close codes until then. */
	int64_t highest = account->state->highest_accepted > wall ? wall : 0;
	return account_resync(account, &enrollment, uses, account->state->spent, highest);
}

static enum exit_code ask_code(struct tool *tool, struct asking *asking, const char *prompt,
			       struct secret *code)
{
	AUTO_SECRET answer = SECRET_EMPTY;
	enum answer_shape shape = ANSWER_OTHER;
	enum exit_code result = asking_answer(tool, asking, prompt, true, &answer);

	if (result != EXIT_DONE)
		return result;
	if (answer_read(&answer, &shape, code) != ST_OK || shape != ANSWER_TOTP)
		return fail(tool, EXIT_NO, TEXT_RESYNC_SHAPE);
	return EXIT_DONE;
}

static enum exit_code ask_both(struct tool *tool, struct pair *pair)
{
	AUTO_ASKING asking;

	asking_begin(&asking);
	enum exit_code code = ask_code(tool, &asking, TEXT_ASK_FIRST, &pair->first);
	if (code == EXIT_DONE)
		code = ask_code(tool, &asking, TEXT_ASK_SECOND, &pair->second);
	return code;
}

static enum exit_code resync(struct tool *tool, const struct who *who, const struct pair *pair)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	char label[TOKEN_LABEL_MAX + 1] = "";
	int32_t offset = 0;
	enum status s = clock_read(&tool->now);

	errno = 0;
	if (s == ST_OK)
		s = account_lock(&tool->store, who, &account);
	if (s == ST_OK)
		s = move_token(&account, pair, tool->now.wall, label, &offset);
	account_unlock(&account);
	if (s == ST_RANGE)
		return fail_of(tool, EXIT_NO, who->name, TEXT_RESYNC_WRONG);
	if (s == ST_MISSING)
		return fail_of(tool, EXIT_NO_USER, who->name, TEXT_NOT_ENROLLED);
	if (s != ST_OK)
		return fail_status(tool, who->name, s);
	log_act(&(struct act){
	    .event = "resync", .reason = "ok", .user = who->name, .uid = who->uid, .token = label});
	remark(TEXT_RESYNCED, who->name, label, (int)offset);
	return EXIT_DONE;
}

enum exit_code cmd_resync(struct tool *tool)
{
	AUTO_PERSON person = {0};
	AUTO_PAIR pair = {SECRET_EMPTY, SECRET_EMPTY};
	struct rules rules;
	bool enrolled = false;
	enum exit_code code = tool_begin(tool, &person, &rules);

	if (code != EXIT_DONE)
		return code;
	const struct who who = who_of(&person);
	errno = 0;
	enum status s = account_is_enrolled(&tool->store, &who, &enrolled);
	if (s != ST_OK)
		return fail_status(tool, person.name, s);
	if (!enrolled)
		return fail_of(tool, EXIT_NO_USER, person.name, TEXT_NOT_ENROLLED);
	code = ask_both(tool, &pair);
	return code == EXIT_DONE ? resync(tool, &who, &pair) : code;
}
