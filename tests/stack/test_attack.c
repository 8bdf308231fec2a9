/* SPDX-License-Identifier: BSD-3-Clause */
/* Ways in and ways to keep others out that once worked: LCK-12, TIM-05, DUR-05, RES-06 and more. */
/* First: cmocka has a macro of the name of one of the tool's functions. */
#include "kling-enroll/issue.h"

#include "tests/stack/rig.h"

#include "lib/store/account_parts.h"
#include "lib/store/table.h"

#include <errno.h>
#include <fcntl.h>
#include <nss.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ATTACKER = 1004, SLOT = 8192 };

static const struct login by_su = {.service = "su", .user = "alice"};

static void fresh(const char *conf)
{
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_service("su", "auth required @\naccount required @\n");
	rig_store();
	rig_enroll("alice", 4);
	rig_log_clear();
}

/* What a setuid program started by dave has: his real uid, root's effective one. */
static void become_setuid_program(void)
{
	if (setresuid(ATTACKER, 0, 0) != 0)
		_exit(9);
}

static int su_once(const char *answer)
{
	struct talk talk = {.answers = {answer}, .count = 1};
	return rig_login(&by_su, &talk);
}

/* --- a limit of the caller's on the size of files tears a slot of somebody else's state ---------
 */

static void su_with_a_limit(rlim_t bytes)
{
	pid_t child = fork();
	if (child == 0) {
		const struct rlimit limit = {bytes, bytes};
		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &limit);
		become_setuid_program();
		(void)su_once("000000");
		_exit(0);
	}
	int status = -1;
	assert_true(waitpid(child, &status, 0) == child);
}

static void a_file_size_limit_damages_nothing(void **state)
{
	(void)state;
	fresh("");
	su_with_a_limit(SLOT + 256);
	su_with_a_limit(SLOT + 256);
	rig_log_clear();
	int result = rig_answer("alice", rig_code("alice", 0));
	printf("%s", rig_log());
	assert_int_equal(rig_log_count("state-corrupt"), 0);
	assert_int_equal(result, PAM_SUCCESS);
}

/* Repeated before each login of hers it locks her out everywhere, at the console too. */
static void a_file_size_limit_locks_nobody_out(void **state)
{
	(void)state;
	int accepted = 0;
	const struct login console = {.service = "login", .user = "alice"};
	fresh("");
	rig_service("login", "auth required @\naccount required @\n");
	for (int i = 0; i < 6; i++) {
		rig_clock_step(61);
		su_with_a_limit(SLOT + 256);
		su_with_a_limit(SLOT + 256);
		struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1};
		accepted += rig_login(&console, &talk) == PAM_SUCCESS;
	}
	printf("alice came in %d of 6 times with a right code at the console\n", accepted);
	assert_int_equal(rig_state("alice")->ledgers.ledger[LEDGER_CONSOLE].code_locked_until, 0);
	assert_int_equal(accepted, 6);
}

/* --- a stopped su keeps the lock ----------------------------------------------------------------
 */

static bool lock_is_held(int file)
{
	struct flock wish = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
	return fcntl(file, F_OFD_GETLK, &wish) == 0 && wish.l_type != F_UNLCK;
}

static bool send_as_attacker(pid_t to, int signal)
{
	pid_t child = fork();
	if (child == 0)
		_exit(setresuid(ATTACKER, ATTACKER, ATTACKER) == 0 && kill(to, signal) == 0 ? 0
											    : 1);
	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	return status == 0;
}

static void a_stopped_su_locks_nobody_out(void **state)
{
	(void)state;
	bool held = false;
	fresh("");
	int file = open(rig_path("state/users/alice/state"), O_RDWR | O_CLOEXEC);
	pid_t su = fork();
	if (su == 0) {
		become_setuid_program();
		for (;;) {
			const struct timespec typing = {0, 1000000};
			(void)su_once("000000");
			(void)nanosleep(&typing, NULL);
		}
	}
	/* Until it has the real uid that may be signalled. */
	(void)nanosleep(&(const struct timespec){0, 200000000}, NULL);
	int stops = 0, refused = 0;
	for (int tries = 0; tries < 600 && !held; tries++) {
		const struct timespec nap = {0, 200000 + 1000 * (tries % 997)};
		if (!send_as_attacker(su, SIGSTOP)) {
			refused++;
			(void)nanosleep(&nap, NULL);
			continue;
		}
		stops++;
		(void)waitpid(su, NULL, WUNTRACED);
		held = lock_is_held(file);
		if (!held) {
			assert_true(send_as_attacker(su, SIGCONT));
			(void)nanosleep(&nap, NULL);
		}
	}
	printf("stopped %d times outside the lock, refused %d times within it\n", stops, refused);
	assert_true(stops > 0);
	rig_log_clear();
	int result = rig_answer("alice", rig_code("alice", 0));
	printf("%s", rig_log());
	(void)kill(su, SIGKILL);
	(void)waitpid(su, NULL, 0);
	(void)close(file);
	assert_false(held);
	assert_int_equal(result, PAM_SUCCESS);
}

/* --- a failed group look-up is trouble ----------------------------------------------------------
 */

static void a_group_source_that_is_down_is_trouble(void **state)
{
	(void)state;
	fresh("second_factor = off\n[group staff]\nsecond_factor = required\n");
	rig_service("code2", "auth required @\nauth required pam_permit.so\n");
	pid_t child = fork();
	if (child == 0) {
		/* What `group: sss` is while sssd is down. */
		(void)__nss_configure_lookup("group", "gone");
		struct talk talk = {.count = 0};
		const struct login login = {
		    .service = "code2", .user = "alice", .rhost = "192.0.2.1"};
		_exit(rig_login(&login, &talk) == PAM_SUCCESS);
	}
	int status = -1;
	assert_true(waitpid(child, &status, 0) == child);
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* --- a locked password ledger, from outside ------------------------------------------------------
 */

static unsigned delay_asked;

static void note_delay(int result, unsigned microseconds, void *data)
{
	(void)result;
	(void)data;
	delay_asked = microseconds;
}

static unsigned delay_of(const char *user, const char *password)
{
	struct talk talk = {.answers = {password}, .count = 1};
	delay_asked = 0;
	pam_handle_t *pamh = rig_start("delayed", user, "192.0.2.1", &talk);
	union {
		void (*function)(int, unsigned, void *);
		const void *item;
	} delay = {note_delay};
	assert_int_equal(pam_set_item(pamh, PAM_FAIL_DELAY, delay.item), PAM_SUCCESS);
	int result = pam_authenticate(pamh, 0);
	assert_int_equal(result, PAM_AUTH_ERR);
	rig_stop(pamh, result);
	return delay_asked;
}

/* The slots of names that do not exist are few: who has locked them all sees by the delay alone
 * which further names exist. */
static void a_locked_password_takes_as_long(void **state)
{
	(void)state;
	fresh("");
	rig_service("delayed", "auth requisite @ preauth\n"
			       "auth requisite pam_unix.so\n"
			       "auth required @\n");
	unsigned wrong = delay_of("alice", "Wrong-Horse-12");
	for (int i = 0; i < 6; i++) {
		pid_t child = fork();
		if (child == 0) {
			struct talk talk = {.answers = {"Wrong-Horse-12"}, .count = 1};
			const struct login login = {
			    .service = "delayed", .user = "alice", .rhost = "192.0.2.1"};
			pam_handle_t *pamh =
			    rig_start(login.service, login.user, login.rhost, &talk);
			union {
				void (*function)(int, unsigned, void *);
				const void *item;
			} delay = {note_delay};
			(void)pam_set_item(pamh, PAM_FAIL_DELAY, delay.item);
			(void)pam_authenticate(pamh, 0);
			_exit(0);
		}
		(void)waitpid(child, NULL, 0);
	}
	unsigned locked = delay_of("alice", "Wrong-Horse-12");
	printf("delay: %u us after a wrong password, %u us while locked\n", wrong, locked);
	assert_true(wrong > 0);
	assert_true(locked > 0);
}

/* --- rescue -------------------------------------------------------------------------------------
 */

static void a_broken_configuration_asks_root_for_a_code(void **state)
{
	(void)state;
	const struct login login = {.service = "login", .user = "root"};
	struct talk talk = {.count = 0};
	fresh("");
	rig_enroll("root", 0);
	rig_service("login", "auth required @\nauth required pam_permit.so\naccount required @\n");
	rig_conf("no_such_option = 1\n");
	int result = rig_login(&login, &talk);
	printf("%s", rig_log());
	assert_int_not_equal(result, PAM_SUCCESS);
}

/* --- the work for a backup code ------------------------------------------------------------------
 */

/* Of this process's own work, whatever else the machine does. */
static long milliseconds(const char *user)
{
	struct timespec before, after;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	assert_int_equal(rig_answer(user, "AAAA-BBBB-CCCC-DDDD"), PAM_AUTH_ERR);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	return (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
}

/* The administrator raises the iterations: the sets that are there keep theirs. */
static void more_iterations_tell_nobody_apart(void **state)
{
	(void)state;
	fresh("enroll_grace = 0\nbackup_code_iterations = 1000000\n");
	long enrolled = milliseconds("alice");
	long unknown = milliseconds("mallory");
	printf("enrolled %ld ms, unknown %ld ms\n", enrolled, unknown);
	assert_true(enrolled * 3 > unknown * 2 && unknown * 3 > enrolled * 2);
}

/* --- the slots of other local users
 * ---------------------------------------------------------------- */

static size_t select_uid(struct ledgers *ledgers, uint32_t uid, const struct lockout_rules *rules)
{
	const struct source source = {.kind = SOURCE_LOCAL, .uid = uid};
	return lockout_select(ledgers, &source, rules);
}

/* Four honest typing errors, ever, and one hostile user shares a ledger with the administrator. */
static void a_slot_of_a_year_ago_is_free(void **state)
{
	(void)state;
	const struct lockout_rules rules = {.tries = 5,
					    .cap = 100,
					    .parallel = 5,
					    .interval = 900,
					    .duration = 900,
					    .max_duration = 86400,
					    .root = true};
	struct ledgers ledgers = {.anchor = {.wall = 1795262410, .boot = 5000}};
	for (uint32_t uid = 2001; uid <= 2004; uid++)
		(void)lockout_charge_code(&ledgers, select_uid(&ledgers, uid, &rules), &rules,
					  true);
	struct moment later = ledgers.anchor;
	later.wall += 365 * 86400;
	later.boot += 365 * 86400;
	lockout_rebase(&ledgers, &later);
	for (int i = 0; i < 5; i++)
		(void)lockout_charge_code(&ledgers, select_uid(&ledgers, ATTACKER, &rules), &rules,
					  true);
	size_t of_admin = select_uid(&ledgers, 1001, &rules);
	assert_int_equal(lockout_code_state(&ledgers, of_admin, &rules, true), LOCK_OPEN);
}

/* --- the kernel's audit records
 * ------------------------------------------------------------------- */

static unsigned audit_records, audit_look_ups;

/* Ours instead of libaudit's: libpam's own records go nowhere. */
#define EXPORT __attribute__((visibility("default")))
EXPORT int audit_open(void);
EXPORT int audit_log_acct_message(int audit, int type, const char *program, const char *op,
				  const char *name, unsigned id, const char *host,
				  const char *address, const char *tty, int result);
EXPORT int audit_log_user_message(int audit, int type, const char *message, const char *host,
				  const char *address, const char *tty, int result);

int audit_open(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

int audit_log_acct_message(int audit, int type, const char *program, const char *op,
			   const char *name, unsigned id, const char *host, const char *address,
			   const char *tty, int result)
{
	(void)audit, (void)type, (void)program, (void)op, (void)name, (void)id, (void)host;
	(void)address, (void)tty, (void)result;
	return 1;
}

/* libaudit asks the resolver for the host's address where it is given none. */
int audit_log_user_message(int audit, int type, const char *message, const char *host,
			   const char *address, const char *tty, int result)
{
	(void)audit, (void)type, (void)message, (void)tty, (void)result;
	audit_records++;
	audit_look_ups += host != NULL && (address == NULL || address[0] == '\0');
	return 1;
}

static void a_lock_is_audited_without_dns(void **state)
{
	(void)state;
	const struct login login = {
	    .service = "code", .user = "alice", .rhost = "host.of.the.attacker.example"};
	fresh("");
	audit_records = audit_look_ups = 0;
	for (int i = 0; i < 5; i++) {
		struct talk talk = {.answers = {rig_wrong("alice")}, .count = 1};
		assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
	}
	printf("%s", rig_log());
	assert_int_equal(rig_log_count("event=lock"), 1);
	assert_int_equal(audit_look_ups, 0);
	assert_true(audit_records > 0);
}

/* --- the ticket of a first login
 * -------------------------------------------------------------------- */

/* It was taken in the shared slot, and the account phase makes a state of the user's own. */
static void a_first_login_leaves_no_ticket(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD}, .count = 1};
	const struct login login = {
	    .service = "full", .user = "carol", .rhost = "192.0.2.1", .account = true};
	fresh("");
	rig_service("full", "auth requisite @ preauth\n"
			    "auth requisite pam_unix.so nodelay\n"
			    "auth required @\n"
			    "auth required pam_permit.so\n"
			    "account required @\n");
	assert_int_equal(rig_login(&login, &talk), PAM_SUCCESS);
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT slot = ACCOUNT_CLOSED;
	rig_open(&store);
	assert_int_equal(account_lock_slot(&store, ACCOUNT_UNENROLLED,
					   table_slot(&store.keyring, STATE_OF_UNENROLLED, "carol"),
					   &slot),
			 ST_OK);
	assert_int_equal(slot.state->ledgers.ledger[LEDGER_STRANGERS].attempt_count, 0);
}

/* --- codes spent while the tool takes back what it stored
 * -------------------------------------------- */

static void an_undone_issue_revives_no_code(void **state)
{
	(void)state;
	struct tool tool = {.store = STORE_CLOSED};
	struct issue issue = {
	    .kind = ISSUE_CODES, .who = {"alice", 1001, true}, .with_codes = true};
	AUTO_ENROLLMENT before = {0};
	fresh("");
	rig_open(&tool.store);
	tool.now.wall = rig_clock_now();
	assert_int_equal(account_peek(&tool.store, &issue.who, &before), ST_OK);
	issue.before = before;
	issue.set = before.record->backup;
	issue.set.id++;
	assert_int_equal(issue_store(&tool, &issue), ST_OK);
	const char *code = rig_code("alice", 0);
	assert_int_equal(rig_answer("alice", code), PAM_SUCCESS);
	assert_int_equal(issue_undo(&tool, &issue), ST_OK);
	int again = rig_answer("alice", code);
	store_close(&tool.store);
	assert_int_not_equal(again, PAM_SUCCESS);
}

/* --- TIM-05
 * -------------------------------------------------------------------------------------------- */

/* A login while the clock was ten years ahead; then resync and unlock, the two ways to repair it.
 */
static void a_far_clock_can_be_repaired(void **state)
{
	(void)state;
	char command[1024];
	struct timespec real;
	const char *tool = getenv("KLING_ENROLL");
	if (tool == NULL)
		skip();
	fresh("");
	(void)syscall(SYS_clock_gettime, CLOCK_REALTIME, &real);
	rig_clock_set(real.tv_sec + 10 * 365 * 86400, 5000);
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
	rig_clock_set(real.tv_sec, 5010);
	(void)snprintf(command, sizeof(command),
		       "(echo %s; echo %s) | %s --config %s resync alice && %s --config %s unlock "
		       "alice",
		       rig_code("alice", -2), rig_code("alice", -1), tool, rig_path("kling.conf"),
		       tool, rig_path("kling.conf"));
	assert_int_equal(system(command), 0);
	rig_clock_step(30);
	rig_log_clear();
	int result = rig_answer("alice", rig_code("alice", 0));
	printf("%s", rig_log());
	assert_int_equal(result, PAM_SUCCESS);
}

/* --- lockout_message
 * -------------------------------------------------------------------------------- */

static void told_at_last(const char *user, char out[RIG_TEXT])
{
	for (int i = 0; i < 7; i++) {
		struct talk talk = {.answers = {"123456"}, .count = 1};
		const struct login login = {.service = "code", .user = user, .rhost = "192.0.2.1"};
		(void)rig_login(&login, &talk);
		memcpy(out, talk.told_text, RIG_TEXT);
	}
}

static void a_message_about_locks_names_no_user(void **state)
{
	(void)state;
	char enrolled[RIG_TEXT], unknown[RIG_TEXT];
	fresh("enroll_grace = 0\nlockout_message = yes\n");
	told_at_last("alice", enrolled);
	told_at_last("mallory", unknown);
	assert_string_equal(enrolled, unknown);
}

/* --- libpam makes every service name small
 * ------------------------------------------------------------- */

static void a_section_for_a_service_in_capitals_holds_or_is_refused(void **state)
{
	(void)state;
	struct talk talk = {.count = 0};
	const struct login login = {.service = "BigApp", .user = "alice", .rhost = "192.0.2.1"};
	fresh("second_factor = off\n[service BigApp]\nsecond_factor = required\n");
	rig_service("bigapp", "auth required @\nauth required pam_permit.so\n");
	assert_int_not_equal(rig_login(&login, &talk), PAM_SUCCESS);
}

/* --- a grace that ended while a later prompt stood open
 * -------------------------------------------------- */

static void enroll_alice(struct talk *talk)
{
	(void)talk;
	rig_enroll("alice", 0);
}

static void a_pass_is_void_once_enrolled(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD}, .count = 1, .before = enroll_alice};
	const struct login login = {
	    .service = "first", .user = "alice", .rhost = "192.0.2.1", .account = true};
	fresh("");
	rig_store(); /* nobody is enrolled: alice has her grace */
	rig_service("first", "auth required @\nauth required pam_unix.so nodelay\n"
			     "account required @\n");
	assert_int_not_equal(rig_login(&login, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_size_limit_damages_nothing),
	    cmocka_unit_test(a_file_size_limit_locks_nobody_out),
	    cmocka_unit_test(a_stopped_su_locks_nobody_out),
	    cmocka_unit_test(a_group_source_that_is_down_is_trouble),
	    cmocka_unit_test(a_locked_password_takes_as_long),
	    cmocka_unit_test(a_broken_configuration_asks_root_for_a_code),
	    cmocka_unit_test(more_iterations_tell_nobody_apart),
	    cmocka_unit_test(a_slot_of_a_year_ago_is_free),
	    cmocka_unit_test(a_lock_is_audited_without_dns),
	    cmocka_unit_test(a_first_login_leaves_no_ticket),
	    cmocka_unit_test(an_undone_issue_revives_no_code),
	    cmocka_unit_test(a_far_clock_can_be_repaired),
	    cmocka_unit_test(a_message_about_locks_names_no_user),
	    cmocka_unit_test(a_pass_is_void_once_enrolled),
	    cmocka_unit_test(a_section_for_a_service_in_capitals_holds_or_is_refused),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
