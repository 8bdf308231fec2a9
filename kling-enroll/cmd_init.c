/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/log.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"

#include <errno.h>

enum exit_code cmd_init(struct tool *tool)
{
	enum exit_code code = tool_configure(tool);

	if (code != EXIT_DONE)
		return code;
	errno = 0;
	enum status s = store_init(&tool->place, tool->request.options.force);
	if (s == ST_EXISTS)
		return fail(tool, EXIT_NO, TEXT_INIT_EXISTS, tool->place.state_dir);
	if (s != ST_OK)
		return fail_status(tool, NULL, s);
	log_act(&(struct act){.event = "init", .reason = "ok"});
	remark(TEXT_INIT_DONE, tool->place.key_dir, tool->place.state_dir);
	return EXIT_DONE;
}
