/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/cleanup.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

void close_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

void free_text(char **text)
{
	int saved = errno;

	free(*text);
	*text = NULL;
	errno = saved;
}

void close_file(FILE **file)
{
	int saved = errno;

	if (*file)
		fclose(*file);
	*file = NULL;
	errno = saved;
}
