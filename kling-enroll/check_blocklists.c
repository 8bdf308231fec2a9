/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/text.h"
#include "lib/password/blocklist.h"

#include <unistd.h>

struct looking {
	const char *file;
	const struct pam_rule *rule; /* or NULL */
	struct findings *findings;
};

static void look_at(void *context, const char *path, unsigned line)
{
	const struct looking *looking = context;
	bool argument = looking->rule && line == 0;
	const struct spot spot = {SEVERITY_ERROR, argument ? looking->rule->file : looking->file,
				  argument ? looking->rule->line : line, TEXT_FIX_BLOCKLIST};

	if (!path[0])
		return;
	enum status s = blocklist_check(path, geteuid());
	if (s != ST_OK)
		findings_add(looking->findings, &spot, TEXT_CHECK_BLOCKLIST, path,
			     spoken(status_text(s)));
}

void check_blocklists(const struct tool *tool, const struct settings *settings,
		      const struct pam_rule *rule, struct findings *findings)
{
	struct looking looking = {service_conf(tool, rule), rule, findings};

	settings_each_text(settings, "password_blocklist", look_at, &looking);
}
