/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/recorder.h"

#include "lib/base/cleanup.h"

#include <dirent.h>
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

static void close_directory(DIR **directory)
{
	if (*directory)
		(void)closedir(*directory);
}

/* What sudo writes a recording to: .../00/00/01/ttyout beside .../timing. */
static bool is_recording(int directory, const char *descriptor)
{
	char path[512];
	ssize_t length = readlinkat(directory, descriptor, path, sizeof(path) - 1);

	if (length <= 0)
		return false;
	path[length] = '\0';
	const char *name = strrchr(path, '/');
	return name && (strcmp(name, "/ttyout") == 0 || strcmp(name, "/timing") == 0);
}

/* sudo with log_output; one that sends its recordings elsewhere cannot be told. */
static bool sudo_records(long pid)
{
	char path[32];
	const struct dirent *entry;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	AT_SCOPE_END(close_directory) DIR *directory = opendir(path);
	while (directory && !found && (entry = readdir(directory)))
		found = is_recording(dirfd(directory), entry->d_name);
	return found;
}

static bool records(long pid, const char *name)
{
	return is_recorder(name) || (strcmp(name, "sudo") == 0 && sudo_records(pid));
}

bool recorder_find(char *name, size_t size)
{
	char comm[COMM_MAX + 1] = "";
	long pid = getppid();

	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		long above = pid;
		if (!look_at(above, comm, &pid))
			return false;
		if (records(above, comm)) {
			snprintf(name, size, "%s", comm);
			return true;
		}
	}
	return false;
}
