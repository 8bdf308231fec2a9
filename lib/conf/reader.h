/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_READER_H
#define KLING_CONF_READER_H

#include "lib/base/attributes.h"
#include "lib/base/safe_path.h"
#include "lib/base/status.h"
#include "lib/conf/arena.h"

#include <sys/stat.h>
#include <sys/types.h>

struct reading {
	char *bytes;
	size_t length;
	struct stat st; /* as it was opened */
};

/*
 * The whole file, opened as safe_path_open_along does. ST_MISSING, ST_PERM, ST_TOO_BIG, ST_IO,
 * ST_NOMEM.
 */
enum status file_read(struct safe_way *way, const char *path, uid_t owner, struct arena *arena,
		      struct reading *reading) MUST_USE;

#endif
