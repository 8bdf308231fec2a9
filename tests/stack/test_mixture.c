/* SPDX-License-Identifier: BSD-3-Clause */
/* Names that are one name, much work at once, and everything at once: INP-12, TIM-12, CON-06,
 * RES-07, RES-08. */
#include "tests/stack/rig.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CODES = 10 };

#define EXPORT __attribute__((visibility("default")))

/* A user database that knows no case, as some directories do: the module binds to this one. */
EXPORT int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
		      struct passwd **result)
{
	char small[64] = "";
	struct passwd *found;
	for (size_t i = 0; i < sizeof(small) - 1 && name[i] != '\0'; i++)
		small[i] = (char)tolower((unsigned char)name[i]);
	*result = NULL;
	found = getpwnam(small);
	if (found == NULL)
		return 0;
	if (snprintf(buffer, size, "%s", small) >= (int)size)
		return ERANGE;
	*entry = *found;
	entry->pw_name = buffer;
	*result = entry;
	return 0;
}

static void fresh(const char *conf)
{
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_store();
	rig_enroll("alice", CODES);
	rig_log_clear();
}

/* INP-12 */
static void spellings_share_one_ledger(void **state)
{
	(void)state;
	static const char *const names[] = {"alice", "Alice", "ALICE"};
	fresh("");
	for (int i = 0; i < 9; i++)
		assert_int_equal(rig_answer(names[i % 3], rig_wrong("alice")), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=bad-code"), 5);
	assert_int_equal(rig_log_count("event=deny reason=locked"), 4);
	assert_int_equal(rig_log_count("user=\"alice\""), 10);
	assert_int_equal(access(rig_path("state/users/Alice"), F_OK), -1);
	assert_int_equal(access(rig_path("state/users/ALICE"), F_OK), -1);
}

/* TIM-12: steps are counted in UTC, whatever zone the client's environment names. */
static void time_zones_change_nothing(void **state)
{
	(void)state;
	static const char *const zones[] = {"UTC", "Pacific/Kiritimati", "right/Europe/Berlin",
					    ":/nonexistent"};
	for (size_t i = 0; i < 4; i++) {
		fresh("");
		assert_int_equal(setenv("TZ", zones[i], 1), 0);
		tzset();
		assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
		assert_int_equal(rig_answer("alice", rig_code("alice", 2)), PAM_AUTH_ERR);
	}
	assert_int_equal(unsetenv("TZ"), 0);
	tzset();
}

static double cpu_ms(void)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* RES-08: one derivation an answer, and no more judgements than tries. */
static void a_thousand_shaped_answers(void **state)
{
	(void)state;
	enum { ANSWERS = 1000 };
	fresh("backup_code_iterations = 1000\n");
	double start = cpu_ms();
	for (int i = 0; i < ANSWERS; i++) {
		char answer[24];
		(void)snprintf(answer, sizeof(answer), "AAAA-BBBB-CCCC-%04d", i);
		assert_int_equal(rig_answer(i % 2 ? "alice" : "mallory", answer), PAM_AUTH_ERR);
	}
	printf("%d answers of a backup code's shape: %.2f ms of work each\n", ANSWERS,
	       (cpu_ms() - start) / ANSWERS);
	assert_int_equal(rig_log_count("reason=bad-code"), 5);
	assert_int_equal(rig_log_count("reason=unknown"), ANSWERS / 2);
}

/* --- everything at once --------------------------------------------------------------------------
 */

struct tally {
	unsigned accepted[CODES];
	unsigned timeouts;
};

static struct tally *tally;

static void spend_codes(unsigned seed)
{
	srand(seed);
	for (int i = 0; i < 60; i++) {
		unsigned which = (unsigned)rand() % CODES;
		if (rig_answer("alice", rig_backup(which)) == PAM_SUCCESS)
			(void)__atomic_add_fetch(&tally->accepted[which], 1, __ATOMIC_SEQ_CST);
	}
}

static void type_nonsense(void)
{
	for (int i = 0; i < 60; i++)
		(void)rig_answer("alice", "000000");
}

static bool lock_alice(struct store *store, struct account *account)
{
	const struct who alice = {"alice", 1001, true};
	return account_lock(store, &alice, account) == ST_OK;
}

static void unlock_again_and_again(void)
{
	AUTO_STORE store = STORE_CLOSED;
	rig_open(&store);
	for (int i = 0; i < 120; i++) {
		AUTO_ACCOUNT account = ACCOUNT_CLOSED;
		if (!lock_alice(&store, &account))
			continue;
		lockout_unlock(&account.state->ledgers);
		(void)!account_commit(&account);
	}
}

/* The same record under a new generation, as a rekey or a new label leaves it. */
static void write_again_and_again(void)
{
	AUTO_STORE store = STORE_CLOSED;
	rig_open(&store);
	for (int i = 0; i < 40; i++) {
		AUTO_ACCOUNT account = ACCOUNT_CLOSED;
		AUTO_ENROLLMENT enrollment = {0};
		struct token_use uses[TOKENS_MAX];
		if (!lock_alice(&store, &account) ||
		    account_enrollment(&account, &enrollment) != ST_OK)
			continue;
		memcpy(uses, account.state->tokens, sizeof(uses));
		(void)!account_enroll(&account, &enrollment, uses, account.state->spent);
	}
}

static void take_part(unsigned role)
{
	if (role < 4)
		spend_codes(role + 1);
	else if (role < 6)
		type_nonsense();
	else if (role == 6)
		unlock_again_and_again();
	else
		write_again_and_again();
	_exit(0);
}

/* CON-06: whatever the order, each code came in at most once, and what came in is spent. */
static void everything_at_once(void **state)
{
	(void)state;
	unsigned accepted = 0, spent = 0;
	fresh("lockout_tries = 16\nlockout_cap = 0\n");
	tally =
	    mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(tally != MAP_FAILED);
	for (unsigned role = 0; role < 8; role++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			take_part(role);
	}
	for (unsigned role = 0; role < 8; role++) {
		int status = -1;
		assert_true(wait(&status) > 0 && status == 0);
	}
	for (size_t i = 0; i < CODES; i++) {
		assert_in_range(tally->accepted[i], 0, 1);
		accepted += tally->accepted[i];
		spent += (rig_state("alice")->spent >> i & 1) != 0;
	}
	printf("%u codes came in, %u are spent\n", accepted, spent);
	assert_true(accepted > 0);
	assert_int_equal(accepted, spent);
	assert_int_equal(rig_log_count("state-corrupt"), 0);
	assert_int_equal(rig_log_count("lock-timeout"), 0);
	(void)munmap(tally, sizeof(*tally));
}

/* --- a thousand at once (RES-07)
 * ------------------------------------------------------------------- */

/* All at the same time; none of them waits so long that it gives up. */
static void a_crowd_of_users(void **state)
{
	(void)state;
	enum { USERS = 64 };
	unsigned accepted = 0;
	fresh("");
	for (int i = 0; i < USERS; i++) {
		char name[16];
		(void)snprintf(name, sizeof(name), "user%d", i);
		rig_enroll(name, 0);
	}
	for (int i = 0; i < USERS; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			char name[16];
			(void)snprintf(name, sizeof(name), "user%d", i);
			_exit(rig_answer(name, rig_code(name, 0)) == PAM_SUCCESS ? 0 : 1);
		}
	}
	for (int i = 0; i < USERS; i++) {
		int status = -1;
		assert_true(wait(&status) > 0);
		accepted += status == 0;
	}
	assert_int_equal(accepted, USERS);
	assert_int_equal(rig_log_count("lock-timeout"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spellings_share_one_ledger),
	    cmocka_unit_test(time_zones_change_nothing),
	    cmocka_unit_test(a_thousand_shaped_answers),
	    cmocka_unit_test(everything_at_once),
	    cmocka_unit_test(a_crowd_of_users),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
