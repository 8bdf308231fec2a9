/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/clock.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void a_reading(void **state)
{
	struct moment now = {0};
	struct moment again = {0};
	uint8_t nothing[16] = {0};
	int before = dup(0);

	(void)state;
	assert_int_equal(clock_read(&now), ST_OK);
	assert_int_equal(clock_read(&again), ST_OK);
	/* time() ticks coarsely: it may be a second behind the clock that was read. */
	assert_in_range(now.wall, time(NULL) - 60, time(NULL) + 1);
	assert_true(now.boot > 0 && again.boot - now.boot < 60);
	assert_memory_equal(now.boot_id, again.boot_id, 16);
	assert_memory_not_equal(now.boot_id, nothing, 16);
	int after = dup(0);
	assert_int_equal(after, before + 1);
	close(before);
	close(after);
}

static void implausible_times(void **state)
{
	(void)state;
	assert_false(clock_is_plausible(0));
	assert_false(clock_is_plausible(-1));
	assert_false(clock_is_plausible(1577836799));
	assert_true(clock_is_plausible(1577836800));
	assert_true(clock_is_plausible(4102444800));
}

static void boot_ids(void **state)
{
	static const char *const bad[] = {
	    "",
	    "\n",
	    "0f0e0d0c-0b0a-0908-0706-050403020100",
	    "0f0e0d0c-0b0a-0908-0706-050403020100x",
	    "0f0e0d0c-0b0a-0908-0706-050403020100\n\n",
	    "0f0e0d0c-0b0a-0908-0706-05040302010\n",
	    "0f0e0d0c-0b0a-0908-0706-05040302010g\n",
	    "0f0e0d0c00b0a-0908-0706-050403020100\n",
	    "0f0e0d0--0b0a-0908-0706-050403020100\n",
	};
	uint8_t id[16];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(boot_id_parse(bad[i], id));
	assert_true(boot_id_parse("0f0e0d0c-0b0a-0908-0706-050403020100\n", id));
	for (uint8_t i = 0; i < 16; i++)
		assert_int_equal(id[i], 15 - i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_reading),
	    cmocka_unit_test(implausible_times),
	    cmocka_unit_test(boot_ids),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
