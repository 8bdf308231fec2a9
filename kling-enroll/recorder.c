/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/recorder.h"

#include "lib/base/cleanup.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ANCESTORS_MAX = 64, COMM_MAX = 16 };

static bool is_recorder(const char *name)
{
	static const char *const known[] = {"script",  "scriptlive", "asciinema",      "ttyrec",
					    "termrec", "tlog-rec",   "tlog-rec-sessio"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(name, known[i]) == 0)
			return true;
	return false;
}

/* The name and the parent of a process: "PID (NAME) S PPID ..."; the name may hold anything. */
static bool look_at(long pid, char name[COMM_MAX + 1], long *parent)
{
	char path[32], line[512] = "";

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, line, sizeof(line) - 1) <= 0)
		return false;
	const char *start = strchr(line, '(');
	const char *end = strrchr(line, ')');
	if (!start || !end || end < start || sscanf(end + 1, " %*c %ld", parent) != 1)
		return false;
	snprintf(name, COMM_MAX + 1, "%.*s", (int)(end - start - 1), start + 1);
	return true;
}

bool recorder_find(char *name, size_t size)
{
	char comm[COMM_MAX + 1] = "";
	long pid = getppid();

	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		if (!look_at(pid, comm, &pid))
			return false;
		if (is_recorder(comm)) {
			snprintf(name, size, "%s", comm);
			return true;
		}
	}
	return false;
}
