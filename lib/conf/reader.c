/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/reader.h"

#include "lib/base/cleanup.h"
#include "lib/base/safe_path.h"
#include "lib/conf/scanner.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* Until the end of the file, or until one byte more than expected shows that it grew. */
static enum status read_all(int fd, char *bytes, size_t size, size_t *length)
{
	*length = 0;
	while (*length < size) {
		ssize_t got = read(fd, bytes + *length, size - *length);
		if (got < 0 && errno != EINTR)
			return ST_IO;
		if (got == 0)
			return ST_OK;
		if (got > 0)
			*length += (size_t)got;
	}
	errno = EBUSY;
	return ST_IO;
}

enum status file_read(const char *path, uid_t owner, struct arena *arena, struct reading *reading)
{
	struct stat st;
	AUTO_FD fd = -1;
	enum status s = safe_path_open(path, owner, CONF_FILE_MAX, &fd);

	if (s != ST_OK)
		return s;
	if (fstat(fd, &st) != 0)
		return ST_IO;
	reading->bytes = arena_take(arena, (size_t)st.st_size + 1);
	if (!reading->bytes)
		return ST_NOMEM;
	return read_all(fd, reading->bytes, (size_t)st.st_size + 1, &reading->length);
}
