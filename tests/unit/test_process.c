/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/process.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Fields 3 to 23 of a real line. */
#define REST "1 1 1 0 -1 4194560 34 0 0 0 0 0 0 0 20 0 1 0 8589934607 1000 12"

static void lines(void **state)
{
	static const char *const good[] = {
	    "7 (cat) R " REST, "7 (a b) R " REST, "7 (a) S 1 1 (b)) R " REST,
	    "7 () R " REST,    "7 ()))) R " REST,
	};
	static const char *const bad[] = {
	    "",
	    "7",
	    "7 (cat",
	    "7 (cat)",
	    "7 (cat) ",
	    "7 (cat) R",
	    ("7 (cat) RR " REST),
	    "7 (cat) R 1 2 3",
	    "7 (cat) R 1 1 1 0 -1 4194560 34 0 0 0 0 0 0 0 20 0 1 0 ",
	    "7 (cat) R 1 1 1 0 -1 4194560 34 0 0 0 0 0 0 0 20 0 1 0 12",
	    "7 (cat) R 1 1 1 0 -1 4194560 34 0 0 0 0 0 0 0 20 0 1 0 -12 1",
	    "7 (cat) R 1 1 1 0 -1 4194560 34 0 0 0 0 0 0 0 20 0 1 0 1x 1",
	};
	char what;
	uint32_t started;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		started = 0;
		assert_true(process_stat_parse(good[i], &what, &started));
		assert_int_equal(what, 'R');
		assert_int_equal(started, 15); /* 2^33 + 15 */
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(process_stat_parse(bad[i], &what, &started));
}

static void this_process(void **state)
{
	uint32_t started = 0;
	uint32_t pid = (uint32_t)getpid();

	(void)state;
	assert_int_equal(process_started(pid, &started), ST_OK);
	assert_true(process_alive(pid, started));
	assert_false(process_alive(pid, started + 1));
	assert_int_equal(prctl(PR_SET_NAME, ") R 1 (", 0, 0, 0), 0);
	assert_true(process_alive(pid, started));
}

static void no_process(void **state)
{
	uint32_t started;

	(void)state;
	assert_int_equal(process_started(0, &started), ST_MISSING);
	assert_int_equal(process_started(UINT32_MAX, &started), ST_MISSING);
	assert_false(process_alive(UINT32_MAX, 0));
}

static void one_that_ends(void **state)
{
	int end[2];
	uint32_t started = 0;
	siginfo_t info;

	(void)state;
	assert_int_equal(pipe(end), 0);
	pid_t child = fork();
	if (child == 0) {
		char byte;
		close(end[1]);
		_exit(read(end[0], &byte, 1) != 0);
	}
	assert_int_equal(process_started((uint32_t)child, &started), ST_OK);
	assert_true(process_alive((uint32_t)child, started));
	close(end[0]);
	close(end[1]);
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	assert_false(process_alive((uint32_t)child, started)); /* a zombie */
	assert_int_equal(process_started((uint32_t)child, &started), ST_MISSING);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_false(process_alive((uint32_t)child, started));
}

static void what_cannot_be_read_is_not_dead_for_that(void **state)
{
	struct rlimit before;
	struct rlimit none;
	uint32_t started = 0;
	uint32_t pid = (uint32_t)getpid();

	(void)state;
	assert_int_equal(process_started(pid, &started), ST_OK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	bool alive = process_alive(pid, started);
	enum status s = process_started(pid, &started);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_true(alive);
	assert_int_equal(s, ST_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines),
	    cmocka_unit_test(this_process),
	    cmocka_unit_test(no_process),
	    cmocka_unit_test(one_that_ends),
	    cmocka_unit_test(what_cannot_be_read_is_not_dead_for_that),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
