/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_MARK_H
#define KLING_CONF_MARK_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

/* Which file was read, to see later whether it still is that one and has not changed. */
struct conf_mark {
	bool known; /* false: too fresh to tell, or nothing was read */
	bool missing;
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

/* Of a file that was read, or (NULL) was not there. */
struct conf_mark conf_mark_of(const struct stat *st);

/* Whether the path still leads to it, unchanged. False when in doubt. */
bool conf_mark_holds(const struct conf_mark *mark, const char *path);

#endif
