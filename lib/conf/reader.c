/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/reader.h"

#include "lib/base/cleanup.h"
#include "lib/base/safe_path.h"
#include "lib/conf/scanner.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * All that fstat promised. One byte more is asked for: had the file grown, it would come along, and
 * a read that gives all but that one is at the end.
 */
static enum status read_all(int fd, char *bytes, size_t size, size_t *length)
{
	*length = 0;
	while (*length <= size) {
		ssize_t got = read(fd, bytes + *length, size + 1 - *length);
		if (got < 0 && errno != EINTR)
			return status_of_errno(errno);
		if (got < 0)
			continue;
		*length += (size_t)got;
		if (got == 0 || *length == size)
			return ST_OK;
	}
	errno = EBUSY;
	return ST_IO;
}

enum status file_read(struct safe_way *way, const char *path, uid_t owner, struct arena *arena,
		      struct reading *reading)
{
	AUTO_FD fd = -1;
	enum status s = safe_path_open_along(way, path, owner, CONF_FILE_MAX, &fd, &reading->st);

	if (s != ST_OK)
		return s;
	size_t size = (size_t)reading->st.st_size;
	reading->bytes = arena_take(arena, size + 1);
	if (!reading->bytes)
		return ST_NOMEM;
	return read_all(fd, reading->bytes, size, &reading->length);
}
