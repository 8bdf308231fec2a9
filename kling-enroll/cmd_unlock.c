/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/log.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"

#include <errno.h>

/* Locks; a state that is damaged or gone is made anew, with every code counted as spent. */
static enum status lock_or_rebuild(struct tool *tool, const struct who *who,
				   struct account *account, bool *rebuilt)
{
	enum status s = account_lock(&tool->store, who, account);

	*rebuilt = false;
	if (s != ST_CORRUPT && s != ST_MISSING)
		return s;
	s = account_rebuild(&tool->store, who);
	*rebuilt = s == ST_OK;
	return s == ST_OK ? account_lock(&tool->store, who, account) : s;
}

static enum status open_locks(struct tool *tool, const struct who *who, const struct rules *rules,
			      bool *was_locked, bool *rebuilt)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	int64_t until;
	enum status s = lock_or_rebuild(tool, who, &account, rebuilt);

	if (s != ST_OK)
		return s;
	const struct live_state before = *account.state;
	lockout_rebase(&account.state->ledgers, &tool->now);
	*was_locked = lockout_any(&account.state->ledgers, &rules->lockout, who->uid == 0, &until);
	lockout_unlock(&account.state->ledgers);
	/* A login while the clock was ahead must not close codes until then. */
	if (account.state->highest_accepted > tool->now.wall)
		account.state->highest_accepted = tool->now.wall;
	return account_change(&account, &before);
}

enum exit_code cmd_unlock(struct tool *tool)
{
	AUTO_PERSON person = {0};
	struct rules rules;
	bool was_locked = false, rebuilt = false;
	enum exit_code code = tool_begin(tool, &person, &rules);

	if (code != EXIT_DONE)
		return code;
	const struct who who = who_of(&person);
	errno = 0;
	enum status s = open_locks(tool, &who, &rules, &was_locked, &rebuilt);
	if (s != ST_OK)
		return fail_status(tool, person.name, s);
	log_act(&(struct act){.event = "unlock",
			      .reason = rebuilt ? "rebuilt" : "ok",
			      .user = person.name,
			      .uid = person.uid});
	if (rebuilt)
		remark(TEXT_REBUILT, person.name, person.name);
	else
		remark(was_locked ? TEXT_UNLOCKED : TEXT_WAS_OPEN, person.name);
	return EXIT_DONE;
}
