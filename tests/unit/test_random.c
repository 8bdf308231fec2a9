/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/random.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

/* A kernel that does as it is told: this definition wins over the C library's. */
struct answer {
	ssize_t result; /* bytes to give at most; 0 and less: what is returned */
	int error;
};

static const struct answer *script; /* NULL: the real kernel */
static unsigned calls;
static unsigned last_flags;

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
	const struct answer *next = script ? &script[calls] : NULL;

	calls++;
	last_flags = flags;
	if (!next)
		return syscall(SYS_getrandom, buffer, length, flags);
	if (next->result <= 0) {
		errno = next->error;
		return next->result;
	}
	if (length > (size_t)next->result)
		length = (size_t)next->result;
	memset(buffer, 0xa5, length);
	return (ssize_t)length;
}

static void play(const struct answer *answers)
{
	script = answers;
	calls = 0;
}

static bool all(const uint8_t *bytes, size_t length, uint8_t value)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

/* SEC-07: no fallback, nothing usable left. */
static void refuses_when_the_kernel_does(void **state)
{
	static const struct answer refusals[][3] = {
	    {{-1, ENOSYS}},           {{-1, EPERM}},
	    {{-1, EINTR}, {-1, EIO}}, {{7, 0}, {-1, ENOSYS}},
	    {{7, 0}, {1, 0}, {0, 0}}, {{0, 0}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		uint8_t bytes[32];
		memset(bytes, 0x5a, sizeof(bytes));
		play(refusals[i]);
		assert_int_equal(random_bytes(bytes, sizeof(bytes)), ST_IO);
		assert_true(all(bytes, sizeof(bytes), 0));
	}
}

/* SEC-07: a short read is continued, an interrupted one repeated. */
static void goes_on_until_it_is_whole(void **state)
{
	static const struct answer pieces[] = {{-1, EINTR}, {5, 0}, {-1, EINTR}, {1, 0}, {256, 0}};
	uint8_t bytes[34];

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	play(pieces);
	assert_int_equal(random_bytes(bytes, 32), ST_OK);
	assert_int_equal(calls, 5);
	assert_int_equal(last_flags, 0);
	assert_true(all(bytes, 32, 0xa5));
	assert_true(all(bytes + 32, 2, 0));
}

static void asks_nothing_for_nothing(void **state)
{
	(void)state;
	play((const struct answer[]){{-1, ENOSYS}});
	assert_int_equal(random_bytes(NULL, 0), ST_OK);
	assert_int_equal(calls, 0);
}

static void fills_large_buffers(void **state)
{
	static uint8_t bytes[100000];
	unsigned seen[256] = {0};

	(void)state;
	play(NULL);
	assert_int_equal(random_bytes(bytes, sizeof(bytes)), ST_OK);
	for (size_t i = 0; i < sizeof(bytes); i++)
		seen[bytes[i]]++;
	for (size_t i = 0; i < 256; i++)
		assert_in_range(seen[i], 200, 600); /* 390 are expected, 20 is one deviation */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_when_the_kernel_does),
	    cmocka_unit_test(goes_on_until_it_is_whole),
	    cmocka_unit_test(asks_nothing_for_nothing),
	    cmocka_unit_test(fills_large_buffers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
