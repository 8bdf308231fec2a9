/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/name.h"

#include "tests/unit/store_scene.h"

static void names_and_their_files(void **state)
{
	static const struct {
		const char *name, *file;
	} table[] = {
	    {"alice", "alice"},
	    {"Alice.B_c@example-1", "Alice.B_c@example-1"},
	    {".", "%2E"},
	    {"..", "%2E."},
	    {".hidden", "%2Ehidden"},
	    {"a/b", "a%2Fb"},
	    {"../../etc/shadow", "%2E.%2F..%2Fetc%2Fshadow"},
	    {"DOM\\user", "DOM%5Cuser"},
	    {"a b\n", "a%20b%0A"},
	    {"100%", "100%25"},
	    {"caf\xc3\xa9", "caf%C3%A9"},
	    {"\x01\x7f\xff", "%01%7F%FF"},
	};
	char out[FILE_NAME_BYTES];

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		assert_ok(account_file_name(table[i].name, out));
		assert_string_equal(out, table[i].file);
		assert_ok(account_name_of_file(table[i].file, out));
		assert_string_equal(out, table[i].name);
	}
}

static void what_cannot_be_a_file(void **state)
{
	char name[300];
	char out[FILE_NAME_BYTES];

	(void)state;
	assert_status(account_file_name("", out), ST_BAD_NAME);
	memset(name, 'a', sizeof(name));
	name[255] = '\0';
	assert_ok(account_file_name(name, out));
	assert_int_equal(strlen(out), 255);
	name[0] = '/';
	assert_status(account_file_name(name, out), ST_BAD_NAME);
	assert_string_equal(out, "");
	name[0] = 'a';
	name[255] = 'a';
	name[256] = '\0';
	assert_status(account_file_name(name, out), ST_BAD_NAME);
	memset(name, '%', 86);
	name[86] = '\0';
	assert_status(account_file_name(name, out), ST_BAD_NAME);
	name[85] = '\0';
	assert_ok(account_file_name(name, out));
}

/* One file for each name: other spellings belong to nobody. */
static void what_is_no_name(void **state)
{
	static const char *const files[] = {"",    ".",   "..",  ".a",  "%",    "%2",
					    "%2e", "%61", "%00", "a%",  "a%2",  "lost+found",
					    "a/b", "a b", "%2g", "%%%", "a%00b"};
	char out[FILE_NAME_BYTES];

	(void)state;
	for (size_t i = 0; i < LENGTH(files); i++)
		assert_status(account_name_of_file(files[i], out), ST_BAD_NAME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_and_their_files),
	    cmocka_unit_test(what_cannot_be_a_file),
	    cmocka_unit_test(what_is_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
