/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DUR-01, DUR-02, DUR-03, ENR-17, ENR-18: whole logins, password changes and commands of the tool,
 * killed at the edges of their system calls. What is left is judged by the logins that follow:
 * never fewer charges than judged answers, never a code twice, an enrollment old or new and whole,
 * and never a lock that stays.
 * With KLING_LONG=1 all edges, or a thousand and more of the longest runs; otherwise some of them,
 * spread over the run from a place that KLING_SEED says.
 */
#include "tests/long.h"
#include "tests/stack/situations.h"
#include "tests/stack/stepper.h"

#include "lib/factor/totp.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLS_SHORT = 20, KILLS_LONG = 1000 };

static unsigned long kills, verdicts;
static uint64_t seed;

/* Every edge, or every so-manieth from somewhere on. */
static unsigned long stride_of(unsigned long stops)
{
	unsigned long stride = stops / long_or(KILLS_LONG, KILLS_SHORT);
	return stride > 0 ? stride : 1;
}

static void describe(const char *what, unsigned long stop, const char *wrong)
{
	verdicts++;
	print_error("%s, killed at stop %lu: %s\n", what, stop, wrong);
}

/* --- logins -------------------------------------------------------------------------------------
 */

/* Shared with the one who is killed. */
static struct visit *shared;

static void visit(void *context)
{
	const struct situation *situation = context;
	situation_visit(situation, *situation->answer, NULL, NULL, shared);
}

/* Not told whether it worked: once more it may, but only once. */
static const char *judge_untold(const struct situation *situation)
{
	struct visit again;
	if (situation->kind != GETS_IN || shared->result != -1)
		return NULL;
	for (int times = 0; times < 2; times++)
		situation_visit(situation, *situation->answer, NULL, NULL, &again);
	return again.result == PAM_SUCCESS ? "accepted twice" : NULL;
}

static const char *judge_login(const struct situation *situation)
{
	const char *wrong = situation_glance(situation, shared);
	if (wrong == NULL)
		wrong = judge_untold(situation);
	if (wrong == NULL)
		wrong = situation_judge(situation, shared);
	return wrong;
}

static void kill_login(const struct situation *situation)
{
	const struct stepping stepping = {visit, (void *)(uintptr_t)situation, NULL};
	unsigned long delivered = 0;
	int status = 0;
	situation_prepare(situation);
	situation_again();
	unsigned long stops = stepper_count(&stepping), stride = stride_of(stops);
	for (unsigned long n = seed % stride; n < stops; n += stride) {
		situation_again();
		*shared = (struct visit){.result = -1};
		delivered += stepper_kill_at(&stepping, n, &status);
		const char *wrong = judge_login(situation);
		if (wrong != NULL)
			describe(situation->name, n, wrong);
	}
	printf("%-16s %5lu stops, %5lu kills\n", situation->name, stops, delivered);
	assert_true(delivered > 0);
	kills += delivered;
}

static void logins(void **state)
{
	(void)state;
	static const char *const chosen[] = {"right",         "backup",        "wrong",
					     "wrong backup",  "locking",       "grace begins",
					     "enrollment",    "preauth",       "new password",
					     "passwd, right", "passwd, wrong", "unknown"};
	verdicts = 0;
	for (size_t i = 0; i < situation_count; i++)
		for (size_t j = 0; j < sizeof(chosen) / sizeof(chosen[0]); j++)
			if (strcmp(situations[i].name, chosen[j]) == 0)
				kill_login(&situations[i]);
	assert_int_equal(verdicts, 0);
}

/* --- the tool -----------------------------------------------------------------------------------
 */

enum { WORDS = 8 };

struct command {
	const char *name;
	void (*prepare)(void);
	const char *words[WORDS];
	const char *again[WORDS]; /* what mends whatever is left */
	const char *(*judge)(void);
	const char *(*judge_done)(void); /* behind the second run */
};

/* The tool's clock is the machine's. */
static void at_the_real_time(void)
{
	struct timespec wall, boot;
	assert_int_equal(syscall(SYS_clock_gettime, CLOCK_REALTIME, &wall), 0);
	assert_int_equal(syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &boot), 0);
	rig_clock_set(wall.tv_sec, boot.tv_sec);
}

/* What the tool reads as its standard input. */
static void write_input(const char *lines)
{
	int file = open(rig_path("input"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t length = strlen(lines);
	assert_true(file >= 0 && write(file, lines, length) == (ssize_t)length);
	(void)close(file);
}

static void prepare_tool(void)
{
	at_the_real_time();
	write_input("");
	rig_conf("enroll_grace = 0\n");
	rig_store();
	rig_enroll("carol", 0);
	rig_enroll("alice", 4);
}

static void prepare_locked(void)
{
	prepare_tool();
	assert_int_equal(rig_answer("alice", rig_code("alice", -1)), PAM_SUCCESS);
	for (int i = 0; i < 5; i++)
		assert_int_equal(rig_answer("alice", rig_wrong("alice")), PAM_AUTH_ERR);
}

static void prepare_verify(void)
{
	char line[16];
	prepare_tool();
	(void)snprintf(line, sizeof(line), "%s\n", rig_code("alice", 0));
	write_input(line);
}

static void prepare_grace(void)
{
	prepare_tool();
	rig_conf("enroll_grace = 7d\n");
}

static void prepare_import(void)
{
	prepare_tool();
	write_input("otpauth://totp/bob?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\n");
}

enum { AHEAD = 10 * 86400, PHONE_AHEAD = 4 };

static uint64_t resynced_step;

/* A login while the clock was ahead, and a phone that is ahead itself. */
static void prepare_resync(void)
{
	char lines[32];
	prepare_tool();
	rig_clock_wall(AHEAD);
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
	at_the_real_time();
	resynced_step = totp_step(rig_token("alice"), rig_clock_now()) + PHONE_AHEAD;
	(void)snprintf(lines, sizeof(lines), "%s\n%s\n", rig_code("alice", PHONE_AHEAD - 1),
		       rig_code("alice", PHONE_AHEAD));
	write_input(lines);
}

/* What is sealed for somebody, and the state as it holds with it; ST_MISSING: nothing. */
static enum status read_all(const char *user, struct enrollment *enrollment,
			    struct live_state *live)
{
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who who = rig_who(user);
	rig_open(&store);
	enum status status = account_lock(&store, &who, &account);
	if (status == ST_OK)
		status = account_enrollment(&account, enrollment);
	if (status == ST_OK)
		*live = *account.state;
	return status;
}

static enum status read_record(const char *user, struct enrollment *enrollment)
{
	struct live_state live;
	return read_all(user, enrollment, &live);
}

static int answer_by(const struct token *token, const char *user, int steps)
{
	char code[9];
	uint64_t step = (uint64_t)((int64_t)totp_step(token, rig_clock_now()) + steps);
	assert_int_equal(totp_code(token, step, code), ST_OK);
	return rig_answer(user, code);
}

static const char *judge_added(void)
{
	AUTO_ENROLLMENT enrollment = {0};
	enum status status = read_record("bob", &enrollment);
	if (status == ST_MISSING)
		return NULL;
	if (status != ST_OK)
		return "neither enrolled nor not";
	const struct enrollment_record *record = enrollment.record;
	if (record->token_count != 1 || record->backup.count != 10)
		return "enrolled by halves";
	if (answer_by(&record->tokens[0], "bob", 1) != PAM_SUCCESS)
		return "enrolled, and out";
	if (answer_by(&record->tokens[0], "bob", 1) == PAM_SUCCESS)
		return "a code twice";
	return NULL;
}

static const char *judge_added_again(void)
{
	AUTO_ENROLLMENT enrollment = {0};
	return read_record("bob", &enrollment) == ST_OK ? judge_added() : "not enrolled";
}

static const char *judge_codes(void)
{
	AUTO_ENROLLMENT enrollment = {0};
	if (read_record("alice", &enrollment) != ST_OK)
		return "no longer enrolled";
	bool old = enrollment.record->backup.id == 1;
	if ((rig_answer("alice", rig_backup(0)) == PAM_SUCCESS) != old)
		return old ? "the old codes are lost" : "the old codes live on";
	return rig_answer("alice", rig_code("alice", 0)) == PAM_SUCCESS ? NULL : "the code is lost";
}

static const char *judge_new_codes(void)
{
	return rig_answer("alice", rig_backup(1)) == PAM_SUCCESS ? "the old codes live on" : NULL;
}

/* Whoever was enrolled gets in, and once. */
static const char *judge_rekey(void)
{
	if (rig_answer("alice", rig_backup(0)) != PAM_SUCCESS ||
	    rig_answer("carol", rig_code("carol", 0)) != PAM_SUCCESS)
		return "somebody is out";
	return rig_answer("alice", rig_backup(0)) == PAM_SUCCESS ? "a code twice" : NULL;
}

static const char *judge_rekeyed(void)
{
	if (rig_answer("alice", rig_backup(0)) == PAM_SUCCESS)
		return "a code twice";
	return rig_answer("alice", rig_backup(1)) == PAM_SUCCESS ? NULL : "somebody is out";
}

static const char *judge_unlock(void)
{
	const struct live_state *state = rig_state("alice");
	uint32_t count = state->ledgers.ledger[LEDGER_STRANGERS].code_failures;
	if (count != 0 && count != 5)
		return "unlocked by halves";
	return rig_answer("alice", rig_code("alice", -1)) == PAM_SUCCESS ? "a code twice" : NULL;
}

static const char *judge_unlocked(void)
{
	if (rig_answer("alice", rig_code("alice", -1)) == PAM_SUCCESS)
		return "a code twice";
	return rig_answer("alice", rig_code("alice", 0)) == PAM_SUCCESS ? NULL : "still locked";
}

static const char *judge_remove(void)
{
	AUTO_ENROLLMENT enrollment = {0};
	enum status status = read_record("alice", &enrollment);
	if (status != ST_OK && status != ST_MISSING)
		return "neither enrolled nor not";
	bool in = rig_answer("alice", rig_code("alice", 0)) == PAM_SUCCESS;
	return in == (status == ST_OK) ? NULL : in ? "in without enrollment" : "enrolled, and out";
}

static const char *judge_removed(void)
{
	AUTO_ENROLLMENT enrollment = {0};
	return read_record("alice", &enrollment) == ST_MISSING ? NULL : "still enrolled";
}

static const char *judge_verify(void)
{
	return rig_answer("alice", rig_code("alice", 0)) == PAM_SUCCESS ? NULL : "used up";
}

static const char *judge_verified(void)
{
	return rig_answer("alice", rig_code("alice", 0)) == PAM_SUCCESS ? "a code twice" : NULL;
}

/* What the log says of somebody who is not enrolled. */
static bool bob_is(const char *what)
{
	rig_log_clear();
	(void)rig_answer("bob", "000000");
	return rig_log_count(what) == 1;
}

static const char *judge_grace(void)
{
	return bob_is("reason=grace") || bob_is("reason=not-enrolled") ? NULL : "by halves";
}

static const char *judge_extended(void)
{
	return bob_is("reason=grace") ? NULL : "no grace";
}

static const char *judge_ended(void)
{
	return bob_is("reason=not-enrolled") ? NULL : "a grace still";
}

/* Token, its steps and the highest time of an accepted code go together. */
static const char *judge_resync(void)
{
	AUTO_ENROLLMENT enrollment = {0};
	struct live_state live;
	if (read_all("alice", &enrollment, &live) != ST_OK)
		return "no longer enrolled";
	bool moved = enrollment.record->tokens[0].offset != 0;
	bool lowered = live.highest_accepted < rig_clock_now() + AHEAD / 2;
	bool respent = live.tokens[0].last_step == resynced_step;
	return moved == lowered && moved == respent ? NULL : "resynced by halves";
}

static const char *judge_resynced(void)
{
	AUTO_ENROLLMENT enrollment = {0};
	if (read_record("alice", &enrollment) != ST_OK)
		return "no longer enrolled";
	const struct token *token = &enrollment.record->tokens[0];
	char code[9];
	if (token->offset == 0 || judge_resync() != NULL)
		return "not resynced";
	assert_int_equal(totp_code(token, resynced_step, code), ST_OK);
	if (rig_answer("alice", code) == PAM_SUCCESS)
		return "a code twice";
	assert_int_equal(totp_code(token, resynced_step + 1, code), ST_OK);
	return rig_answer("alice", code) == PAM_SUCCESS ? NULL : "resynced, and out";
}

static const struct command commands[] = {
    {"add",
     prepare_tool,
     {"add", "--no-confirm", "--json", "bob"},
     {"add", "--no-confirm", "--json", "--replace", "bob"},
     judge_added,
     judge_added_again},
    {"codes",
     prepare_tool,
     {"codes", "--json", "alice"},
     {"codes", "--json", "alice"},
     judge_codes,
     judge_new_codes},
    {"rekey", prepare_tool, {"rekey"}, {"rekey"}, judge_rekey, judge_rekeyed},
    {"unlock",
     prepare_locked,
     {"unlock", "alice"},
     {"unlock", "alice"},
     judge_unlock,
     judge_unlocked},
    {"remove", prepare_tool, {"remove", "alice"}, {"remove", "alice"}, judge_remove, judge_removed},
    {"resync",
     prepare_resync,
     {"resync", "alice"},
     {"resync", "alice"},
     judge_resync,
     judge_resynced},
    {"verify",
     prepare_verify,
     {"verify", "alice"},
     {"status", "alice"},
     judge_verify,
     judge_verified},
    {"extend",
     prepare_tool,
     {"grace", "--extend", "3d", "bob"},
     {"grace", "--extend", "3d", "bob"},
     judge_grace,
     judge_extended},
    {"end",
     prepare_grace,
     {"grace", "--end", "bob"},
     {"grace", "--end", "bob"},
     judge_grace,
     judge_ended},
    {"import",
     prepare_import,
     {"import", "--count", "10", "--json", "uri", "-"},
     {"import", "--count", "10", "--json", "--replace", "uri", "-"},
     judge_added,
     judge_added_again},
};

static void run_tool(void *context)
{
	const char *const *words = context;
	const char *line[WORDS + 4] = {getenv("KLING_ENROLL"), "--config", rig_path("kling.conf")};
	for (size_t i = 0; i < WORDS && words[i] != NULL; i++)
		line[3 + i] = words[i];
	int input = open(rig_path("input"), O_RDONLY | O_CLOEXEC);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(fd == 0 ? input : null, fd);
	(void)execv(line[0], (char *const *)(uintptr_t)line);
	_exit(127);
}

static int run_again(const struct command *command)
{
	int status = -1;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		run_tool((void *)(uintptr_t)command->again);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* The second run finds nothing to remove where the first was through. */
static bool is_done(const struct command *command, int code)
{
	return code == 0 || (command->judge == judge_remove && code == 4);
}

static const char *judge_command(const struct command *command)
{
	at_the_real_time();
	const char *wrong = command->judge();
	if (wrong != NULL)
		return wrong;
	if (!is_done(command, run_again(command)))
		return "does not run again";
	at_the_real_time();
	return command->judge_done();
}

static void kill_command(const struct command *command)
{
	const struct stepping stepping = {run_tool, (void *)(uintptr_t)command->words,
					  "kling.conf"};
	unsigned long delivered = 0;
	int status = 0;
	command->prepare();
	unsigned long stops = stepper_count(&stepping), stride = stride_of(stops);
	for (unsigned long n = seed % stride; n < stops; n += stride) {
		command->prepare();
		bool killed = stepper_kill_at(&stepping, n, &status);
		delivered += killed;
		const char *wrong = judge_command(command);
		if (!killed && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
			wrong = "fails when nobody kills it";
		if (wrong != NULL)
			describe(command->name, n, wrong);
	}
	printf("%-16s %5lu stops, %5lu kills\n", command->name, stops, delivered);
	assert_true(delivered > 0);
	kills += delivered;
}

static void tool(void **state)
{
	(void)state;
	verdicts = 0;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		kill_command(&commands[i]);
	assert_int_equal(verdicts, 0);
}

static void enough(void **state)
{
	(void)state;
	printf("KLING_SEED=%llu\ntotal: %lu kills delivered\n", (unsigned long long)seed, kills);
	assert_true(kills > 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(logins),
	    cmocka_unit_test(tool),
	    cmocka_unit_test(enough),
	};
	const char *sanitizers = getenv("KLING_SANITIZERS");
	if (sanitizers != NULL && sanitizers[0] != '\0') {
		printf("SKIP: a sanitizer does not like to be traced\n");
		return 77;
	}
	if (!stepper_works()) {
		printf("SKIP: ptrace is not allowed here\n");
		return 77;
	}
	seed = seed_or((uint64_t)getpid());
	shared =
	    mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 99;
	rig_begin();
	situations_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
