/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/text.h"
#include "lib/password/blocklist.h"

#include <unistd.h>

struct looking {
	const char *file;
	struct findings *findings;
};

static void look_at(void *context, const char *path, unsigned line)
{
	const struct looking *looking = context;
	const struct spot spot = {SEVERITY_ERROR, looking->file, line, TEXT_FIX_BLOCKLIST};

	if (!path[0])
		return;
	enum status s = blocklist_check(path, geteuid());
	if (s != ST_OK)
		findings_add(looking->findings, &spot, TEXT_CHECK_BLOCKLIST, path,
			     spoken(status_text(s)));
}

void check_blocklists(struct tool *tool, struct findings *findings)
{
	const char *config = tool->request.options.config;
	struct looking looking = {config ? config : KLING_CONF_DIR "/kling.conf", findings};

	settings_each_text(tool->settings, "password_blocklist", look_at, &looking);
}
