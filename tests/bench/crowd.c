/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Many logins, as many at a time as there are workers, each in a process of its own that is forked
 * from one with libcrypto loaded, as a server forks for each connection. Reads `user answer` lines;
 * prints seconds, how many were accepted, and of how many.
 *
 *     crowd CONFDIR SERVICE WORKERS < LINES
 */
#include "tests/bench/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOGINS_MAX = 4096, WORD_MAX = 64, WORKERS_MAX = 64 };

struct login {
	char user[WORD_MAX], answer[WORD_MAX];
};

static struct login logins[LOGINS_MAX];

static size_t read_logins(void)
{
	size_t count = 0;
	while (count < LOGINS_MAX &&
	       scanf("%63s %63s", logins[count].user, logins[count].answer) == 2)
		count++;
	return count;
}

/* Every child's exit status is 0 when it got in. */
static int was_accepted(void)
{
	int status;
	return wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static size_t run(const char *confdir, const char *service, size_t count, size_t workers)
{
	size_t accepted = 0, busy = 0;
	for (size_t i = 0; i < count; i++) {
		if (busy == workers) {
			accepted += (size_t)was_accepted();
			busy--;
		}
		pid_t pid = fork();
		if (pid == 0)
			_exit(log_in(confdir, service, logins[i].user, logins[i].answer) != 0);
		busy += pid > 0;
	}
	for (; busy > 0; busy--)
		accepted += (size_t)was_accepted();
	return accepted;
}

static double now(void)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	size_t workers = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
	if (workers == 0 || workers > WORKERS_MAX)
		return 2;
	become_host();
	size_t count = read_logins();
	double start = now();
	size_t accepted = run(argv[1], argv[2], count, workers);
	printf("%.6f %zu %zu\n", now() - start, accepted, count);
	return 0;
}
