/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/json.h"
#include "kling-enroll/terminal.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"
#include "lib/password/examine.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Far more than any password has; what is behind is not read. */
enum { INPUT_MAX = 65536 };

static enum status read_input(struct secret *candidate)
{
	enum status s = secret_new(candidate, INPUT_MAX);

	while (s == ST_OK && candidate->length < INPUT_MAX) {
		ssize_t got = read(STDIN_FILENO, candidate->bytes + candidate->length,
				   INPUT_MAX - candidate->length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ST_IO;
		if (got == 0)
			break;
		candidate->length += (size_t)got;
	}
	if (s == ST_OK && candidate->length > 0 && candidate->bytes[candidate->length - 1] == '\n')
		candidate->length--;
	return s;
}

static enum exit_code ask(struct tool *tool, struct secret *candidate)
{
	AUTO_TERMINAL terminal = TERMINAL_CLOSED;
	struct display display = display_of(STDERR_FILENO);
	enum status s = terminal_open(&terminal, STDIN_FILENO, &display, true);

	if (s != ST_OK)
		return fail_status(tool, NULL, s);
	enum answer_kind kind = terminal_ask(&terminal, TEXT_PASSWORD_PROMPT, false, candidate);
	tool->caught = terminal.caught;
	if (kind == ANSWER_TYPED)
		return EXIT_DONE;
	terminal_close(&terminal);
	return fail(tool, EXIT_NO, "%s", tool->caught ? TEXT_INTERRUPTED : TEXT_NO_ANSWER);
}

static enum exit_code get_candidate(struct tool *tool, struct secret *candidate)
{
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		return ask(tool, candidate);
	errno = 0;
	enum status s = read_input(candidate);
	return s == ST_OK ? EXIT_DONE : fail_status(tool, NULL, s);
}

/* The rules of the service where passwords are changed; without a person those for everybody. */
static enum exit_code find_rules(struct tool *tool, const struct person *person,
				 struct rules *rules)
{
	AUTO_GROUPS groups = {0};
	const char *user = person->name ? person->name : "";
	struct subject subject = {
	    .user = user, .service = "passwd", .origin = {.kind = ORIGIN_NONE}};
	const char *problem = NULL;

	if (person->name && settings_need_groups(tool->settings)) {
		enum status s = group_names_find(person, &groups);
		if (s != ST_OK)
			return fail_status(tool, person->name, s);
		subject.groups = groups.names;
		subject.group_count = groups.count;
	}
	if (settings_resolve(tool->settings, &subject, rules, &problem) != ST_OK)
		return fail_of(tool, EXIT_TROUBLE, user, TEXT_CONTRADICTION, spoken(problem));
	return EXIT_DONE;
}

static void print_rule(struct out *out, struct json *json, const struct password_report *report,
		       enum password_rule rule)
{
	char line[PASSWORD_TEXT_BYTES];

	password_explain_as(report, rule, spoken(password_rule_text(rule)), line);
	if (!json) {
		out_format(out, "%s\n", line);
		return;
	}
	json_open(json, NULL);
	json_text(json, "rule", password_rule_word(rule));
	json_text(json, "text", line);
	json_close(json);
}

static void print_unmet(struct out *out, struct json *json, const struct password_report *report)
{
	for (unsigned rule = 0; rule < PASSWORD_RULES; rule++)
		if (password_is_unmet(report, (enum password_rule)rule))
			print_rule(out, json, report, (enum password_rule)rule);
}

static enum exit_code print_report(const struct tool *tool, const struct password_report *report)
{
	AUTO_OUT out = OUT_EMPTY;
	struct json json = JSON_TO(&out);

	if (tool->request.options.json) {
		json_open(&json, NULL);
		json_bool(&json, "accepted", password_is_accepted(report));
		json_open_array(&json, "unmet");
		print_unmet(&out, &json, report);
		json_close_array(&json);
		json_close(&json);
		json_end(&json);
	} else {
		print_unmet(&out, NULL, report);
	}
	enum exit_code code = tool_print(tool, &out);
	if (code != EXIT_DONE)
		return code;
	if (!password_is_accepted(report))
		return EXIT_NO;
	if (!tool->request.options.json && isatty(STDOUT_FILENO))
		remark(TEXT_PASSWORD_FINE);
	return EXIT_DONE;
}

static struct password_bytes bytes_of(const char *text)
{
	return (struct password_bytes){(const uint8_t *)text, text ? strlen(text) : 0};
}

static enum exit_code judge(struct tool *tool, const struct person *person,
			    const struct rules *rules, const struct secret *candidate)
{
	const struct password_facts facts = {.user = bytes_of(person->name),
					     .full_name = bytes_of(person->full_name),
					     .host = bytes_of(tool->host)};
	const struct password_bytes bytes = {candidate->bytes, candidate->length};
	struct password_report report;

	errno = 0;
	enum status s = password_examine(rules, geteuid(), bytes, &facts, &report);
	if (s != ST_OK)
		return fail(tool, EXIT_TROUBLE, TEXT_PASSWORD_LIST, rules->password_blocklist,
			    spoken(status_text(s)));
	return print_report(tool, &report);
}

enum exit_code cmd_password(struct tool *tool)
{
	AUTO_PERSON person = {0};
	AUTO_SECRET candidate = SECRET_EMPTY;
	struct rules rules;
	enum exit_code code = tool_configure(tool);

	if (code == EXIT_DONE && tool->request.options.user)
		code = tool_find_person(tool, tool->request.options.user, &person);
	if (code == EXIT_DONE)
		code = find_rules(tool, &person, &rules);
	if (code == EXIT_DONE)
		code = get_candidate(tool, &candidate);
	return code == EXIT_DONE ? judge(tool, &person, &rules, &candidate) : code;
}
