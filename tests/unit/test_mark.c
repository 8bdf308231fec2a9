/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/mark.h"

#include "lib/base/cleanup.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64];
static char path[96];

static void fill(const char *name, const char *text)
{
	AUTO_FD fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

/* As if it had been read a while after its last change. */
static struct conf_mark mark_of_old(void)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	struct conf_mark mark = conf_mark_of(&st);
	mark.known = true;
	return mark;
}

static void an_unchanged_file(void **state)
{
	(void)state;
	fill(path, "a = b\n");
	struct conf_mark mark = mark_of_old();
	assert_true(conf_mark_holds(&mark, path));
	assert_true(conf_mark_holds(&mark, path));
}

static void changes(void **state)
{
	char other[112];
	struct conf_mark mark;

	(void)state;
	snprintf(other, sizeof(other), "%s.other", path);
	fill(path, "a = b\n");
	mark = mark_of_old();
	fill(path, "a = bb\n");
	assert_false(conf_mark_holds(&mark, path));
	mark = mark_of_old();
	mark.changed.tv_nsec ^= 1;
	assert_false(conf_mark_holds(&mark, path));
	mark = mark_of_old();
	mark.changed.tv_sec--;
	assert_false(conf_mark_holds(&mark, path));
	mark = mark_of_old();
	mark.device++;
	assert_false(conf_mark_holds(&mark, path));
	mark = mark_of_old();
	fill(other, "a = bb\n");
	assert_int_equal(rename(other, path), 0);
	assert_false(conf_mark_holds(&mark, path));
	mark = mark_of_old();
	assert_int_equal(rename(path, other), 0);
	assert_false(conf_mark_holds(&mark, path));
	assert_int_equal(symlink(other, path), 0);
	assert_false(conf_mark_holds(&mark, path));
	assert_int_equal(unlink(path) | unlink(other), 0);
}

static void a_missing_file(void **state)
{
	struct conf_mark mark = conf_mark_of(NULL);

	(void)state;
	assert_true(mark.known);
	assert_true(conf_mark_holds(&mark, path));
	fill(path, "");
	assert_false(conf_mark_holds(&mark, path));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0);
	assert_true(conf_mark_holds(&mark, path));
	assert_int_equal(mkdir(directory, 0700), 0);
}

/* Its time ticks too coarsely to show a second change at once. */
static void a_fresh_file(void **state)
{
	struct stat st;

	(void)state;
	fill(path, "a = b\n");
	assert_int_equal(stat(path, &st), 0);
	struct conf_mark mark = conf_mark_of(&st);
	assert_false(mark.known);
	assert_false(conf_mark_holds(&mark, path));
	st.st_ctim.tv_sec -= 10;
	mark = conf_mark_of(&st);
	assert_true(mark.known);
	assert_false(conf_mark_holds(&(struct conf_mark){0}, path));
	assert_int_equal(unlink(path), 0);
}

static int begin(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/kling-mark-XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/kling.conf", directory);
	return 0;
}

static int end(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_unchanged_file),
	    cmocka_unit_test(changes),
	    cmocka_unit_test(a_missing_file),
	    cmocka_unit_test(a_fresh_file),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
