/* SPDX-License-Identifier: BSD-3-Clause */
/* CFG-12: stacks are read and run as Linux-PAM does it. */
#include "kling-enroll/pam_stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/kling-pam-XXXXXX";

static void put(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void drop(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	unlink(path);
}

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	(void)state;
	drop("service");
	drop("other");
	return rmdir(directory);
}

static void test_read(void **state)
{
	AUTO_STACK stack;

	(void)state;
	put("other", "auth required pam_env.so\naccount required pam_unix.so\n");
	put("service", "# a note\n"
		       "auth requisite /lib/security/pam_kling.so preauth # why\n"
		       "@include other\n"
		       "-auth [success=2 default=ignore] \\\n  pam_unix.so nullok [a b]\n"
		       "auth substack other\n"
		       "AUTH include other\n"
		       "auth include nowhere\n"
		       "account required pam_permit.so\n");
	assert_int_equal(pam_stack_read(directory, "service", PAM_TYPE_AUTH, &stack), ST_OK);
	assert_int_equal(stack.count, 5);
	assert_string_equal(stack.rules[0].module, "pam_kling");
	assert_true(pam_rule_has(&stack.rules[0], "preauth"));
	assert_int_equal(stack.rules[0].argument_count, 1);
	assert_int_equal(stack.rules[0].line, 2);
	assert_string_equal(stack.rules[1].module, "pam_env");
	assert_int_equal(stack.rules[1].line, 1);
	assert_string_equal(stack.rules[2].module, "pam_unix");
	assert_int_equal(stack.rules[2].action[RESULT_SUCCESS], 2);
	assert_int_equal(stack.rules[2].action[RESULT_REFUSED], ACTION_IGNORE);
	assert_true(pam_rule_has(&stack.rules[2], "[a b]"));
	assert_int_equal(stack.rules[3].level, 1);
	assert_int_equal(stack.rules[4].level, 0);
	assert_string_equal(stack.missing, "nowhere");
	assert_non_null(strstr(stack.missing_in, "service"));
	assert_int_equal(stack.missing_at, 8);
	assert_string_equal(stack.rules[0].control, "requisite");
	assert_string_equal(stack.rules[2].control, "");
}

static void test_unreadable(void **state)
{
	AUTO_STACK none, round;

	(void)state;
	drop("service");
	assert_int_equal(pam_stack_read(directory, "service", PAM_TYPE_AUTH, &none), ST_MISSING);
	put("service", "@include service\n");
	assert_int_equal(pam_stack_read(directory, "service", PAM_TYPE_AUTH, &round), ST_SYNTAX);
}

#define S RESULT_SUCCESS
#define I RESULT_IGNORE
#define N RESULT_NEW_AUTHTOK
#define F RESULT_REFUSED

/* Each line is `CONTROL m`; what m says in order; whether the stack lets in; which are called. */
static void test_run(void **state)
{
	static const struct {
		const char *text;
		enum pam_result results[6];
		bool success;
		const char *called;
	} rows[] = {
	    {"auth required m\nauth required m\n", {S, S}, true, "11"},
	    {"auth required m\nauth required m\n", {F, S}, false, "11"},
	    {"auth required m\nauth required m\n", {I, I}, false, "11"},
	    {"auth required m\nauth required m\n", {I, S}, true, "11"},
	    {"auth requisite m\nauth required m\n", {F, S}, false, "10"},
	    {"auth sufficient m\nauth required m\n", {S, F}, true, "10"},
	    {"auth sufficient m\nauth required m\n", {F, S}, true, "11"},
	    {"auth required m\nauth sufficient m\nauth required m\n", {F, S, S}, false, "111"},
	    {"auth optional m\n", {F}, false, "1"},
	    {"auth optional m\nauth required m\n", {F, S}, true, "11"},
	    {"account [success=1 new_authtok_reqd=done default=ignore] m\naccount requisite m\n"
	     "account required m\n",
	     {N, F, F},
	     true,
	     "100"},
	    {"auth [success=1 default=ignore] m\nauth requisite m\nauth required m\n",
	     {S, F, S},
	     true,
	     "101"},
	    {"auth [success=1 default=ignore] m\nauth requisite m\nauth required m\n",
	     {F, F, S},
	     false,
	     "110"},
	    {"auth [success=1 default=ignore] m\nauth required m\n", {S, F}, false, "10"},
	    {"auth [success=3 default=ignore] m\nauth required m\n", {S, S}, false, "10"},
	    {"auth [success=ok default=die] m\nauth required m\n", {F, S}, false, "10"},
	    {"auth [success=ok default=bad] m\nauth required m\n", {F, S}, false, "11"},
	    {"auth required m\nauth [default=reset] m\nauth required m\n", {F, F, S}, true, "111"},
	    {"auth substack other\nauth required m\n", {S, F, F}, false, "101"},
	    {"auth substack other\nauth required m\n", {S, F, S}, true, "101"},
	    {"auth include other\nauth required m\n", {S, F, F}, true, "100"},
	    {"auth nonsense m\n", {S}, false, "1"},
	};

	(void)state;
	put("other", "auth sufficient m\nauth required m\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_STACK stack;
		bool called[8] = {false};
		struct pam_course course = {.called = called, .watched = 0};
		enum pam_type type = rows[i].text[1] == 'c' ? PAM_TYPE_ACCOUNT : PAM_TYPE_AUTH;
		put("service", rows[i].text);
		assert_int_equal(pam_stack_read(directory, "service", type, &stack), ST_OK);
		assert_int_equal(stack.count, strlen(rows[i].called));
		pam_stack_run(&stack, rows[i].results, &course);
		if (course.success != rows[i].success)
			print_error("%s", rows[i].text);
		assert_int_equal(course.success, rows[i].success);
		for (size_t j = 0; j < stack.count; j++)
			assert_int_equal(called[j], rows[i].called[j] == '1');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_unreadable),
	    cmocka_unit_test(test_run),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
