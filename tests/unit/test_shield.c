/* SPDX-License-Identifier: BSD-3-Clause */
/* LCK-12, PAM-14: what the caller of a set-user-id program may do to it, and what is put back. */
#include "lib/base/shield.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { CALLER = 65533 };

static bool blocked(int signal)
{
	sigset_t mask;

	return sigprocmask(SIG_SETMASK, NULL, &mask) == 0 && sigismember(&mask, signal) == 1;
}

static int raised_and_lowered(void)
{
	struct shield shield = {0};
	uid_t real, effective, saved;

	if (setresuid(CALLER, 0, 0) != 0)
		return 1;
	shield_raise(&shield);
	shield_raise(&shield);
	if (getresuid(&real, &effective, &saved) != 0 || real != 0 || effective != 0)
		return 2;
	if (!blocked(SIGTSTP) || !blocked(SIGTERM) || blocked(SIGSEGV))
		return 3;
	shield_lower(&shield);
	if (getresuid(&real, &effective, &saved) != 0 || real != CALLER || effective != 0)
		return 4;
	if (saved != 0 || blocked(SIGTSTP) || blocked(SIGTERM))
		return 5;
	shield_lower(&shield);
	return shield.up ? 6 : 0;
}

static int in_a_child(int (*run)(void))
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(run());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void puts_back_what_it_changed(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(in_a_child(raised_and_lowered), 0);
}

static void does_nothing_where_nobody_called(void **state)
{
	struct shield shield = {0};

	(void)state;
	shield_raise(&shield);
	assert_false(shield.up);
	assert_false(blocked(SIGTERM));
	shield_lower(&shield);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(puts_back_what_it_changed),
	    cmocka_unit_test(does_nothing_where_nobody_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
