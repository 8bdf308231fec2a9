/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/help.h"

#include "kling-enroll/text.h"

#include <stdio.h>
#include <string.h>

enum { HELP_WIDTH = 80, OPTION_WIDTH = 30, SHOWN_MAX = 64, HELP_BYTES = 512 };

/* "  --name ARGUMENT   what it does", the text wrapped beside it. */
static void add_row(struct out *out, const char *head, size_t width, const char *text)
{
	AUTO_OUT wrapped = OUT_EMPTY;
	char indent[OPTION_WIDTH + 1];

	snprintf(indent, sizeof(indent), "%*s", (int)width, "");
	out_wrapped(&wrapped, text, indent, HELP_WIDTH);
	const char *body = out_string(&wrapped);
	size_t used = strlen(head);
	if (used + 2 > width)
		out_format(out, "%s\n%s", head, body);
	else
		out_format(out, "%s%*s%s", head, (int)(width - used), "",
			   strlen(body) > width ? body + width : body);
}

static void add_option(struct out *out, const struct option *option)
{
	char head[SHOWN_MAX], text[HELP_BYTES], place[HELP_BYTES] = "";

	snprintf(head, sizeof(head), "  --%s%s%s", option->name, option->argument ? " " : "",
		 option->argument ? option->argument : "");
	if (strcmp(option->name, "config") == 0)
		snprintf(place, sizeof(place), TEXT_HELP_DEFAULT, KLING_CONF_DIR "/kling.conf");
	snprintf(text, sizeof(text), "%s%s", _(option->help), place);
	add_row(out, head, OPTION_WIDTH, text);
}

static void add_options(struct out *out, const char *title, const struct option *const *options)
{
	if (!options || !*options)
		return;
	out_format(out, "\n%s\n", title);
	for (; *options; options++)
		add_option(out, *options);
}

static void add_tool(struct out *out)
{
	out_text(out, TEXT_HELP_USAGE);
	for (const struct command *command = commands; command->name; command++) {
		char head[SHOWN_MAX];
		snprintf(head, sizeof(head), "  %s", command->name);
		add_row(out, head, 12, _(command->summary));
	}
	add_options(out, TEXT_HELP_OPTIONS, common_options);
	out_text(out, TEXT_HELP_END);
}

static void add_command(struct out *out, const struct command *command)
{
	out_format(out, TEXT_HELP_COMMAND, command->name, command->operands[0] ? " " : "",
		   command->operands);
	out_wrapped(out, _(command->summary), "", HELP_WIDTH);
	if (command->help) {
		out_text(out, "\n");
		out_wrapped(out, _(command->help), "", HELP_WIDTH);
	}
	add_options(out, TEXT_HELP_OPTIONS, command->options);
	add_options(out, TEXT_HELP_COMMON, common_options);
}

void help_add(struct out *out, const struct command *command)
{
	if (command)
		add_command(out, command);
	else
		add_tool(out);
}

/* "sha1, sha256 or sha512" */
static void add_choices(struct out *out, const struct option_choice *choice)
{
	for (bool first = true; choice->word; choice++, first = false) {
		if (!first)
			out_text(out, choice[1].word ? ", " : TEXT_VALUE_OR);
		out_text(out, choice->word);
	}
}

static void add_allowed(struct out *out, const struct option *option)
{
	unsigned long long low = option->low, high = option->high;

	switch (option->kind) {
	case OPTION_NUMBER:
		out_format(out, TEXT_VALUE_NUMBER, low, high);
		break;
	case OPTION_SECONDS:
		out_format(out, TEXT_VALUE_SECONDS, low, high);
		break;
	case OPTION_DURATION:
		out_format(out, TEXT_VALUE_DURATION, high / 86400);
		break;
	case OPTION_CHOICE:
		out_text(out, TEXT_VALUE_CHOICE);
		add_choices(out, option->choices);
		break;
	case OPTION_FLAG:
	case OPTION_TEXT:
		out_text(out, TEXT_VALUE_EMPTY);
		break;
	}
}

/* "--period 7: must be 15 to 300 seconds" */
static void add_value_problem(struct out *out, const struct usage_problem *problem)
{
	const struct option *option = problem->option;

	if (!problem->value) {
		out_format(out, TEXT_VALUE_MISSING, option->name, option->argument);
		return;
	}
	out_format(out, TEXT_OPTION_NAME, option->name);
	if (problem->value[0])
		out_visible(out, problem->value);
	else
		out_text(out, "\"\"");
	out_text(out, ": ");
	add_allowed(out, option);
}

/* Of an option its name alone: a secret may be behind it, and standard error may be kept. */
static void add_word(struct out *out, const char *word)
{
	size_t length = strcspn(word, "=");
	char name[64];

	if (strncmp(word, "--", 2) != 0 || word[length] == '\0') {
		out_visible(out, word);
		return;
	}
	snprintf(name, sizeof(name), "%.*s",
		 (int)(length < sizeof(name) ? length : sizeof(name) - 1), word);
	out_visible(out, name);
}

void usage_add(struct out *out, const struct request *request, const struct usage_problem *problem)
{
	const char *name = request->command ? request->command->name : NULL;

	out_text(out, TEXT_PREFIX);
	if (problem->option)
		add_value_problem(out, problem);
	else
		out_text(out, problem->text);
	if (problem->word) {
		out_text(out, ": ");
		add_word(out, problem->word);
	}
	if (problem->suggestion)
		out_format(out, TEXT_SUGGESTION,
			   problem->word && problem->word[0] == '-' ? "--" : "",
			   problem->suggestion);
	out_text(out, "\n");
	out_format(out, TEXT_SEE_HELP, name ? " " : "", name ? name : "");
}
