/* SPDX-License-Identifier: BSD-3-Clause */
/* SEC-02 to SEC-04 for secrets that share pages; mmap and munmap are ours, to see what happens. */
#include "lib/base/vault.h"

#include "lib/base/secret.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static int taken;
static int given_back;
static bool dirty;
static bool no_memory;
static bool no_locked_memory;

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (no_memory || (no_locked_memory && (flags & MAP_LOCKED))) {
		errno = no_memory ? ENOMEM : EAGAIN;
		return MAP_FAILED;
	}
	taken++;
	return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}

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
	taken = given_back = 0;
	dirty = no_memory = no_locked_memory = false;
	return 0;
}

static bool is_clean(const struct vault *vault)
{
	for (size_t i = 0; i < VAULT_BYTES; i++)
		if (vault->pages[i] != 0)
			return false;
	return true;
}

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

static void many_secrets_take_one_mapping(void **state)
{
	AUTO_VAULT vault = {0};
	struct secret secrets[10];

	(void)state;
	assert_null(vault.pages);
	for (size_t i = 0; i < 10; i++) {
		secrets[i] = SECRET_IN(&vault);
		assert_int_equal(secret_new(&secrets[i], 1 + 60 * i), ST_OK);
		assert_true(vault_has(&vault, secrets[i].bytes));
		assert_true(secrets[i].capacity >= 1 + 60 * i);
		memset(secrets[i].bytes, 'a' + (int)i, secrets[i].capacity);
	}
	assert_int_equal(taken, 1);
	assert_true(has_flag(secrets[0].bytes, " dd"));
	for (size_t i = 0; i < 10; i++) {
		for (size_t j = 0; j < secrets[i].capacity; j++)
			assert_int_equal(secrets[i].bytes[j], 'a' + (int)i);
		secret_clear(&secrets[i]);
	}
	assert_int_equal(vault.used, 0);
	assert_true(is_clean(&vault));
	assert_int_equal(given_back, 0);
}

static void a_cleared_place_is_clean_and_used_again(void **state)
{
	AUTO_VAULT vault = {0};
	struct secret first = SECRET_IN(&vault), second = SECRET_IN(&vault);

	(void)state;
	assert_int_equal(secret_copy(&first, "first", 5), ST_OK);
	assert_int_equal(secret_copy(&second, "second", 6), ST_OK);
	uint8_t *place = first.bytes;
	secret_clear(&first);
	assert_null(first.bytes);
	for (size_t i = 0; i < VAULT_CELL_BYTES; i++)
		assert_int_equal(place[i], 0);
	assert_true(secret_equals(&second, "second", 6));
	assert_int_equal(secret_copy(&first, "third", 5), ST_OK);
	assert_ptr_equal(first.bytes, place);
	secret_clear(&first);
	secret_clear(&second);
}

static void growing_moves_within_and_wipes(void **state)
{
	AUTO_VAULT vault = {0};
	AUTO_SECRET secret = SECRET_IN(&vault);
	uint8_t piece[200];

	(void)state;
	memset(piece, 'x', sizeof(piece));
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(secret_append(&secret, piece, sizeof(piece)), ST_OK);
	assert_true(vault_has(&vault, secret.bytes));
	for (size_t i = 0; i < VAULT_BYTES; i++) {
		bool own = vault.pages + i >= secret.bytes &&
			   vault.pages + i < secret.bytes + secret.length;
		assert_int_equal(vault.pages[i], own ? 'x' : 0);
	}
}

static void what_does_not_fit_gets_pages_of_its_own(void **state)
{
	AUTO_VAULT vault = {0};
	struct secret large = SECRET_IN(&vault), most = SECRET_IN(&vault);
	struct secret rest = SECRET_IN(&vault);

	(void)state;
	assert_int_equal(secret_new(&large, VAULT_BYTES + 1), ST_OK);
	assert_int_equal(secret_new(&most, VAULT_BYTES), ST_OK);
	assert_int_equal(secret_new(&rest, 1), ST_OK);
	assert_false(vault_has(&vault, large.bytes));
	assert_true(vault_has(&vault, most.bytes));
	assert_false(vault_has(&vault, rest.bytes));
	assert_int_equal(taken, 3);
	memset(large.bytes, 1, large.capacity);
	memset(rest.bytes, 1, rest.capacity);
	secret_clear(&large);
	secret_clear(&rest);
	assert_int_equal(given_back, 2);
	assert_false(dirty);
	memset(most.bytes, 1, most.capacity);
	secret_clear(&most);
	assert_true(is_clean(&vault));
}

static void closing_wipes_what_was_left(void **state)
{
	struct vault vault = {0};
	size_t size = 100;

	(void)state;
	memset(vault_take(&vault, &size), 'x', 100);
	assert_int_equal(size, VAULT_CELL_BYTES);
	vault_close(&vault);
	assert_int_equal(given_back, 1);
	assert_false(dirty);
	assert_null(vault.pages);
	assert_int_equal(vault.used, 0);
	vault_close(&vault);
	assert_int_equal(given_back, 1);
}

static void moving_takes_the_place_along(void **state)
{
	AUTO_VAULT vault = {0};
	struct secret from = SECRET_IN(&vault), to = SECRET_EMPTY;

	(void)state;
	assert_int_equal(secret_copy(&from, "word", 4), ST_OK);
	secret_move(&to, &from);
	assert_ptr_equal(to.vault, &vault);
	assert_true(secret_equals(&to, "word", 4));
	assert_null(from.bytes);
	secret_clear(&to);
	assert_int_equal(vault.used, 0);
	assert_true(is_clean(&vault));
}

static void without_memory_there_is_none(void **state)
{
	AUTO_VAULT vault = {0};
	AUTO_SECRET secret = SECRET_IN(&vault);

	(void)state;
	no_memory = true;
	assert_int_equal(secret_new(&secret, 10), ST_NOMEM);
	assert_null(secret.bytes);
	assert_int_equal(vault.used, 0);
}

/* A limit on locked memory keeps nobody out. */
static void without_locked_memory_there_is_some(void **state)
{
	AUTO_VAULT vault = {0};
	AUTO_SECRET secret = SECRET_IN(&vault);

	(void)state;
	no_locked_memory = true;
	assert_int_equal(secret_new(&secret, 10), ST_OK);
	assert_true(vault_has(&vault, secret.bytes));
	assert_true(has_flag(secret.bytes, " dd"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(many_secrets_take_one_mapping, begin),
	    cmocka_unit_test_setup(a_cleared_place_is_clean_and_used_again, begin),
	    cmocka_unit_test_setup(growing_moves_within_and_wipes, begin),
	    cmocka_unit_test_setup(what_does_not_fit_gets_pages_of_its_own, begin),
	    cmocka_unit_test_setup(closing_wipes_what_was_left, begin),
	    cmocka_unit_test_setup(moving_takes_the_place_along, begin),
	    cmocka_unit_test_setup(without_memory_there_is_none, begin),
	    cmocka_unit_test_setup(without_locked_memory_there_is_some, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
