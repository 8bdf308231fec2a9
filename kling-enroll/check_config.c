/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/config_text.h"
#include "kling-enroll/text.h"
#include "lib/base/cleanup.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FIX_BYTES = 512 };

bool check_blame_config(const char *path, struct findings *findings)
{
	struct culprit culprit;
	const struct spot spot = {SEVERITY_ERROR, culprit.path, 0, culprit.fix};

	if (!culprit_on_path(path, ROLE_CONFIG, geteuid(), &culprit))
		return false;
	findings_add(findings, &spot, TEXT_CHECK_CONFIG_PATH, culprit.problem);
	return true;
}

/* The line of the first section; 0: none. */
static unsigned first_section(const char *path)
{
	AUTO_FILE file = fopen(path, "re");
	AUTO_TEXT line = NULL;
	size_t size = 0;
	unsigned number = 0;

	while (file && getline(&line, &size, file) >= 0) {
		number++;
		if (line[strspn(line, " \t")] == '[')
			return number;
	}
	return 0;
}

static const char *option_at(const void *context, size_t i)
{
	(void)context;
	return tunables[i].name;
}

/* An option that was meant, or one below a heading that belongs above all. */
static void config_fix(const struct conf_error *error, char fix[FIX_BYTES])
{
	const struct tunable *option = tunable_find(error->word);
	const char *meant = suggestion_for(error->word, option_at, NULL, tunable_count);
	unsigned first = first_section(error->file);

	if (option && option->place == TUNABLE_FILE_ONLY && first && first < error->line)
		snprintf(fix, FIX_BYTES, TEXT_FIX_CONFIG_ABOVE, first);
	else if (!option && error->word[0] && meant)
		snprintf(fix, FIX_BYTES, TEXT_FIX_CONFIG_MEANT, meant);
	else
		snprintf(fix, FIX_BYTES, "%s", TEXT_FIX_CONFIG);
}

bool check_config(struct tool *tool, struct findings *findings)
{
	const char *path = tool->request.options.config;
	struct conf_error error = {0};
	const struct conf_source source = {
	    .path = path, .must_exist = path != NULL, .owner = geteuid()};
	enum status s = settings_load(&source, &tool->settings, &error);

	if (s == ST_OK) {
		tool->place = (struct place){settings_state_dir(tool->settings),
					     settings_key_dir(tool->settings), geteuid()};
		return true;
	}
	if (error.line == 0 && check_blame_config(path ? path : KLING_CONF_FILE, findings))
		return false;
	char fix[FIX_BYTES];
	const struct spot spot = {SEVERITY_ERROR, error.file[0] ? error.file : KLING_CONF_FILE,
				  error.line, fix};
	AUTO_OUT problem = OUT_EMPTY;
	config_fix(&error, fix);
	if (!error.problem)
		error.problem = status_text(s);
	config_problem(&problem, &error);
	findings_add(findings, &spot, "%s", out_string(&problem));
	return false;
}
