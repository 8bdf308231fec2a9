/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PAM files as the tool's check reads them. The first byte says which type; the rest are two
 * files, parted by a NUL: `service` and `other`. What was read stays within its limits, and every
 * course through it comes to an end with the decision that its lines allow.
 */
#include "kling-enroll/pam_stack.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_LIMIT = 16384, LEVELS_MAX = 16 };

static char directory[] = "/tmp/kling-fuzz-pam-XXXXXX";

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static const char *path_of(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void leave_nothing(void)
{
	(void)unlink(path_of("service"));
	(void)unlink(path_of("other"));
	(void)rmdir(directory);
}

static void put(const char *name, const uint8_t *bytes, size_t size)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	demand(fd >= 0);
	demand(size == 0 || write(fd, bytes, size) == (ssize_t)size);
	(void)close(fd);
}

static void check_rule(const struct pam_stack *stack, const struct pam_rule *rule)
{
	demand(rule->level <= LEVELS_MAX && rule->argument_count <= PAM_ARGUMENTS_MAX);
	demand(rule->module != NULL && rule->file != NULL && rule->line >= 1);
	for (int i = 0; i < RESULT_COUNT; i++)
		demand(rule->action[i] >= ACTION_RESET);
	for (size_t i = 0; i < rule->argument_count; i++)
		demand(rule->arguments[i] != NULL && pam_rule_has(rule, rule->arguments[i]));
	bool listed = false;
	for (size_t i = 0; i < stack->file_count; i++)
		listed = listed || rule->file == stack->files[i];
	demand(listed);
}

/* Nobody is let in where no line says so. */
static bool may_succeed(const struct pam_stack *stack, enum pam_result result)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->rules[i].action[result] == ACTION_OK ||
		    stack->rules[i].action[result] == ACTION_DONE)
			return true;
	return false;
}

static void run(const struct pam_stack *stack, enum pam_result result)
{
	enum pam_result *results = calloc(stack->count + 1, sizeof(*results));
	bool *called = calloc(stack->count + 1, sizeof(*called));

	demand(results && called);
	for (size_t i = 0; i < stack->count; i++)
		results[i] = result;
	for (size_t watched = 0; watched < stack->count && watched < 8; watched++) {
		struct pam_course course = {.called = called, .watched = watched};
		pam_stack_run(stack, results, &course);
		demand(called[0] && course.passed_by <= stack->count);
		demand(!course.success || may_succeed(stack, result));
		demand(!course.success || result != RESULT_IGNORE);
	}
	free(results);
	free(called);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	AUTO_STACK stack;

	if (size == 0 || size > SIZE_LIMIT)
		return 0;
	if (!begun) {
		demand(mkdtemp(directory) != NULL && atexit(leave_nothing) == 0);
		begun = true;
	}
	const uint8_t *nul = memchr(data + 1, '\0', size - 1);
	size_t first = nul ? (size_t)(nul - data) - 1 : size - 1;
	put("service", data + 1, first);
	put("other", nul ? nul + 1 : data, nul ? size - first - 2 : 0);
	enum status s = pam_stack_read(directory, "service", (enum pam_type)(data[0] % 4), &stack);
	demand(s == ST_OK || s == ST_SYNTAX);
	for (size_t i = 0; i < stack.count; i++)
		check_rule(&stack, &stack.rules[i]);
	for (int result = 0; s == ST_OK && result < RESULT_COUNT; result++)
		run(&stack, (enum pam_result)result);
	return 0;
}
