/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One PAM transaction in a fresh process: pam_start_confdir, authenticate, acct_mgmt, setcred, end.
 * Prints: microseconds, minor page faults, peak resident KiB beyond those before, PAM result.
 *
 *     transaction CONFDIR SERVICE USER ANSWER [host]
 *
 * `host` makes it a process like sshd: libcrypto is loaded and initialised before the clock starts.
 */
#include "tests/bench/login.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Of this program alone: getrusage would begin with what its parent had. */
static long peak_kib(void)
{
	char text[4096];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		(void)close(fd);
	text[length < 0 ? 0 : length] = '\0';
	const char *line = strstr(text, "VmHWM:");
	return line == NULL ? 0 : strtol(line + strlen("VmHWM:"), NULL, 10);
}

static double now(void)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	struct rusage before, after;
	if (argc < 5)
		return 2;
	if (argc > 5)
		become_host();
	long peak = peak_kib();
	(void)getrusage(RUSAGE_SELF, &before);
	double start = now();
	int result = log_in(argv[1], argv[2], argv[3], argv[4]);
	double end = now();
	(void)getrusage(RUSAGE_SELF, &after);
	printf("%.1f %ld %ld %d\n", end - start, after.ru_minflt - before.ru_minflt,
	       peak_kib() - peak, result);
	return 0;
}
