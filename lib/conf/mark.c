/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/mark.h"

#include <errno.h>
#include <fcntl.h>

enum { FRESH_SECONDS = 2 };

/* The time of a change ticks coarsely: what changed a moment ago may do so again unseen. */
static bool is_fresh(const struct stat *st)
{
	struct timespec now;

	return clock_gettime(CLOCK_REALTIME, &now) != 0 ||
	       now.tv_sec - st->st_ctim.tv_sec < FRESH_SECONDS;
}

struct conf_mark conf_mark_of(const struct stat *st)
{
	if (!st)
		return (struct conf_mark){.known = true, .missing = true};
	return (struct conf_mark){
	    .known = !is_fresh(st),
	    .device = st->st_dev,
	    .inode = st->st_ino,
	    .size = st->st_size,
	    .changed = st->st_ctim,
	};
}

bool conf_mark_holds(const struct conf_mark *mark, const char *path)
{
	struct stat st;

	if (!mark->known)
		return false;
	if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return mark->missing && errno == ENOENT;
	return !mark->missing && st.st_dev == mark->device && st.st_ino == mark->inode &&
	       st.st_size == mark->size && st.st_ctim.tv_sec == mark->changed.tv_sec &&
	       st.st_ctim.tv_nsec == mark->changed.tv_nsec;
}
