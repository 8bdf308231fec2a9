/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/stack/stepper.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_ALLOWED = 77, ENDED = 0 };

static void must(bool worked, const char *what)
{
	if (worked)
		return;
	fprintf(stderr, "stepper: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void ended(void *context)
{
	(void)context;
}

static void wait_for(pid_t child, int *status)
{
	pid_t got;
	do
		got = waitpid(child, status, __WALL);
	while (got < 0 && errno == EINTR);
	must(got == child, "waitpid");
}

/* The child stands still before the first system call of its body. */
static pid_t start(const struct stepping *stepping, int *status)
{
	pid_t child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(NOT_ALLOWED);
		(void)raise(SIGSTOP);
		stepping->body(stepping->context);
		_exit(ENDED);
	}
	wait_for(child, status);
	if (!WIFSTOPPED(*status))
		return child;
	must(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) == 0,
	     "options");
	return child;
}

/* To the next edge of a system call; a signal on the way is delivered. False when it ended. */
static bool step(pid_t child, int *status)
{
	long signal = 0;
	do {
		if (ptrace(PTRACE_SYSCALL, child, NULL, signal) != 0)
			return false;
		wait_for(child, status);
		if (!WIFSTOPPED(*status))
			return false;
		signal = WSTOPSIG(*status);
		if (signal == SIGTRAP)
			signal = 0; /* exec */
	} while (signal != (SIGTRAP | 0x80));
	return true;
}

static bool opens(pid_t child, const char *fragment)
{
	struct __ptrace_syscall_info info;
	char path[256] = "";
	if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr != SYS_openat)
		return false;
	struct iovec here = {path, sizeof(path) - 1};
	struct iovec there = {(void *)(uintptr_t)info.entry.args[1], sizeof(path) - 1};
	if (process_vm_readv(child, &here, 1, &there, 1, 0) <= 0) {
		/* Near the end of a page less can be read. */
		here.iov_len = there.iov_len = 4096 - (info.entry.args[1] & 4095);
		if (here.iov_len > sizeof(path) - 1 ||
		    process_vm_readv(child, &here, 1, &there, 1, 0) <= 0)
			return false;
	}
	return strstr(path, fragment) != NULL;
}

/* Where counting begins. */
static bool reach(pid_t child, const struct stepping *stepping, int *status)
{
	if (stepping->from == NULL)
		return WIFSTOPPED(*status);
	while (step(child, status))
		if (opens(child, stepping->from))
			return true;
	return false;
}

bool stepper_kill_at(const struct stepping *stepping, unsigned long n, int *status)
{
	pid_t child = start(stepping, status);
	bool alive = reach(child, stepping, status);
	for (unsigned long i = 0; i < n && alive; i++)
		alive = step(child, status);
	if (!alive)
		return false;
	must(kill(child, SIGKILL) == 0, "kill");
	wait_for(child, status);
	return true;
}

unsigned long stepper_count(const struct stepping *stepping)
{
	int status = 0;
	unsigned long count = 0;
	pid_t child = start(stepping, &status);
	if (reach(child, stepping, &status))
		while (step(child, &status))
			count++;
	return count;
}

bool stepper_works(void)
{
	const struct stepping nothing = {ended, NULL, NULL};
	int status = 0;
	pid_t child = start(&nothing, &status);
	bool works = WIFSTOPPED(status);
	if (works) {
		(void)kill(child, SIGKILL);
		wait_for(child, &status);
	}
	return works;
}
