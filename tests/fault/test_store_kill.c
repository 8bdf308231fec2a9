/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/fault/operations.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* Starts the operation in a child that stands still before its first system call. */
static pid_t start(struct scene *s, const struct operation *operation)
{
	pid_t child = fork();

	if (child != 0)
		return child;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(77);
	raise(SIGSTOP);
	_exit(operation->run(s) == ST_OK ? 0 : 1);
}

/* Lets the child go on to its next system call, before or behind it. False when it ended. */
static bool step(pid_t child, int *result)
{
	if (ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0)
		return false;
	assert_int_equal(waitpid(child, result, 0), child);
	return WIFSTOPPED(*result);
}

/*
 * Runs it up to its n-th stop and kills it there. False when it got to its end before; then it
 * must have succeeded.
 */
static bool kill_at(struct scene *s, const struct operation *operation, unsigned n)
{
	int result = 0;
	pid_t child = start(s, operation);

	assert_true(child > 0);
	assert_int_equal(waitpid(child, &result, 0), child);
	if (WIFEXITED(result) && WEXITSTATUS(result) == 77) {
		print_message("ptrace is not allowed here\n");
		exit(77);
	}
	for (unsigned i = 0; i < n; i++) {
		if (step(child, &result))
			continue;
		assert_true(WIFEXITED(result));
		assert_int_equal(WEXITSTATUS(result), 0);
		return false;
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &result, 0), child);
	return true;
}

struct tally {
	unsigned before;
	unsigned after;
};

static struct tally sweep(struct scene *s, const struct operation *operation)
{
	struct tally tally = {0};

	for (unsigned n = 0;; n++) {
		operation_prepare(s, operation);
		bool killed = kill_at(s, operation, n);
		enum verdict verdict = operation_judge(s, operation, false);
		if (!killed) {
			assert_int_equal(verdict, AFTER);
			return tally;
		}
		tally.before += verdict == BEFORE;
		tally.after += verdict == AFTER;
		operation_resume(s, operation);
	}
}

/* DUR-01, DUR-02, DUR-03, ENR-18 */
static void killed_anywhere_it_is_before_or_after(void **state)
{
	struct scene *s = operations_begin();
	unsigned kills = 0;

	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		struct tally tally = {0};
		/* A key directory that changed this second is read again, one older is not: where
		 * the second ends within a sweep, its last runs are shorter than its first. */
		for (unsigned tries = 0; tries < 3 && tally.after == 0; tries++)
			tally = sweep(s, &operations[i]);
		print_message("%-28s %3u kills: %3u before, %3u after\n", operations[i].name,
			      tally.before + tally.after, tally.before, tally.after);
		assert_true(tally.before > 0 && tally.after > 0);
		kills += tally.before + tally.after;
	}
	print_message("%u kills\n", kills);
	assert_true(kills > 500);
	operations_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(killed_anywhere_it_is_before_or_after),
	};

	if (is_sanitized())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
