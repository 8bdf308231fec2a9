/* SPDX-License-Identifier: BSD-3-Clause */
/* SEC-02 to SEC-04 as far as one type can hold them; munmap is ours, to see what leaves. */
#include "lib/base/secret.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOMEBODY = 12345 };

/* Pages given back since the last look, and whether any still held a byte. */
static int given_back;
static bool dirty;

int munmap(void *pages, size_t size)
{
	const uint8_t *bytes = pages;

	given_back++;
	for (size_t i = 0; i < size; i++)
		dirty = dirty || bytes[i] != 0;
	return (int)syscall(SYS_munmap, pages, size);
}

static int begin(void **state)
{
	(void)state;
	given_back = 0;
	dirty = false;
	return 0;
}

/* Whether the kernel's flags of the mapping at an address have this one. */
static bool has_flag(const void *address, const char *flag)
{
	char line[512];
	unsigned long from, to;
	bool here = false, found = false;
	FILE *maps = fopen("/proc/self/smaps", "re");

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = from <= (uintptr_t)address && (uintptr_t)address < to;
		else if (here && strncmp(line, "VmFlags:", 8) == 0)
			found = strstr(line, flag) != NULL;
	}
	fclose(maps);
	return found;
}

static void the_empty_secret(void **state)
{
	AUTO_SECRET secret = SECRET_EMPTY;

	(void)state;
	assert_int_equal(secret_new(&secret, 0), ST_OK);
	assert_null(secret.bytes);
	assert_int_equal(secret_append(&secret, "", 0), ST_OK);
	assert_int_equal(secret_copy(&secret, NULL, 0), ST_OK);
	assert_null(secret.bytes);
	assert_true(secret_equals(&secret, "", 0));
	assert_false(secret_equals(&secret, "a", 1));
	secret_clear(&secret);
	assert_int_equal(given_back, 0);
}

static void capacity_is_whole_pages(void **state)
{
	static const size_t wanted[] = {1, 16, 4095, 4096, 4097, 100000};
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		AUTO_SECRET secret = SECRET_EMPTY;
		assert_int_equal(secret_new(&secret, wanted[i]), ST_OK);
		assert_int_equal(secret.length, 0);
		assert_true(secret.capacity >= wanted[i] && secret.capacity < wanted[i] + page);
		assert_int_equal(secret.capacity % page, 0);
		assert_int_equal((uintptr_t)secret.bytes % page, 0);
		memset(secret.bytes, 'x', secret.capacity);
	}
	assert_int_equal(given_back, 6);
	assert_false(dirty);
}

static void growing_keeps_the_bytes_and_wipes_the_old_pages(void **state)
{
	AUTO_SECRET secret = SECRET_EMPTY;
	uint8_t piece[1000];

	(void)state;
	for (size_t i = 0; i < 50; i++) {
		memset(piece, (int)i, sizeof(piece));
		assert_int_equal(secret_append(&secret, piece, sizeof(piece)), ST_OK);
	}
	assert_int_equal(secret.length, 50000);
	for (size_t i = 0; i < secret.length; i++)
		assert_int_equal(secret.bytes[i], i / 1000);
	assert_true(given_back > 0 && given_back < 8);
	assert_false(dirty);
}

static void appending_its_own_bytes(void **state)
{
	AUTO_SECRET secret = SECRET_EMPTY;

	(void)state;
	assert_int_equal(secret_copy(&secret, "ab", 2), ST_OK);
	for (int i = 0; i < 13; i++)
		assert_int_equal(secret_append(&secret, secret.bytes, secret.length), ST_OK);
	assert_int_equal(secret.length, 16384);
	for (size_t i = 0; i < secret.length; i++)
		assert_int_equal(secret.bytes[i], i % 2 ? 'b' : 'a');
}

static void moving(void **state)
{
	AUTO_SECRET to = SECRET_EMPTY;
	AUTO_SECRET from = SECRET_EMPTY;

	(void)state;
	assert_int_equal(secret_copy(&to, "old", 3), ST_OK);
	assert_int_equal(secret_copy(&from, "new", 3), ST_OK);
	secret_move(&to, &from);
	assert_int_equal(given_back, 1);
	assert_null(from.bytes);
	assert_int_equal(from.length + from.capacity, 0);
	assert_true(secret_equals(&to, "new", 3));
	secret_move(&to, &to);
	assert_true(secret_equals(&to, "new", 3));
	secret_clear(&to);
	secret_clear(&to);
	assert_int_equal(given_back, 2);
	assert_false(dirty);
}

static void comparing(void **state)
{
	AUTO_SECRET secret = SECRET_EMPTY;

	(void)state;
	assert_int_equal(secret_copy(&secret, "a\0c", 3), ST_OK);
	assert_true(secret_equals(&secret, "a\0c", 3));
	assert_false(secret_equals(&secret, "a\0d", 3));
	assert_false(secret_equals(&secret, "b\0c", 3));
	assert_false(secret_equals(&secret, "a\0c", 2));
	assert_false(secret_equals(&secret, "a\0cd", 4));
}

static void too_much(void **state)
{
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 4095, SIZE_MAX / 2};
	AUTO_SECRET secret = SECRET_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(secret_new(&secret, sizes[i]), ST_NOMEM);
		assert_null(secret.bytes);
		assert_int_equal(secret.capacity + secret.length, 0);
	}
	assert_int_equal(secret_copy(&secret, "kept", 4), ST_OK);
	assert_int_equal(secret_append(&secret, "x", SIZE_MAX), ST_NOMEM);
	assert_int_equal(secret_append(&secret, "x", SIZE_MAX / 2), ST_NOMEM);
	assert_true(secret_equals(&secret, "kept", 4));
}

/* SEC-03 */
static void pages_stay_out_of_core_dumps(void **state)
{
	AUTO_SECRET secret = SECRET_EMPTY;
	char here = 0;

	(void)state;
	assert_int_equal(secret_copy(&secret, "secret", 6), ST_OK);
	assert_true(has_flag(secret.bytes, " dd"));
	assert_false(has_flag(&here, " dd"));
	assert_int_equal(secret_append(&secret, "more", 4), ST_OK);
	assert_true(has_flag(secret.bytes, " dd"));
}

/* SEC-04 */
static void no_memory_may_be_locked(void **state)
{
	const struct rlimit none = {0, 0};
	int result = -1;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		struct secret secret = SECRET_EMPTY;
		bool ready = setrlimit(RLIMIT_MEMLOCK, &none) == 0 &&
			     (geteuid() != 0 || setuid(SOMEBODY) == 0);
		_exit(!(ready && secret_copy(&secret, "secret", 6) == ST_OK &&
			secret_equals(&secret, "secret", 6)));
	}
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result));
	assert_int_equal(WEXITSTATUS(result), 0);
}

DEFINE_WIPER(uint64_t, wipe_number)

static void wiping(void **state)
{
	char bytes[] = "0123456789";
	uint64_t number = 0x1234567890;

	(void)state;
	wipe(bytes + 1, 3);
	assert_memory_equal(bytes,
			    "0\0\0\0"
			    "456789",
			    sizeof(bytes));
	wipe(bytes, 0);
	wipe(NULL, 0);
	assert_int_equal(bytes[0], '0');
	wipe_string(NULL);
	wipe_string(strdup("reply"));
	wipe_number(&number);
	assert_int_equal(number, 0);
}

static void clearing_keeps_errno(void **state)
{
	struct secret secret = SECRET_EMPTY;

	(void)state;
	assert_int_equal(secret_copy(&secret, "x", 1), ST_OK);
	errno = EDOM;
	secret_clear(&secret);
	assert_int_equal(errno, EDOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_empty_secret, begin),
	    cmocka_unit_test_setup(capacity_is_whole_pages, begin),
	    cmocka_unit_test_setup(growing_keeps_the_bytes_and_wipes_the_old_pages, begin),
	    cmocka_unit_test_setup(appending_its_own_bytes, begin),
	    cmocka_unit_test_setup(moving, begin),
	    cmocka_unit_test_setup(comparing, begin),
	    cmocka_unit_test_setup(too_much, begin),
	    cmocka_unit_test_setup(pages_stay_out_of_core_dumps, begin),
	    cmocka_unit_test_setup(no_memory_may_be_locked, begin),
	    cmocka_unit_test_setup(wiping, begin),
	    cmocka_unit_test_setup(clearing_keeps_errno, begin),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
