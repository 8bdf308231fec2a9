/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/status.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void zero_is_a_failure(void **state)
{
	enum status forgotten = 0;

	(void)state;
	assert_int_not_equal(forgotten, ST_OK);
	assert_int_equal(forgotten, ST_INTERNAL);
}

static void every_status_has_its_own_text(void **state)
{
	(void)state;
	for (int a = 0; a < ST_COUNT; a++) {
		const char *text = status_text((enum status)a);
		assert_non_null(text);
		assert_true(strlen(text) > 0 && strlen(text) < 60);
		assert_string_not_equal(text, status_text(ST_COUNT));
		for (int b = 0; b < a; b++)
			assert_string_not_equal(text, status_text((enum status)b));
	}
}

static void values_that_do_not_exist(void **state)
{
	static const int values[] = {ST_COUNT, ST_COUNT + 1, -1, INT32_MAX, INT32_MIN};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_string_equal(status_text((enum status)values[i]), "unknown status");
}

/* RES-04: what is not the disk's trouble does not look like it. */
static void errors_are_told_apart(void **state)
{
	static const struct {
		int error;
		enum status status;
	} rows[] = {{ENOMEM, ST_NOMEM}, {EMFILE, ST_LIMIT}, {ENFILE, ST_LIMIT}, {EFBIG, ST_LIMIT},
		    {ENOLCK, ST_LIMIT}, {EIO, ST_IO},       {ENOSPC, ST_IO},    {EDQUOT, ST_IO},
		    {EROFS, ST_IO},     {0, ST_IO}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(status_of_errno(rows[i].error), rows[i].status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(zero_is_a_failure),
	    cmocka_unit_test(every_status_has_its_own_text),
	    cmocka_unit_test(errors_are_told_apart),
	    cmocka_unit_test(values_that_do_not_exist),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
