/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/process.h"

#include "lib/base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FIELD_STATE = 3, FIELD_STARTED = 22 };

bool process_stat_parse(const char *line, char *state, uint32_t *started)
{
	const char *at = strrchr(line, ')');
	uint64_t ticks = 0;

	if (!at || at[1] != ' ' || at[2] == '\0' || at[3] != ' ')
		return false;
	*state = at[2];
	at += 3;
	for (int field = FIELD_STATE + 1; at && field < FIELD_STARTED; field++)
		at = strchr(at + 1, ' ');
	if (!at || at[1] < '0' || at[1] > '9')
		return false;
	for (at++; *at >= '0' && *at <= '9'; at++)
		ticks = ticks * 10 + (uint64_t)(*at - '0');
	*started = (uint32_t)ticks;
	return *at == ' ';
}

enum status process_started(uint32_t pid, uint32_t *started)
{
	char path[32];
	char line[1024];
	char state;

	snprintf(path, sizeof(path), "/proc/%lu/stat", (unsigned long)pid);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT ? ST_MISSING : status_of_errno(errno);
	ssize_t length = read(fd, line, sizeof(line) - 1);
	if (length < 0)
		return errno == ESRCH ? ST_MISSING : status_of_errno(errno);
	line[length] = '\0';
	if (!process_stat_parse(line, &state, started))
		return ST_IO;
	return state == 'Z' || state == 'X' ? ST_MISSING : ST_OK;
}

bool process_alive(uint32_t pid, uint32_t started)
{
	uint32_t found = 0;
	enum status s = process_started(pid, &found);

	/* Out of descriptors is no proof of a death. */
	return s == ST_OK ? found == started : s != ST_MISSING;
}
