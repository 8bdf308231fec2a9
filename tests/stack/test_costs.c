/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What one transaction asks of the kernel, counted from outside by ptrace: calls of our own, writes
 * and flushes. The look-up of the user, the log and libpam's audit record are answered by this
 * program without a system call, so what is counted is the module's work.
 */
#include "tests/stack/rig.h"

#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum { CALLS_MAX = 600 };

static unsigned counts[CALLS_MAX];
static unsigned total;

EXPORT int audit_open(void);
EXPORT int audit_open(void)
{
	errno = EPROTONOSUPPORT;
	return -1;
}

/* Everybody exists whose name begins with a letter before n. */
EXPORT int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
		      struct passwd **found)
{
	*found = NULL;
	if (name[0] > 'm' || strlen(name) >= size)
		return 0;
	strcpy(buffer, name);
	char *nothing = buffer + strlen(buffer);
	*entry = (struct passwd){buffer, nothing, 1001, 1001, nothing, nothing, nothing};
	*found = entry;
	return 0;
}

static pid_t start(const struct login *login, const char *answer, int wanted)
{
	pid_t child = fork();
	if (child != 0)
		return child;
	struct talk talk = {.answers = {answer}, .count = 1};
	pam_handle_t *pamh = rig_start(login->service, login->user, login->rhost, &talk);
	if (pamh == NULL || ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(77);
	(void)raise(SIGSTOP);
	int result = pam_authenticate(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_acct_mgmt(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_setcred(pamh, PAM_ESTABLISH_CRED);
	_exit(result == wanted ? 0 : 1);
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

static void count(const char *what, const struct login *login, const char *answer, int wanted)
{
	int status = 0;
	pid_t child = start(login, answer, wanted);
	memset(counts, 0, sizeof(counts));
	total = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("ptrace is not allowed here\n");
		exit(77);
	}
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD), 0);
	while (WIFSTOPPED(status)) {
		assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFSTOPPED(status))
			note(child);
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	print_message("%s: %u system calls, %u writes, %u flushes\n", what, total,
		      counts[SYS_pwrite64], counts[SYS_fdatasync] + counts[SYS_fsync]);
}

/* A sanitizer makes calls of its own. A bound, not a figure: a C library may need a few more. */
static void assert_at_most(unsigned most)
{
	const char *sanitizers = getenv("KLING_SANITIZERS");
	if (sanitizers == NULL || sanitizers[0] == '\0')
		assert_in_range(total, most / 2, most);
}

static unsigned flushes(void)
{
	return counts[SYS_fdatasync] + counts[SYS_fsync] + counts[SYS_sync] + counts[SYS_syncfs];
}

static const struct login from_known = {"code", "alice", "192.0.2.1", 0, true, false};

/* The clock of the stage is ahead of the files' times, as it is on a quiet day: what was just
 * written counts as settled. */
static void fresh(void)
{
	rig_clock_set((int64_t)time(NULL) / 30 * 30 + 3600, 5000);
	rig_conf("");
	rig_store();
	rig_enroll("alice", 10);
	rig_service("code", "auth required @\naccount required @\n");
	struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1};
	assert_int_equal(rig_login(&from_known, &talk), PAM_SUCCESS);
	rig_clock_step(60);
}

/* RES-10: one flush an answer. */
static void an_accepted_code(void **state)
{
	(void)state;
	fresh();
	count("accepted", &from_known, rig_code("alice", 0), PAM_SUCCESS);
	assert_int_equal(flushes(), 1);
	assert_int_equal(counts[SYS_pwrite64], 1);
	assert_int_equal(counts[SYS_getrandom], 0);
	assert_at_most(58);
}

/* From an address that is worth remembering: account writes once more. */
static void a_new_source(void **state)
{
	(void)state;
	fresh();
	struct login login = from_known;
	login.rhost = "192.0.2.99";
	count("accepted, new source", &login, rig_code("alice", 0), PAM_SUCCESS);
	assert_int_equal(flushes(), 2);
	assert_at_most(108);
}

static void a_wrong_code(void **state)
{
	(void)state;
	fresh();
	count("wrong", &from_known, rig_wrong("alice"), PAM_AUTH_ERR);
	assert_int_equal(flushes(), 1);
	assert_int_equal(counts[SYS_pwrite64], 1);
	assert_at_most(57);
}

/* Into both slots, so that no damage revives it. */
static void a_backup_code(void **state)
{
	(void)state;
	fresh();
	count("backup code", &from_known, rig_backup(0), PAM_SUCCESS);
	assert_int_equal(flushes(), 2);
	assert_int_equal(counts[SYS_pwrite64], 2);
	assert_at_most(69);
}

/* What charges nobody is written where nobody is. */
static void while_locked(void **state)
{
	(void)state;
	fresh();
	for (int i = 0; i < 5; i++)
		assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
	count("locked", &from_known, rig_code("alice", 0), PAM_AUTH_ERR);
	assert_int_equal(flushes(), 1);
	assert_int_equal(counts[SYS_pwrite64], 1);
	assert_at_most(67);
}

static void nobody(void **state)
{
	(void)state;
	struct login login = from_known;
	login.user = "nobody-here";
	fresh();
	count("unknown", &login, "123456", PAM_AUTH_ERR);
	assert_int_equal(flushes(), 1);
	assert_int_equal(counts[SYS_pwrite64], 1);
	assert_at_most(49);
}

/* A ticket is written, returned or redeemed without a flush. */
static void with_a_ticket(void **state)
{
	(void)state;
	fresh();
	rig_service("code", "auth requisite @ preauth\nauth required @\naccount required @\n");
	count("accepted behind preauth", &from_known, rig_code("alice", 0), PAM_SUCCESS);
	assert_int_equal(flushes(), 1);
	assert_int_equal(counts[SYS_pwrite64], 3);
	assert_at_most(162);
}

static void switched_off(void **state)
{
	(void)state;
	fresh();
	rig_service("code", "auth required @ second_factor=off\nauth required pam_permit.so\n"
			    "account required @ second_factor=off\n");
	count("second_factor = off", &from_known, NULL, PAM_SUCCESS);
	assert_int_equal(flushes(), 0);
	assert_int_equal(counts[SYS_pwrite64], 0);
	assert_at_most(19);
}

/* --- what account does not do again ------------------------------------------------------------
 */

static int account_after(const char *stack, void (*meanwhile)(pam_handle_t *pamh))
{
	fresh();
	rig_service("code", stack);
	struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1};
	pam_handle_t *pamh = rig_start("code", "alice", "192.0.2.1", &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	meanwhile(pamh);
	int result = pam_acct_mgmt(pamh, 0);
	rig_stop(pamh, result);
	return result;
}

static void nothing(pam_handle_t *pamh)
{
	(void)pamh;
}

static void the_rules_change(pam_handle_t *pamh)
{
	(void)pamh;
	rig_conf("allow_from = 10.0.0.0/8\n");
}

static void the_rules_break(pam_handle_t *pamh)
{
	(void)pamh;
	rig_conf("no_such_option = 1\n");
}

static void the_user_changes(pam_handle_t *pamh)
{
	assert_int_equal(pam_set_item(pamh, PAM_USER, "bob"), PAM_SUCCESS);
}

static void the_source_changes(pam_handle_t *pamh)
{
	assert_int_equal(pam_set_item(pamh, PAM_RHOST, "not-an-address"), PAM_SUCCESS);
}

static void another_try_fails(pam_handle_t *pamh)
{
	assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
}

static void account_sees_what_changed(void **state)
{
	(void)state;
	static const char usual[] = "auth required @\naccount required @\n";
	assert_int_equal(account_after(usual, nothing), PAM_SUCCESS);
	assert_int_equal(account_after(usual, the_rules_change), PAM_PERM_DENIED);
	assert_int_equal(account_after(usual, the_rules_break), PAM_SYSTEM_ERR);
	assert_int_not_equal(account_after(usual, the_user_changes), PAM_SUCCESS);
	assert_int_not_equal(account_after(usual, another_try_fails), PAM_SUCCESS);
	static const char narrow[] = "auth required @ allow_from=192.0.2.0/24\n"
				     "account required @ allow_from=192.0.2.0/24\n";
	assert_int_equal(account_after(narrow, nothing), PAM_SUCCESS);
	assert_int_not_equal(account_after(narrow, the_source_changes), PAM_SUCCESS);
	static const char narrower[] = "auth required @\n"
				       "account required @ allow_from=10.0.0.0/8\n";
	assert_int_equal(account_after(narrower, nothing), PAM_PERM_DENIED);
	static const char wrong[] = "auth required @\naccount required @ no_such_option=1\n";
	assert_int_equal(account_after(wrong, nothing), PAM_SYSTEM_ERR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_accepted_code),
	    cmocka_unit_test(a_new_source),
	    cmocka_unit_test(a_wrong_code),
	    cmocka_unit_test(a_backup_code),
	    cmocka_unit_test(while_locked),
	    cmocka_unit_test(nobody),
	    cmocka_unit_test(with_a_ticket),
	    cmocka_unit_test(switched_off),
	    cmocka_unit_test(account_sees_what_changed),
	};
	rig_begin();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	rig_end();
	return failed;
}
