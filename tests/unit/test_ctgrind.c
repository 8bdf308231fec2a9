/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/secret.h"
#include "lib/crypto/derive.h"
#include "lib/factor/backup.h"
#include "lib/factor/candidates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define HAVE_MEMCHECK 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif
#ifndef HAVE_MEMCHECK
#define VALGRIND_MAKE_MEM_UNDEFINED(bytes, length) ((void)(bytes), (void)(length))
#define VALGRIND_MAKE_MEM_DEFINED(bytes, length)   ((void)(bytes), (void)(length))
#endif

/*
 * SEC-01: run below valgrind, this program calls secrets uninitialised memory; memcheck then
 * reports every branch and every address that depends on one, and the run ends with FOUND.
 * Without arguments it starts itself below valgrind, once for each path.
 */
enum { FOUND = 99 };

static void hide(void *bytes, size_t length)
{
	VALGRIND_MAKE_MEM_UNDEFINED(bytes, length);
}

/* What may be known in the end: the result, and nothing on the way to it. */
static int reveal(int result)
{
	VALGRIND_MAKE_MEM_DEFINED(&result, sizeof(result));
	return result;
}

static uint8_t left[64], right[64];

/* The control: stops at the first difference, and must be found out. */
static int leaky_compare(void)
{
	hide(left, sizeof(left));
	for (size_t i = 0; i < sizeof(left); i++)
		if (((volatile uint8_t *)left)[i] != right[i])
			return 1;
	return 0;
}

static int library_memcmp(void)
{
	int (*volatile compare)(const void *, const void *, size_t) = memcmp;

	hide(left, sizeof(left));
	return reveal(compare(left, right, sizeof(left)));
}

static int leaky_index(void)
{
	hide(left, sizeof(left));
	return reveal(((volatile uint8_t *)right)[left[0] & 63]);
}

static int bytes_equal_path(void)
{
	hide(left, sizeof(left));
	return !reveal(bytes_equal(left, right, sizeof(left)));
}

static int secret_equals_path(void)
{
	struct secret secret = SECRET_EMPTY;
	int equal;

	if (secret_copy(&secret, left, sizeof(left)) != ST_OK)
		return 1;
	hide(secret.bytes, secret.length);
	equal = reveal(secret_equals(&secret, right, sizeof(right)));
	secret_clear(&secret);
	return !equal;
}

static int totp_compare_path(void)
{
	struct candidates candidates = {0};
	char answer[] = "123456";

	for (size_t i = 0; i < CANDIDATES_MAX; i++) {
		struct candidate *c = &candidates.candidate[i];
		*c = (struct candidate){.token_id = 1, .step = i, .digits = 6, .real = 1};
		memcpy(c->code, i == 7 ? "123456" : "123457", 6);
		hide(c->code, sizeof(c->code));
	}
	hide(answer, 6);
	return reveal((int)candidates_compare(&candidates, answer, 6)) != 1 << 7;
}

static int backup_find_path(void)
{
	static struct backup_set set = {.id = 1, .iterations = 1, .count = 10};
	static struct backup_guess guess = {.iterations = 1};
	uint8_t pepper[SHA256_BYTES] = {1};

	hide(set.hash, sizeof(set.hash));
	hide(guess.derived, sizeof(guess.derived));
	hide(pepper, sizeof(pepper));
	return reveal(backup_find(&set, &guess, pepper)) != -1;
}

static int derive_path(void)
{
	uint8_t key[40] = {1}, out[SHA256_BYTES];

	hide(key, sizeof(key));
	mac_sha256(key, sizeof(key), &(struct span){key, sizeof(key)}, 1, out);
	derive_subkey(key, sizeof(key), &(struct span){"info", 4}, 1, out);
	derive_password(key, 16, out, sizeof(out), 3, out);
	return 0;
}

static const struct path {
	const char *name;
	int (*run)(void);
	int exit;
} PATHS[] = {
    {"leaky_compare", leaky_compare, FOUND},  {"library_memcmp", library_memcmp, FOUND},
    {"leaky_index", leaky_index, FOUND},      {"bytes_equal", bytes_equal_path, 0},
    {"secret_equals", secret_equals_path, 0}, {"candidates_compare", totp_compare_path, 0},
    {"backup_find", backup_find_path, 0},     {"derive", derive_path, 0},
};

enum { PATH_COUNT = sizeof(PATHS) / sizeof(PATHS[0]) };

static int run_path(const char *name)
{
	for (size_t i = 0; i < PATH_COUNT; i++)
		if (strcmp(PATHS[i].name, name) == 0)
			return PATHS[i].run();
	return 2;
}

static int start(const char *const *arguments)
{
	pid_t child = fork();
	int state;

	if (child == 0) {
		/* What valgrind has to say of the controls would look like a failure. */
		(void)!freopen("/dev/null", "w", stderr);
		(void)!freopen("/dev/null", "w", stdout);
		execvp(arguments[0], (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &state, 0), child);
	assert_true(WIFEXITED(state));
	return WEXITSTATUS(state);
}

static const char *why_not(void)
{
#if defined(HAVE_ASAN)
	return "AddressSanitizer and valgrind exclude each other";
#elif !defined(HAVE_MEMCHECK)
	return "valgrind's headers are not installed";
#else
	return start((const char *const[]){"valgrind", "--version", NULL}) == 0
		   ? NULL
		   : "valgrind is not installed";
#endif
}

static void no_path_depends_on_a_secret(void **state)
{
	const char *reason = why_not();
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)state;
	if (reason) {
		print_message("%s\n", reason);
		skip();
	}
	assert_true(length > 0);
	self[length] = '\0';
	for (size_t i = 0; i < PATH_COUNT; i++) {
		int code = start((const char *const[]){"valgrind", "-q", "--error-exitcode=99",
						       self, PATHS[i].name, NULL});
		print_message("%s: %s\n", PATHS[i].name,
			      code == FOUND ? "depends on a secret" : "does not");
		assert_int_equal(code, PATHS[i].exit);
	}
}

/* Outside valgrind every path gives the result it is to give. */
static void every_path_is_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < PATH_COUNT; i++)
		assert_int_equal(PATHS[i].run(), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_path_is_right),
	    cmocka_unit_test(no_path_depends_on_a_secret),
	};
	if (argc == 2)
		return run_path(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
