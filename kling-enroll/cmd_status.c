/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/summary.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"

#include <errno.h>

static enum exit_code print_summary(const struct tool *tool, const struct summary *summary)
{
	AUTO_OUT out = OUT_EMPTY;

	if (tool->request.options.json)
		summary_json(&out, summary, true);
	else
		summary_text(&out, summary);
	enum exit_code code = tool_print(tool, &out);
	if (code != EXIT_DONE)
		return code;
	if (!summary->enrolled)
		return EXIT_NO_USER;
	return summary->locked ? EXIT_NO : EXIT_DONE;
}

static enum exit_code status_of(struct tool *tool, const char *name)
{
	AUTO_PERSON person = {0};
	struct rules rules;
	struct summary summary;
	enum exit_code code = tool_find_person(tool, name, &person);

	if (code == EXIT_DONE && tool->store.root < 0)
		code = tool_open(tool);
	if (code == EXIT_DONE)
		code = tool_rules(tool, &person, &rules);
	if (code != EXIT_DONE)
		return code;
	errno = 0;
	const struct who who = who_of(&person);
	enum status s = summary_read(tool, &who, &rules, &summary);
	return s == ST_OK ? print_summary(tool, &summary) : fail_status(tool, person.name, s);
}

enum exit_code cmd_status(struct tool *tool)
{
	enum exit_code worst = tool_configure(tool);

	if (worst == EXIT_DONE && tool->request.operand_count == 0) {
		worst = tool_open(tool);
		return worst == EXIT_DONE ? status_of_everybody(tool) : worst;
	}
	for (int i = 0; worst != EXIT_TROUBLE && i < tool->request.operand_count; i++) {
		enum exit_code code = status_of(tool, tool->request.operands[i]);
		worst = code > worst ? code : worst;
	}
	return worst;
}
