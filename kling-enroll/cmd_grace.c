/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/log.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"
#include "kling-enroll/when.h"

#include <errno.h>

static enum status change_grace(struct tool *tool, const struct who *who, const struct rules *rules,
				struct grace_view *view)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	uint64_t extend = tool->request.options.extend;
	enum status s = account_lock_own(&tool->store, who, &account);

	if (s != ST_OK)
		return s;
	const struct live_state before = *account.state;
	if (extend)
		deadline_extend(&account.state->grace, &rules->enroll, tool->now.wall, extend);
	else
		deadline_end(&account.state->grace);
	*view = deadline_view(&account.state->grace, &rules->enroll, tool->now.wall);
	return account_change(&account, &before);
}

static void say_grace(const struct tool *tool, const struct person *person,
		      const struct grace_view *view)
{
	char when[WHEN_LONG];

	when_about(view->end, tool->now.wall, when);
	if (view->phase == GRACE_RUNNING)
		remark(TEXT_GRACE_UNTIL, person->name, when);
	else
		remark(TEXT_GRACE_OVER, person->name);
}

enum exit_code cmd_grace(struct tool *tool)
{
	AUTO_PERSON person = {0};
	struct rules rules;
	struct grace_view view = {0};
	const struct options *options = &tool->request.options;
	bool enrolled = false;

	if ((options->extend != 0) == options->end)
		return fail(tool, EXIT_USAGE, TEXT_GRACE_WHICH);
	enum exit_code code = tool_begin(tool, &person, &rules);
	if (code != EXIT_DONE)
		return code;
	const struct who who = who_of(&person);
	errno = 0;
	enum status s = account_is_enrolled(&tool->store, &who, &enrolled);
	if (s == ST_OK && enrolled)
		return fail_of(tool, EXIT_NO, person.name, TEXT_GRACE_ENROLLED);
	if (s == ST_OK)
		s = change_grace(tool, &who, &rules, &view);
	if (s != ST_OK)
		return fail_status(tool, person.name, s);
	log_act(&(struct act){.event = "grace",
			      .reason = options->end ? "ended" : "extended",
			      .user = person.name,
			      .uid = person.uid});
	say_grace(tool, &person, &view);
	return EXIT_DONE;
}
