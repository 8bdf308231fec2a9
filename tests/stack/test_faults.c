/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RES-01, RES-02, DUR-05: each allocation and each call of a list fails, one after the other, with
 * each of its errors, once and from there on. Whatever fails: a wrong answer never gets in, a right
 * one only when that is recorded, no judged answer is forgotten where a right one would have got
 * in, no descriptor stays open and nothing crashes.
 */
#include "lib/base/clock.h"
#include "tests/stack/rig.h"
#include "tests/stack/rig_faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The refusal of a lone module must not become success by what stands behind it: an IGNORE would.
 */
static const char stack[] = "auth required @\nauth required pam_permit.so\n"
			    "account required @\naccount required pam_permit.so\n";
static const char preauth_stack[] =
    "auth requisite @ preauth\nauth required @\nauth required pam_permit.so\n"
    "account required @\naccount required pam_permit.so\n";

static uint8_t saved[STATE_BYTES];
static const char *right_code, *wrong_code, *backup;
static const char *no_backup = "AAAA-BBBB-CCCC-DDDD";
static unsigned long points, tried, verdicts;

static int open_state(int flags)
{
	int fd = open(rig_path("state/users/alice/state"), flags | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void save_state(void)
{
	int fd = open_state(O_RDONLY);
	assert_int_equal(pread(fd, saved, sizeof(saved), 0), sizeof(saved));
	(void)close(fd);
}

static void restore_state(void)
{
	int fd = open_state(O_WRONLY);
	assert_int_equal(pwrite(fd, saved, sizeof(saved), 0), sizeof(saved));
	(void)close(fd);
}

static size_t descriptors(void)
{
	size_t count = 0;
	DIR *directory = opendir("/proc/self/fd");
	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	(void)closedir(directory);
	return count;
}

/* Somebody at the prompt. */
struct attempt_by {
	const char *name, *user, **answer;
	const char *service;
	const char **wrong; /* an answer of the same shape, where the other one is right */
	void (*prepare)(void);
};

static int attempt(const struct attempt_by *by, const struct fault *fault, long *count)
{
	struct talk talk = {.answers = {*by->answer}, .count = 1};
	pam_handle_t *pamh = rig_start(by->service, by->user, "192.0.2.1", &talk);
	fault_arm(fault);
	int result = pam_authenticate(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_acct_mgmt(pamh, 0);
	long counted = fault_disarm();
	rig_stop(pamh, result);
	if (count != NULL)
		*count = counted;
	return result;
}

static void describe(const struct attempt_by *by, const struct fault *fault, const char *what)
{
	verdicts++;
	print_error("%s: %s %ld error %d%s%s: %s\n", by->name, fault->call, fault->at, fault->error,
		    fault->onwards ? " onwards" : "", fault->shortened ? " shortened" : "", what);
}

static bool is_forbidden(int result)
{
	return result == PAM_IGNORE || result == PAM_USER_UNKNOWN ||
	       result == PAM_AUTHINFO_UNAVAIL || result == PAM_NEW_AUTHTOK_REQD;
}

static uint32_t failures(void)
{
	return rig_state("alice")->failures;
}

/* With this fault a right answer got in: then it is spent, and a wrong one is counted. */
static void check_entry(const struct attempt_by *by, const struct fault *fault)
{
	static const struct fault none = {.call = ""};
	if (attempt(by, &none, NULL) == PAM_SUCCESS)
		describe(by, fault, "accepted twice");
	restore_state();
	uint32_t before = failures();
	const struct attempt_by guesser = {
	    .user = by->user, .service = by->service, .answer = by->wrong};
	(void)attempt(&guesser, fault, NULL);
	if (failures() != before + 1)
		describe(by, fault, "a wrong answer was not counted");
}

/* What must reach the disk before anybody gets in. */
static bool stops_everybody(const struct fault *fault)
{
	return (strcmp(fault->call, "pwrite") == 0 || strcmp(fault->call, "fdatasync") == 0) &&
	       fault->error != EINTR && !fault->shortened;
}

static void strike(const struct attempt_by *by, const struct fault *fault)
{
	restore_state();
	size_t open_before = descriptors();
	int result = attempt(by, fault, NULL);
	points++;
	if (descriptors() != open_before)
		describe(by, fault, "a descriptor stayed open");
	if (is_forbidden(result))
		describe(by, fault, "a result that stacks overlook");
	if (result != PAM_SUCCESS)
		return;
	if (by->wrong == NULL || stops_everybody(fault))
		describe(by, fault, "got in");
	else
		check_entry(by, fault);
}

static void strike_all(const struct attempt_by *by, struct fault fault)
{
	long count = 0;
	fault.at = 0;
	restore_state();
	(void)attempt(by, &fault, &count);
	for (fault.at = 1; fault.at <= count; fault.at++)
		strike(by, &fault);
	tried += count > 0;
}

static void each_error(const struct attempt_by *by, const struct fault_call *call)
{
	for (const int *error = call->errors; *error != 0; error++)
		for (int onwards = 0; onwards < 2; onwards++)
			/* What asks again after an interruption would ask for ever. */
			if (*error != EINTR || onwards == 0)
				strike_all(by, (struct fault){.call = call->name,
							      .error = *error,
							      .onwards = onwards != 0});
	if (strcmp(call->name, "pread") == 0 || strcmp(call->name, "pwrite") == 0)
		strike_all(by, (struct fault){.call = call->name, .shortened = true});
}

static void everything_fails(const struct attempt_by *by)
{
	points = 0;
	tried = 0;
	verdicts = 0;
	by->prepare();
	save_state();
	for (size_t i = 0; i < fault_call_count; i++)
		each_error(by, &fault_calls[i]);
	printf("%-12s %5lu points of failure, %lu wrong verdicts\n", by->name, points, verdicts);
	assert_true(points > 100 && tried > 20);
	assert_int_equal(verdicts, 0);
}

/* --- who tries ---------------------------------------------------------------------------------
 */

static void enrolled(void)
{
	rig_clock_set(1795262410, 5000);
	rig_conf("enroll_grace = 0\n[group root]\nlockout_tries = 5\n[from 192.0.2.0/24]\n"
		 "code_window = 1\n");
	rig_store();
	rig_enroll("alice", 2);
	right_code = rig_code("alice", 0);
	wrong_code = rig_wrong("alice");
	backup = rig_backup(1);
}

static void used(void)
{
	enrolled();
	assert_int_equal(rig_answer("alice", right_code), PAM_SUCCESS);
}

static void locked(void)
{
	enrolled();
	for (int i = 0; i < 5; i++)
		assert_int_equal(rig_answer("alice", wrong_code), PAM_AUTH_ERR);
}

/* Five wrong passwords: the door behind preauth is shut, whatever the code. */
static void passwords_locked(void)
{
	enrolled();
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who alice = rig_who("alice");
	rig_open(&store);
	assert_int_equal(account_lock(&store, &alice, &account), ST_OK);
	struct moment now;
	assert_int_equal(clock_read(&now), ST_OK);
	lockout_rebase(&account.state->ledgers, &now);
	account.state->ledgers.ledger[LEDGER_STRANGERS].password_locked_until = now.boot + 900;
	assert_int_equal(account_commit(&account), ST_OK);
}

static void right_answer(void **state)
{
	(void)state;
	everything_fails(
	    &(struct attempt_by){"right", "alice", &right_code, "faults", &wrong_code, enrolled});
}

static void right_backup_code(void **state)
{
	(void)state;
	everything_fails(
	    &(struct attempt_by){"backup", "alice", &backup, "faults", &no_backup, enrolled});
}

static void wrong_answer(void **state)
{
	(void)state;
	everything_fails(
	    &(struct attempt_by){"wrong", "alice", &wrong_code, "faults", NULL, enrolled});
}

static void used_answer(void **state)
{
	(void)state;
	everything_fails(&(struct attempt_by){"used", "alice", &right_code, "faults", NULL, used});
}

static void locked_user(void **state)
{
	(void)state;
	everything_fails(
	    &(struct attempt_by){"locked", "alice", &right_code, "faults", NULL, locked});
}

static void unknown_user(void **state)
{
	(void)state;
	everything_fails(
	    &(struct attempt_by){"unknown", "nobody-here", &right_code, "faults", NULL, enrolled});
}

static void not_enrolled_user(void **state)
{
	(void)state;
	everything_fails(
	    &(struct attempt_by){"not enrolled", "bob", &right_code, "faults", NULL, enrolled});
}

static void right_answer_behind_preauth(void **state)
{
	(void)state;
	everything_fails(&(struct attempt_by){"preauth", "alice", &right_code, "preauth",
					      &wrong_code, enrolled});
}

static void locked_behind_preauth(void **state)
{
	(void)state;
	everything_fails(&(struct attempt_by){"pw locked", "alice", &right_code, "preauth", NULL,
					      passwords_locked});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(right_answer),          cmocka_unit_test(right_backup_code),
	    cmocka_unit_test(wrong_answer),          cmocka_unit_test(used_answer),
	    cmocka_unit_test(locked_user),           cmocka_unit_test(unknown_user),
	    cmocka_unit_test(not_enrolled_user),     cmocka_unit_test(right_answer_behind_preauth),
	    cmocka_unit_test(locked_behind_preauth),
	};
	rig_begin();
	rig_service("faults", stack);
	rig_service("preauth", preauth_stack);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
