/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/store_scene.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The system calls of one login's dealings with the store, counted by their numbers. */
enum { CALLS_MAX = 600 };

static unsigned counts[CALLS_MAX];
static unsigned total;

static void whole_login(struct scene *s)
{
	bool ok = account_lock(&s->store, &s->alice, &s->account) == ST_OK &&
		  account_enrollment(&s->account, &s->enrollment) == ST_OK &&
		  account_commit(&s->account) == ST_OK;

	account_unlock(&s->account);
	enrollment_clear(&s->enrollment);
	if (!ok)
		_exit(1);
}

static void commit_alone(struct scene *s)
{
	if (account_commit(&s->account) != ST_OK)
		_exit(1);
}

static void commit_both(struct scene *s)
{
	if (account_commit_both(&s->account) != ST_OK)
		_exit(1);
}

static void commit_soft(struct scene *s)
{
	if (account_commit_soft(&s->account) != ST_OK)
		_exit(1);
}

static void open_store(struct scene *s)
{
	if (scene_reopen(s) != ST_OK)
		_exit(1);
}

static pid_t start(struct scene *s, void (*run)(struct scene *))
{
	pid_t child = fork();

	if (child != 0)
		return child;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(77);
	raise(SIGSTOP);
	run(s);
	_exit(0);
}

static void note(pid_t child)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) <= 0)
		return;
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr == SYS_exit_group)
		return;
	total++;
	if (info.entry.nr < CALLS_MAX)
		counts[info.entry.nr]++;
}

static void count_calls(struct scene *s, void (*run)(struct scene *))
{
	int result = 0;
	pid_t child = start(s, run);

	memset(counts, 0, sizeof(counts));
	total = 0;
	assert_int_equal(waitpid(child, &result, 0), child);
	if (WIFEXITED(result) && WEXITSTATUS(result) == 77) {
		print_message("ptrace is not allowed here\n");
		exit(77);
	}
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD), 0);
	while (WIFSTOPPED(result)) {
		assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
		assert_int_equal(waitpid(child, &result, 0), child);
		if (WIFSTOPPED(result))
			note(child);
	}
	assert_true(WIFEXITED(result));
	assert_int_equal(WEXITSTATUS(result), 0);
}

/* What changes a directory or makes a file. */
static unsigned directory_operations(void)
{
	static const int numbers[] = {SYS_renameat, SYS_renameat2, SYS_unlinkat,
				      SYS_mkdirat,  SYS_linkat,    SYS_fsync,
				      SYS_fchmod,   SYS_ftruncate, SYS_getdents64};
	unsigned sum = 0;

	for (size_t i = 0; i < LENGTH(numbers); i++)
		sum += counts[numbers[i]];
	return sum;
}

static int with_alice(void **state)
{
	scene_new(state);
	struct scene *s = *state;
	enroll_alice(s, 0x41);
	/* The keys are no news: otherwise they are read again. */
	struct stat st;
	assert_int_equal(fstat(s->store.keys, &st), 0);
	s->store.keys_changed = st.st_ctim;
	return 0;
}

/* One read, one write in place, one flush, whatever else is in the store. */
static void a_login_takes_a_handful(void **state)
{
	struct scene *s = *state;

	count_calls(s, whole_login);
	print_message("lock, load, enrollment, commit, unlock: %u system calls\n", total);
	assert_int_equal(counts[SYS_fdatasync], 1);
	assert_int_equal(counts[SYS_pwrite64], 1);
	assert_int_equal(directory_operations(), 0);
	assert_int_equal(counts[SYS_getrandom], 0); /* RES-10 */
	assert_in_range(total, 10, 32);
}

/* The limit on file sizes, the write, the flush. */
static void a_commit_takes_three(void **state)
{
	struct scene *s = *state;

	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	count_calls(s, commit_alone);
	print_message("commit: %u system calls\n", total);
	assert_int_equal(counts[SYS_fdatasync], 1);
	assert_int_equal(counts[SYS_pwrite64], 1);
	assert_int_equal(total, 3);
	count_calls(s, commit_both);
	assert_int_equal(counts[SYS_fdatasync], 2);
	assert_int_equal(total, 6);
	count_calls(s, commit_soft);
	assert_int_equal(counts[SYS_fdatasync], 0);
	assert_int_equal(total, 2);
}

static void opening_writes_nothing(void **state)
{
	struct scene *s = *state;

	count_calls(s, open_store);
	print_message("open: %u system calls\n", total);
	assert_int_equal(counts[SYS_fdatasync] + counts[SYS_pwrite64], 0);
	assert_int_equal(directory_operations() - counts[SYS_getdents64], 0);
	assert_in_range(total, 10, 50);
}

/* More users cost nothing: the same calls with one and with two thousand. */
static void the_number_of_users_does_not_count(void **state)
{
	struct scene *s = *state;

	count_calls(s, whole_login);
	unsigned alone = total;
	for (unsigned i = 0; i < 2000; i++) {
		char name[16];
		snprintf(name, sizeof(name), "u%u", i);
		assert_int_equal(mkdirat(s->store.users, name, 0700), 0);
	}
	count_calls(s, whole_login);
	assert_int_equal(total, alone);
}

#define WITH_ALICE(test) cmocka_unit_test_setup_teardown(test, with_alice, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ALICE(a_login_takes_a_handful),
	    WITH_ALICE(a_commit_takes_three),
	    WITH_ALICE(opening_writes_nothing),
	    WITH_ALICE(the_number_of_users_does_not_count),
	};

	if (is_sanitized())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
