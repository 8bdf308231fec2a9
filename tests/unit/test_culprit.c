/* SPDX-License-Identifier: BSD-3-Clause */
/* FIL-01, FIL-02, FIL-05: which path is wrong, and the command that mends it. */
#include "kling-enroll/culprit.h"

#include "tests/unit/store_scene.h"

static void words_are_quoted_for_a_shell(void **state)
{
	static const struct {
		const char *word, *quoted;
	} rows[] = {
	    {"/var/lib/kling", "/var/lib/kling"},
	    {"/srv/a b", "'/srv/a b'"},
	    {"/srv/it's", "'/srv/it'\\''s'"},
	    {"$(id)", "'$(id)'"},
	    {"a;b", "'a;b'"},
	    {"`x`", "'`x`'"},
	    {"''", "''\\'''\\'''"},
	};
	char out[64], small[8];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		quote_word(rows[i].word, out, sizeof(out));
		assert_string_equal(out, rows[i].quoted);
	}
	quote_word("/a/path/that/does/not/fit", small, sizeof(small));
	assert_string_equal(small, "PATH");
}

/* What is said, of a store that is whole but for one mode. */
static void the_very_path(void **state)
{
	static const struct {
		const char *below;
		mode_t wrong, right;
		bool refused;
	} rows[] = {
	    {"state", 0770, 0700, true},         {"state", 0755, 0700, false},
	    {"state/users", 0722, 0700, true},   {"state/marker", 0644, 0600, true},
	    {"state/unknown", 0602, 0600, true}, {"keys", 0720, 0700, true},
	    {"keys", 0750, 0700, false},
	};
	struct scene *s = *state;
	struct culprit culprit;

	assert_false(culprit_find(&s->place, NULL, &culprit));
	assert_false(culprit_find(&s->place, "alice", &culprit));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		char path[128], command[256];
		snprintf(path, sizeof(path), "%s/%s", s->dir, rows[i].below);
		assert_int_equal(chmod(path, rows[i].wrong), 0);
		assert_int_equal(culprit_find(&s->place, NULL, &culprit), rows[i].refused);
		if (rows[i].refused) {
			assert_string_equal(culprit.path, path);
			snprintf(command, sizeof(command), "`chmod %04o %s`", rows[i].right, path);
			assert_string_equal(culprit.fix, command);
		}
		assert_int_equal(chmod(path, rows[i].right), 0);
		assert_false(culprit_find(&s->place, NULL, &culprit));
	}
}

static void what_is_no_such_path(void **state)
{
	static const char *const unclean[] = {"relative", "/a/../b", "/a//b", "/a/./b", "/a/", ""};
	struct scene *s = *state;
	struct culprit culprit;
	char path[128];

	for (size_t i = 0; i < LENGTH(unclean); i++) {
		assert_true(culprit_on_path(unclean[i], ROLE_CONFIG, geteuid(), &culprit));
		assert_string_equal(culprit.path, unclean[i]);
	}
	snprintf(path, sizeof(path), "%s/none", s->dir);
	assert_false(culprit_on_path(path, ROLE_CONFIG, geteuid(), &culprit));
	assert_int_equal(symlink(s->state_dir, path), 0);
	assert_true(culprit_on_path(path, ROLE_DIRECTORY, geteuid(), &culprit));
	assert_non_null(strstr(culprit.problem, s->state_dir));
	assert_true(culprit_on_path(s->state_dir, ROLE_CONFIG, geteuid(), &culprit));
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_quoted_for_a_shell),
	    cmocka_unit_test_setup_teardown(the_very_path, scene_new, scene_end),
	    cmocka_unit_test_setup_teardown(what_is_no_such_path, scene_new, scene_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
