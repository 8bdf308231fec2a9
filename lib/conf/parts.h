/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_PARTS_H
#define KLING_CONF_PARTS_H

#include "lib/conf/arena.h"
#include "lib/conf/assignments.h"
#include "lib/conf/section.h"
#include "lib/conf/settings.h"

/* What settings are made of; for the files of this directory alone. */
struct settings {
	struct arena arena; /* holds everything below */
	const char *path;   /* of the file, also when it was not there */
	struct conf_mark mark;
	struct rules base; /* the defaults and the top of the file */
	struct assignments top;
	struct assignments arguments;
	struct section *sections;
	bool need_groups;
};

/*
 * Adds the text of a file to what has only the defaults yet; the text is cut in place and must live
 * as long as the settings. ST_CONFIG with line, word and problem of *error, ST_NOMEM.
 */
enum status settings_add_text(struct settings *settings, char *bytes, size_t length,
			      struct conf_error *error) MUST_USE;

/*
 * What contradicts itself at the top (*line is 0 when the arguments do), or in a section that no
 * other one which holds wherever it does sets right. NULL when nothing; the rest shows when
 * somebody's are resolved.
 */
const char *settings_contradiction(const struct settings *settings, unsigned *line);

#endif
