/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/ask.h"
#include "kling-enroll/commands.h"
#include "kling-enroll/drift.h"
#include "kling-enroll/text.h"
#include "lib/base/clock.h"
#include "lib/factor/answer.h"
#include "lib/factor/backup.h"
#include "lib/factor/totp.h"

#include <errno.h>
#include <string.h>

/* What is looked at: copies, so that nothing is consumed. */
struct view {
	struct enrollment enrollment;
	struct token_use uses[TOKENS_MAX];
	uint32_t spent;
	int64_t highest_accepted;
	bool locked;
	const char *user; /* borrowed */
};

#define AUTO_VIEW AT_SCOPE_END(view_clear) struct view

static void view_clear(struct view *view)
{
	enrollment_clear(&view->enrollment);
}

static enum status look(struct tool *tool, const struct who *who, const struct rules *rules,
			struct view *view)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	int64_t until;
	enum status s = account_lock(&tool->store, who, &account);

	if (s == ST_OK)
		s = account_enrollment(&account, &view->enrollment);
	if (s != ST_OK)
		return s;
	memcpy(view->uses, account.state->tokens, sizeof(view->uses));
	view->spent = account.state->spent;
	view->highest_accepted = account.state->highest_accepted;
	lockout_rebase(&account.state->ledgers, &tool->now);
	view->locked = lockout_any(&account.state->ledgers, &rules->lockout, who->uid == 0, &until);
	return ST_OK;
}

static enum exit_code say(enum exit_code code, const char *text)
{
	remark("%s", text);
	return code;
}

/* A code of another time than now, or of none near it. */
static enum exit_code say_wrong(const struct tool *tool, const struct view *view,
				const struct secret *code)
{
	const struct enrollment_record *record = view->enrollment.record;

	for (size_t i = 0; i < record->token_count; i++) {
		const struct token *token = &record->tokens[i];
		long away = drift_steps(token, code, tool->now.wall) * (long)token->period;
		if (away != 0) {
			remark(away < 0 ? TEXT_VERIFY_LATE : TEXT_VERIFY_EARLY,
			       away < 0 ? -away : away, view->user);
			return EXIT_NO;
		}
	}
	remark(TEXT_VERIFY_HINT, view->user);
	return EXIT_NO;
}

static enum exit_code judge_totp(const struct tool *tool, const struct rules *rules,
				 struct view *view, const struct secret *code)
{
	const struct enrollment_record *record = view->enrollment.record;
	struct matches matches = {0};
	size_t which = 0;

	if (totp_match(record->tokens, record->token_count, tool->now.wall, rules->code_window,
		       (const char *)code->bytes, code->length, &matches) != ST_OK)
		return fail_status(tool, NULL, ST_INTERNAL);
	int64_t behind = replay_clock_behind(view->highest_accepted, tool->now.wall);
	enum replay_outcome outcome = replay_judge(view->uses, &matches, tool->now.wall, &which);
	if (outcome == REPLAY_WRONG)
		return say_wrong(tool, view, code);
	if (outcome != REPLAY_FRESH)
		return say(EXIT_NO, TEXT_VERIFY_USED);
	if (behind > 0)
		return say(EXIT_NO, TEXT_VERIFY_CLOCK);
	return say(EXIT_DONE, TEXT_VERIFY_RIGHT);
}

static enum exit_code judge_backup(const struct tool *tool, const struct view *view,
				   const struct secret *code)
{
	const struct backup_set *set = &view->enrollment.record->backup;
	struct backup_guess guess;
	uint8_t pepper[SHA256_BYTES];

	if (set->count == 0) {
		remark(TEXT_VERIFY_NO_SET, view->user, view->user);
		return EXIT_NO;
	}
	account_pepper(&tool->store, pepper);
	backup_derive(code, set->salt, set->iterations, &guess);
	int index = backup_find(set, &guess, pepper);
	wipe(&guess, sizeof(guess));
	wipe(pepper, sizeof(pepper));
	if (index < 0) {
		remark(TEXT_VERIFY_WRONG, set->id, view->user);
		return EXIT_NO;
	}
	bool spent = view->spent & (1U << index);
	remark(spent ? TEXT_VERIFY_SPENT : TEXT_VERIFY_BACKUP, index + 1, set->id);
	return spent ? EXIT_NO : EXIT_DONE;
}

static enum exit_code judge(struct tool *tool, const struct rules *rules, struct view *view,
			    const struct secret *answer)
{
	AUTO_SECRET code = SECRET_EMPTY;
	enum answer_shape shape = ANSWER_OTHER;
	enum status s = answer_read(answer, &shape, &code);
	enum exit_code result = EXIT_NO;

	if (s == ST_OK)
		s = clock_read(&tool->now);
	if (s != ST_OK)
		return fail_status(tool, NULL, s);
	if (shape == ANSWER_TOTP)
		result = judge_totp(tool, rules, view, &code);
	else if (shape == ANSWER_BACKUP)
		result = judge_backup(tool, view, &code);
	else
		(void)say(EXIT_NO, TEXT_VERIFY_SHAPE);
	if (view->locked)
		remark(TEXT_VERIFY_LOCKED);
	return result;
}

enum exit_code cmd_verify(struct tool *tool)
{
	AUTO_PERSON person = {0};
	AUTO_VIEW view = {0};
	AUTO_ASKING asking = {.terminal = TERMINAL_CLOSED};
	AUTO_SECRET answer = SECRET_EMPTY;
	struct rules rules;
	enum exit_code code = tool_begin(tool, &person, &rules);

	if (code != EXIT_DONE)
		return code;
	const struct who who = who_of(&person);
	view.user = person.name;
	errno = 0;
	enum status s = look(tool, &who, &rules, &view);
	if (s == ST_MISSING)
		return fail_of(tool, EXIT_NO_USER, person.name, TEXT_NOT_ENROLLED);
	if (s != ST_OK)
		return fail_status(tool, person.name, s);
	asking_begin(&asking);
	code = asking_answer(tool, &asking, TEXT_ASK_VERIFY, true, &answer);
	asking_end(&asking);
	return code == EXIT_DONE ? judge(tool, &rules, &view, &answer) : code;
}
