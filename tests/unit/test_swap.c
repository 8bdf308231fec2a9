/* SPDX-License-Identifier: BSD-3-Clause */
/* SEC-04 */
#include "lib/base/swap.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOMEBODY = 12345 };

static int ask_with(rlim_t bytes, uid_t who)
{
	const struct rlimit limit = {bytes, bytes};
	int status = -1;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0 || setuid(who) != 0)
			_exit(77);
		_exit(swap_can_be_kept_out());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void the_limit_and_who_it_binds(void **state)
{
	(void)state;
	/* Some sanitizers lock nothing and say that they did. */
	const char *sanitizers = getenv("KLING_SANITIZERS");
	if (geteuid() != 0 || (sanitizers != NULL && sanitizers[0] != '\0'))
		skip();
	assert_int_equal(ask_with(64 * 1024, SOMEBODY), 1);
	assert_int_equal(ask_with(8192, SOMEBODY), 1);
	assert_int_equal(ask_with(0, SOMEBODY), 0);
}

static void errno_stays(void **state)
{
	(void)state;
	errno = ENOTTY;
	(void)swap_can_be_kept_out();
	assert_int_equal(errno, ENOTTY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_limit_and_who_it_binds),
	    cmocka_unit_test(errno_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
