/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/show/out.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

enum { LONG = 10000, PIPE_PAGE = 4096 };

/* However much room there is: what is formatted comes whole, behind what was there. */
static void formats_grow_as_needed(void **state)
{
	(void)state;
	static char value[LONG + 1];
	memset(value, 'v', LONG);
	for (size_t before = 4080; before < 4110; before++) {
		AUTO_OUT out = OUT_EMPTY;
		out_repeat(&out, "b", before);
		out_format(&out, "%d-%s-%d", 7, value, 8);
		assert_int_equal(out.status, ST_OK);
		assert_int_equal(out.bytes.length, before + LONG + 4);
		const char *text = out_string(&out);
		assert_int_equal(strspn(text, "b"), before);
		assert_memory_equal(text + before, "7-v", 3);
		assert_string_equal(text + before + LONG, "vv-8");
	}
}

static void a_short_format_into_nothing(void **state)
{
	(void)state;
	AUTO_OUT out = OUT_EMPTY;
	out_format(&out, "%s", "");
	assert_string_equal(out_string(&out), "");
	out_format(&out, "%03u", 5U);
	assert_string_equal(out_string(&out), "005");
}

/* Nothing is added behind a failure, and what was there is not shown. */
static void the_first_failure_sticks(void **state)
{
	(void)state;
	AUTO_OUT out = OUT_EMPTY;
	int fds[2];
	char byte;
	out_text(&out, "half of it");
	out.status = ST_NOMEM;
	out_format(&out, "%d", 1);
	out_text(&out, "more");
	assert_int_equal(out.bytes.length, strlen("half of it"));
	assert_string_equal(out_string(&out), "");
	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	assert_int_equal(out_flush(&out, fds[1]), ST_NOMEM);
	assert_int_equal(read(fds[0], &byte, 1), -1);
	assert_int_equal(out.bytes.length, 0);
	assert_int_equal(out.status, ST_OK);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void lines_are_wrapped_at_blanks(void **state)
{
	(void)state;
	static const struct {
		const char *text, *indent, *expected;
		size_t width;
	} rows[] = {
	    {"", "", "", 10},
	    {"one two", "", "one two\n", 10},
	    {"one two three", "", "one two\nthree\n", 10},
	    {"one two three", "  ", "  one two\n  three\n", 10},
	    {"exactly-10 x", "", "exactly-10\nx\n", 10},
	    {"longer-than-the-line and", "", "longer-than-the-line\nand\n", 10},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_OUT out = OUT_EMPTY;
		out_wrapped(&out, rows[i].text, rows[i].indent, rows[i].width);
		assert_string_equal(out_string(&out), rows[i].expected);
	}
}

static void each_line_is_wrapped_for_itself(void **state)
{
	(void)state;
	AUTO_OUT out = OUT_EMPTY;
	out_lines(&out, "one two three\nfour\n", 10);
	out_lines(&out, "five six seven", 10);
	assert_string_equal(out_string(&out), "one two\nthree\nfour\nfive six\nseven\n");
}

static void what_a_terminal_would_obey_is_escaped(void **state)
{
	(void)state;
	AUTO_OUT out = OUT_EMPTY;
	out_visible(&out, "a\x1b[31mb");
	assert_string_equal(out_string(&out), "a\\x1b[31mb");
}

static int drained[2];
static volatile sig_atomic_t interruptions;

static void drain(int number)
{
	static char page[PIPE_PAGE];
	(void)number;
	interruptions++;
	if (read(drained[0], page, sizeof(page)) < 0)
		abort();
}

/* The write waits for room, which only the handler that interrupts it makes. */
static void writing_goes_on_after_an_interruption(void **state)
{
	(void)state;
	static char page[PIPE_PAGE];
	const struct sigaction interrupt = {.sa_handler = drain};
	const struct itimerval often = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
	AUTO_OUT out = OUT_EMPTY;
	struct sigaction old;
	assert_int_equal(pipe2(drained, O_NONBLOCK), 0);
	while (write(drained[1], page, sizeof(page)) > 0)
		;
	assert_int_equal(fcntl(drained[1], F_SETFL, 0), 0);
	assert_int_equal(sigaction(SIGALRM, &interrupt, &old), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	out_repeat(&out, "x", 3 * PIPE_PAGE);
	assert_int_equal(out_flush(&out, drained[1]), ST_OK);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_int_equal(sigaction(SIGALRM, &old, NULL), 0);
	assert_true(interruptions > 0);
	(void)close(drained[0]);
	(void)close(drained[1]);
}

static void nobody_reads(void **state)
{
	(void)state;
	AUTO_OUT out = OUT_EMPTY;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	out_text(&out, "lost");
	errno = 0;
	assert_int_equal(out_flush(&out, fd), ST_IO);
	assert_int_equal(errno, EBADF);
	assert_int_equal(out.bytes.length, 0);
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(formats_grow_as_needed),
	    cmocka_unit_test(a_short_format_into_nothing),
	    cmocka_unit_test(the_first_failure_sticks),
	    cmocka_unit_test(lines_are_wrapped_at_blanks),
	    cmocka_unit_test(each_line_is_wrapped_for_itself),
	    cmocka_unit_test(what_a_terminal_would_obey_is_escaped),
	    cmocka_unit_test(writing_goes_on_after_an_interruption),
	    cmocka_unit_test(nobody_reads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
