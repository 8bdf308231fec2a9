/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/reason.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct row {
	enum status status;
	enum reason reason;
} rows[] = {
    {ST_OK, REASON_OK},
    {ST_NOMEM, REASON_NOMEM},
    {ST_LIMIT, REASON_LIMITS},
    {ST_IO, REASON_STATE_IO},
    {ST_LOCK_TIMEOUT, REASON_LOCK_TIMEOUT},
    {ST_MISSING, REASON_STATE_MISSING},
    {ST_STORE_LOST, REASON_STATE_MISSING},
    {ST_PERM, REASON_STATE_PERM},
    {ST_CORRUPT, REASON_STATE_CORRUPT},
    {ST_TOO_BIG, REASON_STATE_CORRUPT},
    {ST_OWNER, REASON_STATE_OWNER},
    {ST_KEY_MISSING, REASON_KEY_MISSING},
    {ST_KEY_MISMATCH, REASON_KEY_MISMATCH},
    {ST_UNINITIALISED, REASON_NOT_INITIALISED},
    {ST_CONFIG, REASON_CONFIG},
    {ST_BAD_NAME, REASON_BAD_NAME},
    {ST_NO_USER, REASON_UNKNOWN},
    {ST_CLOCK, REASON_CLOCK_INVALID},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static enum reason expected(enum status status)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].status == status)
			return rows[i].reason;
	return REASON_INTERNAL;
}

static void every_status_has_its_reason(void **state)
{
	(void)state;
	for (int s = 0; s < ST_COUNT; s++)
		assert_int_equal(reason_of((enum status)s), expected((enum status)s));
}

static void values_that_do_not_exist(void **state)
{
	(void)state;
	assert_int_equal(reason_of(ST_COUNT), REASON_INTERNAL);
	assert_int_equal(reason_of((enum status) - 1), REASON_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_status_has_its_reason),
	    cmocka_unit_test(values_that_do_not_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
