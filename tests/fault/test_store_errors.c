/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/fault/operations.h"
#include "tests/fault/shim.h"

#include <errno.h>

static const struct {
	int number;
	const char *name;
} errors[] = {{EIO, "EIO"},       {ENOSPC, "ENOSPC"}, {EDQUOT, "EDQUOT"}, {EROFS, "EROFS"},
	      {ENOLCK, "ENOLCK"}, {EMFILE, "EMFILE"}, {EINTR, "EINTR"},   {0, "half"}};

struct tally {
	unsigned failed;
	unsigned refused;
	unsigned accepted;
};

/* An operation that says it was done was; one that says otherwise left all as it was. */
static void check_one(struct scene *s, const struct operation *operation,
		      const struct shim_plan *plan, struct tally *tally, const char **failed)
{
	operation_prepare(s, operation);
	shim_arm(plan);
	enum status result = operation->run(s);
	(void)shim_disarm(failed);
	if (!*failed)
		return;
	tally->failed++;
	enum verdict verdict = operation_judge(s, operation, true);
	if (result == ST_OK) {
		assert_int_equal(verdict, AFTER);
		tally->accepted++;
	} else {
		tally->refused++;
	}
	operation_resume(s, operation);
}

/* DUR-05, CON-12: each call fails once, in each way. */
static void every_call_fails_once(void **state)
{
	struct scene *s = operations_begin();
	unsigned all = 0;

	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		struct tally tally = {0, 0, 0};
		/* Making a store writes 8 MiB: two kinds of failure are enough there. */
		size_t kinds = strcmp(operations[i].name, "init") == 0 ? 2 : LENGTH(errors);
		for (size_t e = 0; e < kinds; e++) {
			struct shim_plan plan = {.fail_at = 1, .error = errors[e].number};
			const char *failed = "";
			for (; failed; plan.fail_at++)
				check_one(s, &operations[i], &plan, &tally, &failed);
		}
		print_message("%-28s %4u failures: %4u refused, %3u overcome\n", operations[i].name,
			      tally.failed, tally.refused, tally.accepted);
		assert_true(tally.refused > 0);
		all += tally.failed;
	}
	print_message("%u failures\n", all);
	operations_end(s);
}

static const struct operation *find(const char *name)
{
	for (size_t i = 0; i < operation_count; i++)
		if (strcmp(operations[i].name, name) == 0)
			return &operations[i];
	fail_msg("no operation %s", name);
	return NULL;
}

/* How the first call of that name fails, and what the operation says to it. */
static enum status fail_first(struct scene *s, const struct operation *operation, const char *name,
			      int error, bool lasting)
{
	for (long n = 1;; n++) {
		const struct shim_plan plan = {.fail_at = n, .error = error, .lasting = lasting};
		const char *failed = NULL;
		operation_prepare(s, operation);
		shim_record();
		shim_arm(&plan);
		enum status result = operation->run(s);
		(void)shim_disarm(&failed);
		if (!failed)
			fail_msg("%s never calls %s", operation->name, name);
		if (strcmp(failed, name) == 0)
			return result;
	}
}

/* Nothing that could not be made durable is said to be. */
static void what_matters_is_never_overcome(void **state)
{
	static const struct {
		const char *operation, *call;
		int error;
	} table[] = {
	    {"commit", "fdatasync", EIO},
	    {"commit", "fdatasync", ENOSPC},
	    {"commit", "pwrite", EIO},
	    {"commit", "fcntl", ENOLCK},
	    {"commit", "fcntl", EOPNOTSUPP},
	    {"commit", "fcntl", EINVAL},
	    {"commit both", "fdatasync", EIO},
	    {"commit a stranger's", "fcntl", ENOLCK},
	    {"enroll again", "fsync", EIO},
	    {"enroll again", "renameat", EROFS},
	    {"write the history", "fsync", EDQUOT},
	    {"rekey", "fsync", EIO},
	    {"make a state", "flock", ENOLCK},
	    {"init", "fsync", EIO},
	};
	struct scene *s = operations_begin();

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++)
		for (int lasting = 0; lasting < 2; lasting++)
			assert_status(fail_first(s, find(table[i].operation), table[i].call,
						 table[i].error, lasting),
				      status_of_errno(table[i].error));
	operations_end(s);
}

/* A flush that failed for good: enrolling leaves the old one, though it was renamed over. */
static void a_failed_enrollment_leaves_the_old_one(void **state)
{
	const struct operation *operation = find("enroll again");
	struct scene *s = operations_begin();
	unsigned checked = 0;

	(void)state;
	for (long n = 1;; n++) {
		const struct shim_plan plan = {.fail_at = n, .error = EIO};
		const char *failed = NULL;
		operation_prepare(s, operation);
		shim_arm(&plan);
		enum status result = operation->run(s);
		(void)shim_disarm(&failed);
		if (!failed)
			break;
		enum verdict verdict = operation_judge(s, operation, true);
		assert_int_equal(verdict, result == ST_OK ? AFTER : BEFORE);
		checked++;
	}
	assert_true(checked > 20);
	operations_end(s);
}

/* SEC-07: without randomness nothing is begun. */
static void without_randomness_nothing_is_written(void **state)
{
	static const char *const names[] = {"enroll again", "write the history", "rekey",
					    "add a key"};
	struct scene *s = operations_begin();

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		size_t count = 0;
		assert_status(fail_first(s, find(names[i]), "getrandom", ENOSYS, true), ST_IO);
		(void)shim_recorded(&count);
		if (count != 0)
			fail_msg("%s wrote before it had its randomness", names[i]);
	}
	shim_forget();
	operations_end(s);
}

/* A full disk that lasts: nothing can be created, and commits in place go on. */
static void commits_need_no_space(void **state)
{
	struct scene *s = operations_begin();
	const struct shim_plan counting = {.fail_at = 0};
	size_t count = 0;

	(void)state;
	operation_prepare(s, find("commit"));
	shim_record();
	shim_arm(&counting);
	assert_ok(find("commit")->run(s));
	(void)shim_disarm(NULL);
	const struct shim_event *events = shim_recorded(&count);
	assert_int_equal(count, 2);
	assert_int_equal(events[0].kind, SHIM_WRITE);
	assert_int_equal(events[0].length, STATE_SLOT_BYTES);
	assert_int_equal(events[0].offset % STATE_SLOT_BYTES, 0);
	assert_true(events[0].offset + (off_t)events[0].length <= STATE_BYTES);
	assert_int_equal(events[1].kind, SHIM_FLUSH);
	shim_forget();
	operations_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_call_fails_once),
	    cmocka_unit_test(what_matters_is_never_overcome),
	    cmocka_unit_test(a_failed_enrollment_leaves_the_old_one),
	    cmocka_unit_test(without_randomness_nothing_is_written),
	    cmocka_unit_test(commits_need_no_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
