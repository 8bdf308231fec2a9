/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/commands.h"
#include "kling-enroll/forecast.h"
#include "kling-enroll/json.h"
#include "kling-enroll/text.h"
#include "lib/base/clock.h"

#include <unistd.h>

static void look_everywhere(struct tool *tool, struct findings *findings)
{
	bool loaded = check_config(tool, findings);

	check_clock(findings);
	if (!loaded)
		return;
	check_sections(tool, findings);
	check_store(tool, findings);
	check_blocklists(tool, tool->settings, NULL, findings);
	check_services(tool, findings);
	check_sshd(tool, findings);
}

static enum exit_code print_findings(const struct tool *tool, const struct findings *findings)
{
	AUTO_OUT out = OUT_EMPTY;
	struct json json = JSON_TO(&out);

	if (tool->request.options.json) {
		json_open(&json, NULL);
		findings_json(&json, findings);
		json_close(&json);
		json_end(&json);
	} else {
		findings_text(&out, findings);
	}
	enum exit_code code = tool_print(tool, &out);
	if (code != EXIT_DONE)
		return code;
	return findings_are_problems(findings) ? EXIT_NO : EXIT_DONE;
}

enum exit_code cmd_check(struct tool *tool)
{
	AUTO_FINDINGS findings = {0};
	const struct options *options = &tool->request.options;

	if (!options->user && (options->service || options->from))
		return fail(tool, EXIT_USAGE, TEXT_CHECK_WHOSE);
	if (options->from && origin_of(options->from).kind != ORIGIN_ADDRESS)
		return fail(tool, EXIT_USAGE, TEXT_CHECK_FROM_WHERE, options->from);
	if (options->user)
		return forecast(tool);
	if (geteuid() != 0 && !options->config)
		return fail(tool, EXIT_NOT_ROOT, TEXT_NOT_ROOT);
	(void)!clock_read(&tool->now);
	look_everywhere(tool, &findings);
	return print_findings(tool, &findings);
}
