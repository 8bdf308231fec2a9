/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void descriptors_close_at_the_end_of_their_scope(void **state)
{
	int seen;

	(void)state;
	{
		AUTO_FD fd = dup(0);
		seen = fd;
		assert_true(is_open(seen));
		errno = ENOTTY;
	}
	assert_int_equal(errno, ENOTTY);
	assert_false(is_open(seen));
}

static void nothing_is_fine(void **state)
{
	int fd = -1;
	char *text = NULL;
	FILE *file = NULL;

	(void)state;
	errno = EDOM;
	close_fd(&fd);
	free_text(&text);
	close_file(&file);
	assert_int_equal(errno, EDOM);
	assert_int_equal(fd, -1);
	assert_null(text);
	assert_null(file);
}

static void a_failed_close_keeps_errno(void **state)
{
	int fd = dup(0);

	(void)state;
	close(fd);
	errno = EDOM;
	close_fd(&fd);
	assert_int_equal(errno, EDOM);
	assert_int_equal(fd, -1);
}

static void texts_and_files_end_as_nothing(void **state)
{
	char *text = strdup("text");
	FILE *file = fopen("/dev/null", "re");
	int seen = fileno(file);

	(void)state;
	errno = EDOM;
	free_text(&text);
	close_file(&file);
	assert_null(text);
	assert_null(file);
	assert_false(is_open(seen));
}

static void early_returns_leave_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		AUTO_TEXT text = malloc(1000); /* the leak checker looks */
		AUTO_FD fd = dup(0);
		assert_non_null(text);
		assert_true(fd > 0);
		if (i == 1)
			continue;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(descriptors_close_at_the_end_of_their_scope),
	    cmocka_unit_test(nothing_is_fine),
	    cmocka_unit_test(a_failed_close_keeps_errno),
	    cmocka_unit_test(texts_and_files_end_as_nothing),
	    cmocka_unit_test(early_returns_leave_nothing),
	};

	return cmocka_run_group_tests_name("cleanup", tests, NULL, NULL);
}
