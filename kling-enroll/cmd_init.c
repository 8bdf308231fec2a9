/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
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
	tool_say_init(tool);
	return EXIT_DONE;
}
