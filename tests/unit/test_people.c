/* SPDX-License-Identifier: BSD-3-Clause */
/* The C library's NSS functions are replaced here, so that they fail in every way they can. */
#include "lib/base/people.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What NSS has today. */
static struct {
	int error;       /* of every entry */
	size_t wants;    /* bytes an entry takes */
	int group_count; /* gids 100, 101, ... */
	gid_t nameless;  /* has no entry */
	gid_t failing;   /* its lookup fails with EIO */
	int calls;
} nss;

static int answer(bool exists, char *buffer, size_t size, const char *text)
{
	nss.calls++;
	if (nss.error)
		return nss.error;
	if (!exists)
		return 0;
	if (size < nss.wants || size < strlen(text) + 1)
		return ERANGE;
	memcpy(buffer, text, strlen(text) + 1);
	return 0;
}

static struct passwd alice_in(char *buffer)
{
	static char home[] = "/home/alice";

	return (struct passwd){.pw_name = buffer, .pw_dir = home, .pw_uid = 1000, .pw_gid = 100};
}

int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
	       struct passwd **result)
{
	int error = answer(strcmp(name, "alice") == 0, buffer, size, name);

	*result = error == 0 && strcmp(name, "alice") == 0 ? entry : NULL;
	*entry = alice_in(buffer);
	return error;
}

int getpwuid_r(uid_t uid, struct passwd *entry, char *buffer, size_t size, struct passwd **result)
{
	int error = answer(uid == 1000, buffer, size, "alice");

	*result = error == 0 && uid == 1000 ? entry : NULL;
	*entry = alice_in(buffer);
	return error;
}

int getgrgid_r(gid_t gid, struct group *entry, char *buffer, size_t size, struct group **result)
{
	char name[20];
	bool exists = gid != nss.nameless;

	snprintf(name, sizeof(name), "group%u", gid);
	int error = gid == nss.failing ? EIO : answer(exists, buffer, size, name);
	*result = error == 0 && exists ? entry : NULL;
	*entry = (struct group){.gr_name = buffer, .gr_gid = gid};
	return error;
}

int getgrouplist(const char *user, gid_t group, gid_t *groups, int *count)
{
	int room = *count;

	assert_string_equal(user, "alice");
	for (int i = 0; i < nss.group_count && i < room; i++)
		groups[i] = group + (gid_t)i;
	*count = nss.group_count;
	return nss.group_count <= room ? nss.group_count : -1;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

/* How many allocations more succeed; negative: all. The linker sends them here. */
static int left = -1;

static bool may_allocate(void)
{
	if (left > 0)
		left--;
	return left != 0;
}

void *__wrap_malloc(size_t size)
{
	return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
	return may_allocate() ? __real_realloc(old, size) : NULL;
}

static int begin(void **state)
{
	(void)state;
	memset(&nss, 0, sizeof(nss));
	nss.group_count = 3;
	return 0;
}

static void users(void **state)
{
	AUTO_PERSON alice = {0};
	AUTO_PERSON again = {0};
	AUTO_PERSON nobody = {0};

	(void)state;
	assert_int_equal(person_find("alice", &alice), ST_OK);
	assert_string_equal(alice.name, "alice");
	assert_string_equal(alice.home, "/home/alice");
	assert_string_equal(alice.full_name, "");
	assert_string_equal(alice.shell, "");
	assert_int_equal(alice.uid, 1000);
	assert_int_equal(alice.gid, 100);
	assert_int_equal(person_find_uid(1000, &again), ST_OK);
	assert_string_equal(again.name, "alice");
	assert_int_equal(person_find("mallory", &nobody), ST_NO_USER);
	assert_null(nobody.buffer);
	assert_int_equal(person_find_uid(1001, &nobody), ST_NO_USER);
	person_clear(&alice);
	person_clear(&alice);
	assert_null(alice.name);
}

static void not_found_and_not_known(void **state)
{
	static const struct {
		int error;
		enum status status;
	} table[] = {
	    {ENOENT, ST_NO_USER},   {ESRCH, ST_NO_USER},       {EIO, ST_LOOKUP},
	    {EMFILE, ST_LOOKUP},    {ENFILE, ST_LOOKUP},       {EAGAIN, ST_LOOKUP},
	    {EPERM, ST_LOOKUP},     {EBADF, ST_LOOKUP},        {EINTR, ST_LOOKUP},
	    {EINVAL, ST_LOOKUP},    {ENOMEM, ST_NOMEM},        {ERANGE, ST_LOOKUP},
	    {ETIMEDOUT, ST_LOOKUP}, {ECONNREFUSED, ST_LOOKUP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		AUTO_PERSON person = {0};
		nss.error = table[i].error;
		nss.calls = 0;
		assert_int_equal(person_find("alice", &person), table[i].status);
		assert_null(person.buffer);
		assert_int_equal(person_find_uid(1000, &person), table[i].status);
		assert_true(nss.calls < 64);
		if (table[i].status == ST_LOOKUP)
			assert_int_equal(errno, table[i].error);
	}
}

static void large_entries(void **state)
{
	AUTO_PERSON person = {0};

	(void)state;
	nss.wants = 5000000;
	assert_int_equal(person_find("alice", &person), ST_OK);
	assert_string_equal(person.name, "alice");
	person_clear(&person);
	nss.wants = 100000000;
	assert_int_equal(person_find("alice", &person), ST_LOOKUP);
}

static void groups(void **state)
{
	AUTO_PERSON alice = {0};
	AUTO_GROUPS names = {0};

	(void)state;
	assert_int_equal(person_find("alice", &alice), ST_OK);
	assert_int_equal(group_names_find(&alice, &names), ST_OK);
	assert_int_equal(names.count, 3);
	assert_string_equal(names.names[0], "group100");
	assert_string_equal(names.names[2], "group102");
	group_names_clear(&names);
	group_names_clear(&names);
	assert_int_equal(names.count, 0);
}

static void many_groups(void **state)
{
	AUTO_PERSON alice = {0};
	AUTO_GROUPS names = {0};

	(void)state;
	nss.group_count = 5000;
	assert_int_equal(person_find("alice", &alice), ST_OK);
	assert_int_equal(group_names_find(&alice, &names), ST_OK);
	assert_int_equal(names.count, 5000);
	assert_string_equal(names.names[4999], "group5099");
	group_names_clear(&names);
	nss.group_count = 70000;
	assert_int_equal(group_names_find(&alice, &names), ST_LOOKUP);
	assert_null(names.names);
}

static void no_groups_at_all(void **state)
{
	AUTO_PERSON alice = {0};
	AUTO_GROUPS names = {0};

	(void)state;
	nss.group_count = 0;
	assert_int_equal(person_find("alice", &alice), ST_OK);
	assert_int_equal(group_names_find(&alice, &names), ST_OK);
	assert_int_equal(names.count, 0);
}

/* A group without a name cannot be meant; one that could not be looked up is trouble. */
static void groups_without_an_answer(void **state)
{
	AUTO_PERSON alice = {0};
	AUTO_GROUPS names = {0};

	(void)state;
	assert_int_equal(person_find("alice", &alice), ST_OK);
	nss.nameless = 101;
	assert_int_equal(group_names_find(&alice, &names), ST_OK);
	assert_int_equal(names.count, 2);
	assert_string_equal(names.names[1], "group102");
	group_names_clear(&names);
	nss.failing = 102;
	assert_int_equal(group_names_find(&alice, &names), ST_LOOKUP);
	assert_null(names.names);
	assert_int_equal(names.count, 0);
}

static void memory_ends_at_each_allocation(void **state)
{
	int n = 1;

	(void)state;
	for (enum status s = ST_NOMEM; s != ST_OK; n++) {
		AUTO_PERSON alice = {0};
		AUTO_GROUPS names = {0};
		left = n;
		s = person_find("alice", &alice);
		if (s == ST_OK)
			s = group_names_find(&alice, &names);
		left = -1;
		assert_true(s == ST_OK || s == ST_NOMEM);
		assert_int_equal(s == ST_OK, names.names != NULL);
	}
	assert_true(n > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(users, begin),
	    cmocka_unit_test_setup(not_found_and_not_known, begin),
	    cmocka_unit_test_setup(large_entries, begin),
	    cmocka_unit_test_setup(groups, begin),
	    cmocka_unit_test_setup(many_groups, begin),
	    cmocka_unit_test_setup(no_groups_at_all, begin),
	    cmocka_unit_test_setup(groups_without_an_answer, begin),
	    cmocka_unit_test_setup(memory_ends_at_each_allocation, begin),
	};

	return cmocka_run_group_tests_name("persons", tests, NULL, NULL);
}
