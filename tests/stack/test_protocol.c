/* SPDX-License-Identifier: BSD-3-Clause */
/* The module and its host: PAM-01 to PAM-17, PAM-21, INP-07, INP-08, INP-10, SEC-10, PAM-24. */
#include "tests/stack/rig.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <security/pam_modules.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct login code_login = {.service = "code", .user = "alice", .rhost = "192.0.2.1"};

static void fresh(void)
{
	rig_clock_set(1795262410, 5000);
	rig_conf("");
	rig_store();
	rig_enroll("alice", 2);
	rig_log_clear();
}

typedef int entry_point(pam_handle_t *, int, int, const char **);

/* PAM-01 */
static void entry_points_without_anything(void **state)
{
	(void)state;
	static const char *const names[] = {"pam_sm_authenticate", "pam_sm_acct_mgmt",
					    "pam_sm_open_session"};
	void *module = dlopen(getenv("KLING_MODULE"), RTLD_NOW);
	assert_non_null(module);
	for (size_t i = 0; i < 3; i++) {
		entry_point *entry = NULL;
		*(void **)&entry = dlsym(module, names[i]);
		assert_non_null(entry);
		assert_int_equal(entry(NULL, 0, 0, NULL), PAM_SYSTEM_ERR);
		assert_int_equal(entry(NULL, -1, 0, NULL), PAM_SYSTEM_ERR);
	}
	assert_int_equal(dlclose(module), 0);
}

/* PAM-03, PAM-04: a conversation that fails charges nothing. */
static void broken_conversations(void **state)
{
	(void)state;
	static const int failures[] = {PAM_CONV_ERR, PAM_CONV_AGAIN, PAM_BUF_ERR, 99};
	fresh();
	uint64_t before = rig_fingerprint();
	for (size_t i = 0; i < 4; i++) {
		struct talk talk = {.fail = failures[i]};
		assert_int_equal(rig_login(&code_login, &talk), PAM_CONV_ERR);
	}
	struct talk silent = {.no_reply = true};
	assert_int_equal(rig_login(&code_login, &silent), PAM_CONV_ERR);
	assert_true(rig_fingerprint() == before);
	assert_int_equal(rig_log_count("reason=conv"), 5);
}

/* PAM-09, PAM-10 */
static void silent_hosts(void **state)
{
	(void)state;
	struct login quiet = code_login;
	struct talk talk = {.answers = {rig_wrong("alice")}, .count = 1};
	fresh();
	quiet.flags = PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK;
	assert_int_equal(rig_login(&quiet, &talk), PAM_AUTH_ERR);
	assert_int_equal(talk.asked, 1);
	assert_int_equal(talk.told, 0);
}

/* PAM-12: once a handle in the log, never a charge. */
static void blind_conversation(void **state)
{
	(void)state;
	fresh();
	rig_service("blind", "auth requisite pam_unix.so nodelay\nauth required @\n");
	struct talk talk = {.answers = {RIG_PASSWORD, RIG_PASSWORD, RIG_PASSWORD, RIG_PASSWORD},
			    .count = 4};
	uint64_t before = rig_fingerprint();
	pam_handle_t *pamh = rig_start("blind", "alice", "192.0.2.1", &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
	rig_stop(pamh, PAM_AUTH_ERR);
	assert_true(rig_fingerprint() == before);
	assert_int_equal(rig_log_count("reason=blind-conversation"), 1);
}

/* PAM-13: what a host sends for users it will refuse anyway. */
static void junk_answers(void **state)
{
	(void)state;
	static const char pattern[] = "\b\n\r\177INCORRECT";
	static const size_t lengths[] = {1, 3, 4, 6, 19, 64};
	fresh();
	for (size_t i = 0; i < 6; i++) {
		char junk[65] = "";
		for (size_t j = 0; j < lengths[i]; j++)
			junk[j] = pattern[j % (sizeof(pattern) - 1)];
		const struct live_state *before = rig_state("alice");
		rig_log_clear();
		assert_int_equal(rig_answer("alice", junk), PAM_AUTH_ERR);
		const struct live_state *after = rig_state("alice");
		assert_memory_equal(before, after, sizeof(*before));
		assert_int_equal(rig_log_count("reason=host-refused"), 1);
	}
	rig_enroll("root", 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(rig_answer("root", "\b\n\r\177INCORRECT"), PAM_AUTH_ERR);
	assert_in_range(rig_log_count("reason=host-refused"), 1, 12);
}

static uint32_t failures_of(const char *user)
{
	return rig_state(user)->ledgers.ledger[LEDGER_STRANGERS].code_failures;
}

/* PAM-17 */
static void three_tries_on_one_handle(void **state)
{
	(void)state;
	fresh();
	const char *wrong = rig_wrong("alice");
	struct talk talk = {.answers = {wrong, wrong, rig_code("alice", 0)}, .count = 3};
	pam_handle_t *pamh = rig_start("code", "alice", NULL, &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
	assert_int_equal(failures_of("alice"), 2);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(failures_of("alice"), 0);
	rig_stop(pamh, PAM_SUCCESS);
}

/* PAM-16, LCK-11: account and session without auth touch nothing. */
static void without_authenticate(void **state)
{
	(void)state;
	static const char *const services[] = {"code", "cron", "su", "sudo"};
	fresh();
	for (size_t i = 1; i < 4; i++)
		rig_service(services[i],
			    "auth required @\naccount required @\nsession required @\n");
	uint64_t before = rig_fingerprint();
	for (size_t i = 0; i < 4; i++) {
		struct talk talk = {0};
		pam_handle_t *pamh = rig_start(services[i], i % 2 ? "bob" : "alice", NULL, &talk);
		assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
		assert_int_equal(pam_setcred(pamh, PAM_ESTABLISH_CRED), PAM_SUCCESS);
		assert_int_equal(pam_open_session(pamh, 0), PAM_SUCCESS);
		assert_int_equal(pam_close_session(pamh, 0), PAM_SUCCESS);
		assert_int_equal(talk.asked + talk.told, 0);
		rig_stop(pamh, PAM_SUCCESS);
	}
	assert_true(rig_fingerprint() == before);
}

/* A stack that overlooks our refusal meets it again in the account phase. */
static void a_refusal_is_remembered(void **state)
{
	(void)state;
	fresh();
	rig_service("loose", "auth optional @\nauth required pam_permit.so\naccount required @\n");
	struct talk talk = {.answers = {rig_wrong("alice")}, .count = 1};
	pam_handle_t *pamh = rig_start("loose", "alice", "192.0.2.1", &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_PERM_DENIED);
	rig_stop(pamh, PAM_PERM_DENIED);
}

/* INP-08, INP-10: names and hosts of all kinds make one line that can be read back. */
static void hostile_names(void **state)
{
	(void)state;
	static const size_t lengths[] = {31, 32, 255, 256, 4096, 1000000};
	fresh();
	for (size_t i = 0; i < 6; i++) {
		char *name = calloc(1, lengths[i] + 1);
		memset(name, 'a', lengths[i]);
		assert_int_equal(rig_answer(name, "123456"), PAM_AUTH_ERR);
		free(name);
	}
	static const char host[] = "a\nb\x1b[2J\x80\xff\"\\ event=accept";
	struct talk talk = {.answers = {rig_wrong("alice")}, .count = 1};
	const struct login login = {.service = "code", .user = "alice", .rhost = host};
	rig_log_clear();
	assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count(""), 1);
	assert_non_null(
	    strstr(rig_log(), "rhost=\"a\\nb\\x1b[2J\\x80\\xff\\\"\\\\ event=accept\" ledger="));
}

/* --- the guest (PAM-14, SEC-10, PAM-24) ---------------------------------------------------------
 */

static size_t open_descriptors(void)
{
	size_t count = 0;
	DIR *directory = opendir("/proc/self/fd");
	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	(void)closedir(directory);
	return count;
}

static long resident_kib(void)
{
	struct rusage usage;
	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

static void leaves_nothing_behind(void **state)
{
	(void)state;
	fresh();
	rig_conf("lockout_tries = 0\nlockout_cap = 0\n");
	(void)rig_answer("alice", rig_wrong("alice"));
	size_t descriptors = open_descriptors();
	for (int i = 0; i < 300; i++)
		(void)rig_answer(i % 2 ? "alice" : "nobody", rig_wrong("alice"));
	long resident = resident_kib();
	for (int i = 0; i < 3000; i++)
		(void)rig_answer(i % 2 ? "alice" : "nobody", rig_wrong("alice"));
	assert_int_equal(open_descriptors(), descriptors);
	/* A sanitizer keeps what was freed for a while. */
	const char *sanitizers = getenv("KLING_SANITIZERS");
	if (sanitizers == NULL || sanitizers[0] == '\0')
		assert_in_range(resident_kib(), 0, resident + 512);
}

static void hands_off_the_host(void **state)
{
	(void)state;
	char before[4096], after[4096];
	sigset_t mask, later;
	fresh();
	assert_int_equal(sigemptyset(&mask), 0);
	assert_int_equal(sigaddset(&mask, SIGUSR1), 0);
	assert_int_equal(sigprocmask(SIG_SETMASK, &mask, NULL), 0);
	mode_t old = umask(027);
	(void)alarm(500);
	assert_non_null(getcwd(before, sizeof(before)));
	const char *answers[] = {rig_wrong("alice"), rig_backup(1), "", rig_code("alice", 0)};
	for (size_t i = 0; i < 4; i++)
		(void)rig_answer("alice", answers[i]);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &later), 0);
	assert_int_equal(sigismember(&later, SIGUSR1), 1);
	assert_int_equal(sigismember(&later, SIGTERM), 0);
	assert_int_equal(umask(old), 027);
	assert_in_range(alarm(0), 490, 500);
	assert_non_null(getcwd(after, sizeof(after)));
	assert_string_equal(before, after);
	struct sigaction action;
	for (int signal = 1; signal < 32; signal++) {
		assert_int_equal(sigaction(signal, NULL, &action), 0);
		assert_true(action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN ||
			    signal == SIGSEGV || signal == SIGILL || signal == SIGFPE ||
			    signal == SIGBUS || signal == SIGSYS);
	}
}

/* PAM-15 */
static void loaded_and_unloaded_a_thousand_times(void **state)
{
	(void)state;
	fresh();
	for (int i = 0; i < 1000; i++) {
		void *module = dlopen(getenv("KLING_MODULE"), RTLD_NOW);
		assert_non_null(module);
		assert_int_equal(dlclose(module), 0);
	}
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
}

/* PAM-11 */
static void combined_prompt(void **state)
{
	(void)state;
	char reply[128];
	fresh();
	rig_conf("prompt_style = combined\n");
	rig_service("combined",
		    "auth requisite @\nauth required pam_unix.so use_first_pass nodelay\n");
	const struct login login = {.service = "combined", .user = "alice", .rhost = "192.0.2.1"};
	struct talk talk = {.answers = {reply}, .count = 1};
	(void)snprintf(reply, sizeof(reply), "%s%s", RIG_PASSWORD, rig_code("alice", 0));
	assert_int_equal(rig_login(&login, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 1);
	assert_string_equal(talk.prompts[0], "Password and verification code: ");
	talk.asked = 0;
	(void)snprintf(reply, sizeof(reply), "%s%s", RIG_PASSWORD, rig_backup(0));
	assert_int_equal(rig_login(&login, &talk), PAM_SUCCESS);
	talk.asked = 0;
	(void)snprintf(reply, sizeof(reply), "%s", rig_code("alice", 1));
	assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
	talk.asked = 0;
	(void)snprintf(reply, sizeof(reply), "wrong%s", rig_code("alice", 1));
	assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
}

/* Without an enrollment the last six characters are the code; a prompt of one's own is shown. */
static void combined_prompt_for_anybody(void **state)
{
	(void)state;
	static const struct {
		const char *user, *reason;
	} cases[] = {{"mallory", "event=deny reason=unknown"},
		     {"bob", "event=deny reason=not-enrolled"}};
	fresh();
	rig_service("combined", "auth required @\n");
	for (size_t i = 0; i < 2; i++) {
		struct talk talk = {.answers = {RIG_PASSWORD "123456"}, .count = 1};
		const struct login login = {
		    .service = "combined", .user = cases[i].user, .rhost = "192.0.2.1"};
		rig_conf("prompt_style = combined\nprompt = Both:\nenroll_grace = 0\n");
		rig_log_clear();
		assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
		assert_int_equal(talk.asked, 1);
		assert_string_equal(talk.prompts[0], "Both: ");
		assert_int_equal(rig_log_count(cases[i].reason), 1);
		assert_null(strstr(rig_log(), RIG_PASSWORD));
	}
}

/* A host whose conversation has no function is told so, and nobody is charged. */
static void a_conversation_without_function(void **state)
{
	(void)state;
	fresh();
	struct talk talk = {.count = 0};
	const struct pam_conv none = {NULL, NULL};
	uint64_t before = rig_fingerprint();
	pam_handle_t *pamh = rig_start("code", "alice", "192.0.2.1", &talk);
	assert_int_equal(pam_set_item(pamh, PAM_CONV, &none), PAM_SUCCESS);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_CONV_ERR);
	rig_stop(pamh, PAM_CONV_ERR);
	assert_int_equal(rig_log_count("event=deny reason=conv"), 1);
	assert_true(rig_fingerprint() == before);
}

/* Without a clock nobody knows how many lines a minute has had: each is written. */
static void junk_answers_without_a_clock(void **state)
{
	(void)state;
	fresh();
	rig_clock_break(true);
	for (int i = 0; i < 20; i++)
		assert_int_equal(rig_answer("alice", "\b\n\r\177INCORRECT"), PAM_AUTH_ERR);
	rig_clock_break(false);
	assert_int_equal(rig_log_count("reason=host-refused"), 20);
}

static void lose_store(void)
{
	assert_int_equal(rename(rig_path("state"), rig_path("lost")), 0);
}

static void lose_alice(void)
{
	assert_int_equal(unlink(rig_path("state/users/alice/state")), 0);
}

static void lose_enrollment(void)
{
	assert_int_equal(unlink(rig_path("state/users/alice/enrollment")), 0);
}

static void break_configuration(void)
{
	rig_conf("lockout_tries = five\n");
}

static void want_no_report(void)
{
	rig_conf("session_report = no\n");
}

/* Whatever happened since the login, the session begins; it only has nothing to tell. */
static void a_session_is_never_refused(void **state)
{
	(void)state;
	static const struct {
		void (*trouble)(void);
		int flags;
		size_t told;
	} cases[] = {{NULL, 0, 1},
		     {NULL, PAM_SILENT, 0},
		     {want_no_report, 0, 0},
		     {lose_store, 0, 0},
		     {lose_alice, 0, 0},
		     {lose_enrollment, 0, 0},
		     {break_configuration, 0, 0}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fresh();
		assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
		struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1};
		pam_handle_t *pamh = rig_start("code", "alice", "192.0.2.1", &talk);
		assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
		assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
		assert_int_equal(talk.told, 0);
		if (cases[i].trouble != NULL)
			cases[i].trouble();
		assert_int_equal(pam_open_session(pamh, cases[i].flags), PAM_SUCCESS);
		assert_int_equal(talk.told, cases[i].told);
		assert_int_equal(strstr(talk.told_text, "1 failed attempt") != NULL, cases[i].told);
		assert_int_equal(pam_close_session(pamh, cases[i].flags), PAM_SUCCESS);
		assert_int_equal(talk.told, cases[i].told);
		rig_stop(pamh, PAM_SUCCESS);
		(void)rename(rig_path("lost"), rig_path("state"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(entry_points_without_anything),
	    cmocka_unit_test(broken_conversations),
	    cmocka_unit_test(silent_hosts),
	    cmocka_unit_test(blind_conversation),
	    cmocka_unit_test(junk_answers),
	    cmocka_unit_test(three_tries_on_one_handle),
	    cmocka_unit_test(without_authenticate),
	    cmocka_unit_test(a_refusal_is_remembered),
	    cmocka_unit_test(hostile_names),
	    cmocka_unit_test(leaves_nothing_behind),
	    cmocka_unit_test(hands_off_the_host),
	    cmocka_unit_test(loaded_and_unloaded_a_thousand_times),
	    cmocka_unit_test(combined_prompt),
	    cmocka_unit_test(combined_prompt_for_anybody),
	    cmocka_unit_test(a_conversation_without_function),
	    cmocka_unit_test(junk_answers_without_a_clock),
	    cmocka_unit_test(a_session_is_never_refused),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
