/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/deliver.h"
#include "kling-enroll/issue.h"
#include "kling-enroll/log.h"

static enum exit_code codes_for(struct tool *tool, const struct person *person,
				struct delivery *delivery)
{
	AUTO_ISSUE issue = {0};
	uint32_t count = (uint32_t)tool->request.options.count;
	const struct who who = who_of(person);
	enum exit_code code = issue_plan_codes(tool, &who, count, &issue);

	if (code == EXIT_DONE)
		code = delivery_prepare(delivery, tool, &issue);
	if (code == EXIT_DONE)
		code = delivery_store(delivery, tool, &issue);
	if (code != EXIT_DONE)
		return code;
	log_act(&(struct act){.event = "codes",
			      .reason = "ok",
			      .user = issue.who.name,
			      .uid = issue.who.uid,
			      .set = issue.set.id});
	return delivery_show(delivery, tool, &issue);
}

enum exit_code cmd_codes(struct tool *tool)
{
	AUTO_DELIVERY delivery = DELIVERY_NONE;
	AUTO_PERSON person = {0};
	struct rules rules;
	enum exit_code code = delivery_choose(&delivery, tool, false);

	if (code == EXIT_DONE)
		code = tool_begin(tool, &person, &rules);
	return code == EXIT_DONE ? codes_for(tool, &person, &delivery) : code;
}
