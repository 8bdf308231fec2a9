/* SPDX-License-Identifier: BSD-3-Clause */
/* CLI-01: the command line, by the table of commands that ships. */
#include "kling-enroll/help.h"
#include "kling-enroll/options.h"
#include "lib/factor/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 12 };

static bool parse(const char *const *words, struct request *request, struct usage_problem *problem)
{
	static const char *operands[WORDS_MAX + 1];
	static char copies[WORDS_MAX][64];
	char *argv[WORDS_MAX + 1] = {NULL};
	int argc = 0;

	for (; words[argc]; argc++) {
		strncpy(copies[argc], words[argc], sizeof(copies[argc]) - 1);
		argv[argc] = copies[argc];
	}
	return request_parse(argc, argv, operands, request, problem);
}

static void test_good(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		const char *command;
		int operands;
	} rows[] = {
	    {{"init"}, "init", 0},
	    {{"add", "alice"}, "add", 1},
	    {{"--config", "/x", "add", "alice"}, "add", 1},
	    {{"add", "alice", "--config=/x", "--json"}, "add", 1},
	    {{"add", "--json", "--", "--json"}, "add", 1},
	    {{"add", "--", "-x"}, "add", 1},
	    {{"import", "uri", "-"}, "import", 2},
	    {{"import", "uri", "-", "alice"}, "import", 3},
	    {{"status"}, "status", 0},
	    {{"status", "a", "b", "c"}, "status", 3},
	    {{"grace", "--extend", "3d", "bob"}, "grace", 1},
	    {{"--help"}, NULL, 0},
	    {{"--version"}, NULL, 0},
	    {{"help"}, NULL, 0},
	    {{"help", "add"}, "add", 0},
	    {{"help", "--config", "/x", "grace"}, "grace", 0},
	    {{"add", "--help"}, "add", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct request request;
		struct usage_problem problem = {0};
		assert_true(parse(rows[i].words, &request, &problem));
		assert_int_equal(request.operand_count, rows[i].operands);
		if (rows[i].command)
			assert_string_equal(request.command->name, rows[i].command);
		else
			assert_null(request.command);
	}
}

static void test_bad(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		const char *suggestion;
	} rows[] = {
	    {{NULL}, NULL},
	    {{"--"}, NULL},
	    {{""}, NULL},
	    {{"ad", "alice"}, "add"},
	    {{"veryfi", "alice"}, "verify"},
	    {{"stat", "alice"}, "status"},
	    {{"xyzzy"}, NULL},
	    {{"enroll", "alice"}, "add"},
	    {{"delete", "alice"}, "remove"},
	    {{"help", "ad"}, "add"},
	    {{"-h"}, "help"},
	    {{"add", "--jsn", "alice"}, "json"},
	    {{"add", "--confg", "x", "alice"}, "config"},
	    {{"--json", "add", "alice"}, NULL}, /* an option of a command stands behind it */
	    {{"add", "-j", "alice"}, NULL},
	    {{"add", ""}, NULL},
	    {{"add", "alice", "bob"}, NULL},
	    {{"verify", "alice", "123456"}, NULL}, /* SEC-13: no code from the command line */
	    {{"verify"}, NULL},
	    {{"add", "alice", "--label"}, NULL},
	    {{"add", "alice", "--label="}, NULL},
	    {{"add", "alice", "--json=yes"}, NULL},
	    {{"add", "alice", "--count", "0"}, NULL},
	    {{"add", "alice", "--count", "21"}, NULL},
	    {{"add", "alice", "--count", "+5"}, NULL},
	    {{"add", "alice", "--digits", "5"}, NULL},
	    {{"add", "alice", "--period", "14"}, NULL},
	    {{"add", "alice", "--period", "301"}, NULL},
	    {{"add", "alice", "--algorithm", "SHA1"}, NULL},
	    {{"add", "alice", "--qr", "big"}, NULL},
	    {{"add", "alice", "--secret", "x"}, NULL}, /* SEC-13 */
	    {{"grace", "bob", "--extend", "3"}, NULL},
	    {{"grace", "bob", "--extend", "0d"}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct request request;
		struct usage_problem problem = {0};
		assert_false(parse(rows[i].words, &request, &problem));
		assert_true(!problem.text == !!problem.option);
		if (rows[i].suggestion)
			assert_string_equal(problem.suggestion, rows[i].suggestion);
		else
			assert_null(problem.suggestion);
	}
}

/* A bad value: the option, what was typed, and what it may be. */
static void test_messages(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		const char *message;
	} rows[] = {
	    {{"add", "alice", "--period", "7"}, "--period 7: must be 15 to 300 seconds"},
	    {{"add", "alice", "--period=x"}, "--period x: must be 15 to 300 seconds"},
	    {{"add", "alice", "--digits", "9"}, "--digits 9: must be a number from 6 to 8"},
	    {{"codes", "alice", "--count", "21"}, "--count 21: must be a number from 1 to 20"},
	    {{"add", "alice", "--algorithm", "SHA1"},
	     "--algorithm SHA1: must be sha1, sha256 or sha512"},
	    {{"add", "alice", "--paper", "a5"}, "--paper a5: must be a4 or letter"},
	    {{"add", "alice", "--label="}, "--label \"\": must not be empty"},
	    {{"add", "alice", "--label"}, "--label needs a value: TEXT"},
	    {{"add", "alice", "--qr", "\033[2J"},
	     "--qr \\x1b[2J: must be auto, utf8, ansi, ascii or none"},
	    {{"grace", "bob", "--extend", "17"},
	     "--extend 17: must be a time such as 90m, 12h or 3d, at most 366d"},
	    {{"grace", "bob", "--extend", "367d"},
	     "--extend 367d: must be a time such as 90m, 12h or 3d, at most 366d"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_OUT out = OUT_EMPTY;
		struct request request;
		struct usage_problem problem = {0};
		const char *said;

		assert_false(parse(rows[i].words, &request, &problem));
		usage_add(&out, &request, &problem);
		said = out_string(&out);
		assert_memory_equal(said, "kling-enroll: ", 14);
		if (strncmp(said + 14, rows[i].message, strlen(rows[i].message)) != 0)
			assert_string_equal(said + 14, rows[i].message);
		assert_int_equal(said[14 + strlen(rows[i].message)], '\n');
	}
}

static void test_values(void **state)
{
	const char *const words[] = {"add",        "alice",     "--algorithm", "sha512",
				     "--digits=8", "--qr",      "ansi",        "--count",
				     "20",         "--replace", "--label",     NULL};
	const char *all[WORDS_MAX + 1];
	struct request request;
	struct usage_problem problem;

	(void)state;
	memcpy(all, words, sizeof(words));
	all[11] = "my phone";
	all[12] = NULL;
	assert_true(parse(all, &request, &problem));
	assert_int_equal(request.options.algorithm, TOKEN_SHA512);
	assert_int_equal(request.options.digits, 8);
	assert_int_equal(request.options.count, 20);
	assert_true(request.options.replace);
	assert_false(request.options.json);
	assert_string_equal(request.options.label, "my phone");
	assert_string_equal(request.operands[0], "alice");
}

/* The table itself: every command has what help and parser need, and no name stands twice. */
static void test_table(void **state)
{
	(void)state;
	for (const struct command *command = commands; command->name; command++) {
		assert_non_null(command->summary);
		assert_non_null(command->operands);
		assert_non_null(command->run);
		assert_non_null(command->options);
		assert_true(command->least <= command->most);
		assert_ptr_equal(command_find(command->name), command);
		for (const struct option *const *option = command->options; *option; option++) {
			assert_non_null((*option)->help);
			assert_int_equal((*option)->kind == OPTION_FLAG, !(*option)->argument);
			assert_int_equal((*option)->kind == OPTION_CHOICE, !!(*option)->choices);
			for (const struct option *const *other = command->options; other < option;
			     other++)
				assert_string_not_equal((*other)->name, (*option)->name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),     cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_messages), cmocka_unit_test(test_values),
	    cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
