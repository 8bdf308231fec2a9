/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/summary.h"
#include "kling-enroll/terminal.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 19, LINE_MAX_BYTES = 1024 };

/* A line that is wider than the screen goes on below its text, not below its head. */
static void add_hanging(struct out *out, const char *line, size_t width)
{
	AUTO_OUT wrapped = OUT_EMPTY;
	size_t length = strlen(line);
	char indent[HEAD + 1];

	if (length <= width || length <= HEAD || width <= (size_t)2 * HEAD) {
		out_format(out, "%s\n", line);
		return;
	}
	memset(indent, ' ', HEAD);
	indent[HEAD] = '\0';
	out_wrapped(&wrapped, line + HEAD, indent, width);
	out_bytes(out, line, HEAD);
	out_text(out, out_string(&wrapped) + HEAD);
}

static void add_lines(struct out *out, const char *text, size_t width)
{
	char line[LINE_MAX_BYTES];

	while (*text) {
		size_t length = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		add_hanging(out, line, width);
		text += length + (text[length] == '\n');
	}
}

static enum exit_code print_summary(const struct tool *tool, const struct summary *summary)
{
	AUTO_OUT out = OUT_EMPTY, text = OUT_EMPTY;

	if (tool->request.options.json)
		summary_json(&out, summary, true);
	else
		summary_text(&text, summary);
	add_lines(&out, out_string(&text), display_of(STDOUT_FILENO).columns);
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
