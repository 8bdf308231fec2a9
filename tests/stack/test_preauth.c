/* SPDX-License-Identifier: BSD-3-Clause */
/* Passwords under way: the tickets of DESIGN section 6, LCK-20, DUR-10. */
#include "tests/stack/rig.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CROWD = 64 };

static const char stack[] = "auth requisite @ preauth\n"
			    "auth requisite pam_unix.so nodelay\n"
			    "auth required @\n"
			    "account required @\n";

static const struct login full = {
    .service = "full", .user = "alice", .rhost = "192.0.2.1", .account = true};

static void fresh(const char *conf)
{
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_service("full", stack);
	rig_store();
	rig_log_clear();
}

static const struct ledger *strangers(void)
{
	return &rig_state("alice")->ledgers.ledger[LEDGER_STRANGERS];
}

static int login(const char *password, const char *code, struct talk *talk)
{
	*talk = (struct talk){.answers = {password, code}, .count = 2};
	return rig_login(&full, talk);
}

static void ten_right_at_once_never_lock(void **state)
{
	(void)state;
	const char *answers[10];
	int results[10];
	for (size_t i = 0; i < 10; i++)
		answers[i] = RIG_PASSWORD;
	fresh("second_factor = optional\n");
	for (int round = 0; round < 20; round++) {
		rig_crowd(&full, answers, 10, results);
		for (size_t i = 0; i < 10; i++)
			assert_int_equal(results[i], PAM_SUCCESS);
		assert_int_equal(strangers()->attempt_count, 0);
	}
	assert_int_equal(rig_log_count("locked"), 0);
}

static void wrong_passwords_at_once(void **state)
{
	(void)state;
	const char *answers[CROWD];
	int results[CROWD];
	for (size_t i = 0; i < CROWD; i++)
		answers[i] = "Wrong-Horse-12";
	fresh("");
	rig_crowd(&full, answers, CROWD, results);
	for (size_t i = 0; i < CROWD; i++)
		assert_int_equal(results[i], PAM_AUTH_ERR);
	size_t judged = rig_log_count("pam_unix(full:auth): authentication failure");
	printf("%zu of %d wrong passwords at once were judged\n", judged, CROWD);
	assert_in_range(judged, 5, 10);
	struct talk talk;
	assert_int_equal(login(RIG_PASSWORD, "", &talk), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("pam_unix(full:auth): authentication failure"), judged);
}

/* Each in a process that is gone afterwards, so that its ticket has become a failure. */
static void wrong_by_others(unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		struct talk talk;
		pid_t child = fork();
		if (child == 0)
			_exit(login("Wrong-Horse-12", "", &talk) == PAM_AUTH_ERR ? 0 : 1);
		int status = -1;
		assert_true(waitpid(child, &status, 0) == child && status == 0);
	}
}

/* A locked ledger looks like a wrong password: the same prompt, and no password is judged. */
static void locked_looks_like_a_wrong_password(void **state)
{
	(void)state;
	struct talk locked;
	fresh("");
	rig_enroll("alice", 0);
	wrong_by_others(5);
	rig_log_clear();
	uint64_t before = rig_fingerprint();
	assert_int_equal(login(RIG_PASSWORD, rig_code("alice", 0), &locked), PAM_AUTH_ERR);
	assert_int_equal(locked.asked, 1);
	assert_string_equal(locked.prompts[0], "Password: ");
	assert_int_equal(locked.styles[0], PAM_PROMPT_ECHO_OFF);
	assert_int_equal(rig_log_count("pam_unix"), 0);
	assert_int_equal(rig_log_count("event=deny reason=locked"), 1);
	(void)before;
	rig_clock_step(901);
	assert_int_equal(login(RIG_PASSWORD, rig_code("alice", 0), &locked), PAM_SUCCESS);
}

static void die(struct talk *talk)
{
	(void)talk;
	(void)kill(getpid(), SIGKILL);
}

/* DUR-10: a host killed at the prompt leaves its ticket, and the ticket ages into a failure. */
static void killed_at_the_prompt(void **state)
{
	(void)state;
	struct talk talk;
	fresh("");
	rig_enroll("alice", 0);
	for (int i = 0; i < 5; i++) {
		pid_t child = fork();
		if (child == 0) {
			struct talk doomed = {.before = die};
			_exit(rig_login(&full, &doomed) == PAM_SUCCESS);
		}
		int status = 0;
		assert_true(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
		assert_int_equal(strangers()->attempt_count, i + 1);
	}
	assert_int_equal(login(RIG_PASSWORD, rig_code("alice", 0), &talk), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=deny reason=locked"), 1);
}

/* Whatever was not judged gives the ticket back; a wrong code is charged as a code alone. */
static void tickets_given_back(void **state)
{
	(void)state;
	static const char *const answers[] = {"", NULL, RIG_PASSWORD, "\b\n\r\177INCORRECT"};
	struct talk talk;
	fresh("");
	rig_enroll("alice", 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(login(RIG_PASSWORD, answers[i], &talk), PAM_AUTH_ERR);
		assert_int_equal(strangers()->attempt_count, 0);
		assert_int_equal(strangers()->code_failures, 0);
	}
	assert_int_equal(login(RIG_PASSWORD, rig_wrong("alice"), &talk), PAM_AUTH_ERR);
	assert_int_equal(strangers()->attempt_count, 0);
	assert_int_equal(strangers()->code_failures, 1);
	assert_int_equal(login(RIG_PASSWORD, rig_code("alice", 0), &talk), PAM_SUCCESS);
	assert_int_equal(strangers()->attempt_count, 0);
	assert_int_equal(strangers()->code_failures, 0);
}

/* Without account the right password is never known: its ticket ages into a failure. */
static void a_host_that_never_calls_account(void **state)
{
	(void)state;
	struct login half = full;
	struct talk talk;
	half.account = false;
	fresh("second_factor = optional\n");
	for (int i = 0; i < 5; i++) {
		talk = (struct talk){.answers = {RIG_PASSWORD}, .count = 1};
		assert_int_equal(rig_login(&half, &talk), PAM_SUCCESS);
	}
	assert_int_equal(strangers()->attempt_count, 5);
}

/* sudo's three tries on one handle: each new try says that the last password was wrong. */
static void three_tries_on_one_handle(void **state)
{
	(void)state;
	struct talk talk = {.answers = {"Wrong-1", "Wrong-2", RIG_PASSWORD}, .count = 3};
	fresh("second_factor = optional\n");
	pam_handle_t *pamh = rig_start("full", "alice", "192.0.2.1", &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
	assert_int_equal(strangers()->attempt_count, 2);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
	assert_int_equal(strangers()->attempt_count, 0);
	rig_stop(pamh, PAM_SUCCESS);
}

/* A host that asks account twice: the second time forgives nobody what came in between. */
static void a_ticket_is_redeemed_once(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD}, .count = 1};
	fresh("second_factor = optional\n");
	pam_handle_t *pamh = rig_start("full", "alice", "192.0.2.1", &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
	wrong_by_others(3);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
	assert_int_equal(strangers()->attempt_count, 3);
	rig_stop(pamh, PAM_SUCCESS);
}

/* What locks and what ends is in the log, once each, and not as a judged code. */
static void a_password_lock_is_logged(void **state)
{
	(void)state;
	struct talk talk;
	fresh("");
	rig_enroll("alice", 0);
	wrong_by_others(5);
	for (int i = 0; i < 2; i++)
		assert_int_equal(login(RIG_PASSWORD, rig_code("alice", 0), &talk), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=lock reason=locked user=\"alice\" uid=1001 "
				       "service=full rhost=192.0.2.1 ledger=strangers fails=5 "
				       "factor=password"),
			 1);
	assert_int_equal(rig_log_count("event=lock"), 1);
	assert_int_equal(rig_log_count("event=unlock"), 0);
	assert_int_equal(rig_log_count("event=deny reason=locked"), 2);
	rig_clock_step(900);
	for (int i = 0; i < 2; i++)
		assert_int_equal(login("Wrong-Horse-12", "", &talk), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=unlock reason=ok"), 1);
}

/* Users in grace share a slot until their first login; their right passwords leave nothing there
 * that could lock out the others who share it. */
static void first_logins_at_once(void **state)
{
	(void)state;
	enum { COUNT = 10 };
	const char *answers[COUNT];
	int results[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		answers[i] = RIG_PASSWORD;
	fresh("enroll_at_login = no\n");
	rig_crowd(&full, answers, COUNT, results);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(results[i], PAM_SUCCESS);
	assert_int_equal(strangers()->attempt_count, 0);
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who alice = rig_who("alice");
	rig_open(&store);
	assert_int_equal(account_lock_shared(&store, &alice, &account), ST_OK);
	assert_int_equal(account.state->ledgers.ledger[LEDGER_STRANGERS].attempt_count, 0);
}

/* lockout_message says it to whoever asked for the password, unless the host is silent. */
static void the_locked_may_be_told(void **state)
{
	(void)state;
	static const struct {
		const char *conf;
		int flags;
		bool told;
	} cases[] = {{"", 0, false},
		     {"lockout_message = no\n", 0, false},
		     {"lockout_message = yes\n", 0, true},
		     {"lockout_message = yes\n", PAM_SILENT, false}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct talk talk = {.answers = {RIG_PASSWORD, "123456"}, .count = 2};
		struct login locked = full;
		fresh(cases[i].conf);
		rig_enroll("alice", 0);
		wrong_by_others(5);
		rig_log_clear();
		locked.flags = cases[i].flags;
		assert_int_equal(rig_login(&locked, &talk), PAM_AUTH_ERR);
		assert_int_equal(talk.asked, 1);
		assert_int_equal(talk.told, cases[i].told);
		assert_int_equal(strstr(talk.told_text, "locked for now") != NULL, cases[i].told);
		assert_int_equal(rig_log_count("event=deny reason=locked"), 1);
		assert_int_equal(rig_log_count("pam_unix"), 0);
	}
}

/* Nothing is asked for there, but passwords count all the same. */
static void without_a_second_factor_passwords_count(void **state)
{
	(void)state;
	struct talk talk;
	fresh("second_factor = off\n");
	assert_int_equal(login(RIG_PASSWORD, "", &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 1);
	assert_int_equal(rig_log_count("event=pass reason=off user=\"alice\""), 1);
	assert_int_equal(rig_log_count("reason="), 1);
	wrong_by_others(5);
	rig_log_clear();
	assert_int_equal(login(RIG_PASSWORD, "", &talk), PAM_AUTH_ERR);
	assert_int_equal(talk.asked, 1);
	assert_int_equal(rig_log_count("event=deny reason=locked"), 1);
	assert_int_equal(rig_log_count("pam_unix"), 0);
}

/* Nobody can say whether a lock is over: no password is asked for. */
static void no_clock_no_password(void **state)
{
	(void)state;
	struct talk talk;
	fresh("");
	rig_clock_break(true);
	int result = login(RIG_PASSWORD, "", &talk);
	rig_clock_break(false);
	assert_int_equal(result, PAM_SYSTEM_ERR);
	assert_int_equal(talk.asked, 0);
	assert_int_equal(rig_log_count("event=deny reason=clock-invalid"), 1);
}

/* Neither key nor store: nothing to count in, which is no reason to refuse, nor to make any. */
static void not_initialised(void **state)
{
	(void)state;
	struct talk talk;
	fresh("");
	assert_int_equal(rename(rig_path("state"), rig_path("lost")), 0);
	assert_int_equal(rename(rig_path("keys"), rig_path("lost-keys")), 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(login("Wrong-Horse-12", "", &talk), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event="), 0);
	assert_int_equal(login(RIG_PASSWORD, "", &talk), PAM_SUCCESS);
	assert_true(rig_log_count("reason=not-initialised") >= 1);
	rig_conf("enroll_grace = 0\n");
	rig_log_clear();
	assert_int_equal(login(RIG_PASSWORD, "123456", &talk), PAM_AUTH_ERR);
	assert_int_equal(talk.asked, 2);
	assert_int_equal(rig_log_count("event=deny reason=not-initialised"), 1);
	talk = (struct talk){.answers = {RIG_PASSWORD}, .count = 1, .gone_at = 2};
	assert_int_equal(rig_login(&full, &talk), PAM_CONV_ERR);
	assert_int_equal(rig_log_count("event=deny reason=conv"), 1);
	assert_int_equal(access(rig_path("state"), F_OK), -1);
	assert_int_equal(access(rig_path("keys"), F_OK), -1);
	assert_int_equal(rename(rig_path("lost"), rig_path("state")), 0);
	assert_int_equal(rename(rig_path("lost-keys"), rig_path("keys")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ten_right_at_once_never_lock),
	    cmocka_unit_test(wrong_passwords_at_once),
	    cmocka_unit_test(locked_looks_like_a_wrong_password),
	    cmocka_unit_test(killed_at_the_prompt),
	    cmocka_unit_test(tickets_given_back),
	    cmocka_unit_test(a_host_that_never_calls_account),
	    cmocka_unit_test(three_tries_on_one_handle),
	    cmocka_unit_test(a_ticket_is_redeemed_once),
	    cmocka_unit_test(a_password_lock_is_logged),
	    cmocka_unit_test(first_logins_at_once),
	    cmocka_unit_test(the_locked_may_be_told),
	    cmocka_unit_test(without_a_second_factor_passwords_count),
	    cmocka_unit_test(no_clock_no_password),
	    cmocka_unit_test(not_initialised),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
