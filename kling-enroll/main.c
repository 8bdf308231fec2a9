/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "kling-enroll/help.h"
#include "kling-enroll/language.h"
#include "kling-enroll/terminal.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A descriptor 0, 1 or 2 that is closed would be taken by a state file; writing to it fails. */
static bool fill_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return false;
	return true;
}

static enum exit_code print_usage(const struct request *request,
				  const struct usage_problem *problem)
{
	AUTO_OUT usage = OUT_EMPTY;
	AUTO_OUT out = OUT_EMPTY;
	struct display display = display_of(STDERR_FILENO);

	usage_add(&usage, request, problem);
	out_lines(&out, out_string(&usage), display.columns);
	(void)!out_flush(&out, STDERR_FILENO);
	return EXIT_USAGE;
}

static enum exit_code print_help(const struct tool *tool)
{
	AUTO_OUT out = OUT_EMPTY;

	if (tool->request.options.help)
		help_add(&out, tool->request.command);
	else
		out_text(&out, "kling-enroll " PACKAGE_VERSION "\n");
	return tool_print(tool, &out);
}

static enum exit_code run(struct tool *tool)
{
	const struct command *command = tool->request.command;

	if (tool->request.options.help || tool->request.options.version)
		return print_help(tool);
	if (command->writes && geteuid() != 0)
		return fail(tool, EXIT_NOT_ROOT, TEXT_NOT_ROOT);
	enum exit_code code = command->run(tool);
	tool_close(tool);
	return code;
}

/* A --config from where the administrator stands; the rest is judged where it is opened. */
static void make_config_absolute(struct tool *tool)
{
	const char *given = tool->request.options.config;

	if (!given || given[0] == '/' || !getcwd(tool->config, sizeof(tool->config)))
		return;
	while (given[0] == '.' && given[1] == '/')
		given += 2;
	size_t length = strcmp(tool->config, "/") == 0 ? 0 : strlen(tool->config);
	if (length + 1 + strlen(given) >= sizeof(tool->config))
		return;
	snprintf(tool->config + length, sizeof(tool->config) - length, "/%s", given);
	tool->request.options.config = tool->config;
}

static enum exit_code parse_and_run(int argc, char **argv, const char **operands, int *caught)
{
	struct tool tool = {.store = STORE_CLOSED};
	struct usage_problem problem;

	if (!request_parse(argc > 0 ? argc - 1 : 0, argv + (argc > 0), operands, &tool.request,
			   &problem))
		return print_usage(&tool.request, &problem);
	if (tool.request.options.json)
		language_plain();
	make_config_absolute(&tool);
	enum exit_code code = run(&tool);
	*caught = tool.caught;
	return code;
}

int main(int argc, char **argv)
{
	int caught = 0;

	if (!fill_standard_descriptors())
		return EXIT_TROUBLE;
	(void)umask(077);
	(void)signal(SIGPIPE, SIG_IGN);
	language_start(KLING_LOCALE_DIR);
	const char **operands = calloc((size_t)argc + 1, sizeof(*operands));
	if (!operands)
		return EXIT_TROUBLE;
	enum exit_code code = parse_and_run(argc, argv, operands, &caught);
	free(operands);
	signal_pass_on(caught);
	return (int)code;
}
