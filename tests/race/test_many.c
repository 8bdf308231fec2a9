/* SPDX-License-Identifier: BSD-3-Clause */
/* As many as there are: RES-07, LCK-13. And everything again and again for a while: CON-06. */
#include "tests/long.h"
#include "tests/stack/rig.h"

#include <ftw.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CODES = 10, FIRST_UID = 5000, PATIENT = 64, MANY = 1000, SOME = 256, MEMORY_KIB = 1024 };

static void fresh(const char *conf)
{
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_store();
	rig_enroll("alice", CODES);
	rig_log_clear();
}

/* --- again and again -------------------------------------------------------------------------- */

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

/* --- at the same time ------------------------------------------------------------------------- */

struct crowd {
	pthread_barrier_t barrier;
	double start; /* when the first of them went on; 0 before */
	int results[MANY];
};

static struct crowd *crowd;

static double seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void wait_for_all(struct talk *talk)
{
	double none = 0, now;
	(void)talk;
	(void)pthread_barrier_wait(&crowd->barrier);
	now = seconds();
	(void)__atomic_compare_exchange(&crowd->start, &none, &now, false, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST);
}

static const char *name_of(unsigned i)
{
	static char name[16];
	(void)snprintf(name, sizeof(name), "crowd%u", i);
	return name;
}

static void log_in(bool alone, unsigned i)
{
	const char *user = alone ? "alice" : name_of(i);
	struct talk talk = {.answers = {rig_code(user, 0)}, .count = 1, .before = wait_for_all};
	const struct login login = {.service = "code", .user = user, .rhost = "192.0.2.1"};
	crowd->results[i] = rig_login(&login, &talk);
	if (talk.asked == 0)
		wait_for_all(&talk);
	_exit(0);
}

/* All with their prompts open, then all at once; seconds until the last one is done. */
static double rush(bool alone, unsigned count)
{
	pthread_barrierattr_t shared;
	crowd =
	    mmap(NULL, sizeof(*crowd), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(crowd != MAP_FAILED);
	assert_int_equal(pthread_barrierattr_init(&shared), 0);
	assert_int_equal(pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED), 0);
	assert_int_equal(pthread_barrier_init(&crowd->barrier, &shared, count + 1), 0);
	for (unsigned i = 0; i < count; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			log_in(alone, i);
	}
	(void)pthread_barrier_wait(&crowd->barrier);
	for (unsigned i = 0; i < count; i++) {
		int status = -1;
		assert_true(wait(&status) > 0 && status == 0);
	}
	return seconds() - crowd->start;
}

static unsigned count_results(unsigned count, int value)
{
	unsigned found = 0;
	for (unsigned i = 0; i < count; i++)
		found += crowd->results[i] == value;
	(void)munmap(crowd, sizeof(*crowd));
	return found;
}

/* One of them comes in. Up to 64 nobody waits so long that it gives up. */
static void one_user_many_times(void **state)
{
	(void)state;
	const unsigned counts[] = {PATIENT, long_or(MANY, SOME)};
	for (size_t i = 0; i < 2; i++) {
		fresh("lockout_tries = 0\nlockout_cap = 0\n");
		double took = rush(true, counts[i]);
		size_t gave_up = rig_log_count("lock-timeout");
		assert_int_equal(count_results(counts[i], PAM_SUCCESS), 1);
		assert_int_equal(rig_log_count("reason=replay") + gave_up, counts[i] - 1);
		assert_true(gave_up == 0 || counts[i] > PATIENT);
		printf("total: %u at once for one user: one came in, %.0f a second, %zu gave up "
		       "waiting\n",
		       counts[i], counts[i] / took, gave_up);
	}
}

static void make_users(unsigned count)
{
	FILE *passwd = fopen(rig_path("passwd"), "ae");
	assert_non_null(passwd);
	for (unsigned i = 0; i < count; i++)
		assert_true(fprintf(passwd, "%s:x:%u:%u::/nonexistent:/bin/sh\n", name_of(i),
				    FIRST_UID + i, FIRST_UID + i) > 0);
	assert_int_equal(fclose(passwd), 0);
	for (unsigned i = 0; i < count; i++)
		rig_enroll(name_of(i), 0);
}

static void as_many_users(void **state)
{
	(void)state;
	unsigned count = long_or(MANY, SOME);
	fresh("");
	make_users(count);
	double took = rush(false, count);
	assert_int_equal(count_results(count, PAM_SUCCESS), count);
	assert_int_equal(rig_log_count("lock-timeout"), 0);
	printf("total: %u users at once: all came in, %.0f a second\n", count, count / took);
}

/* --- memory ----------------------------------------------------------------------------------- */

/* Pages that this process alone has. */
static long own_kib(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	char line[128];
	long kib = -1;
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		(void)sscanf(line, "Private_Dirty: %ld kB", &kib);
	if (file != NULL)
		(void)fclose(file);
	return kib;
}

static long at_prompt;

static void weigh(struct talk *talk)
{
	(void)talk;
	at_prompt = own_kib();
}

static void memory_of_a_login(void **state)
{
	(void)state;
	long *grown = mmap(NULL, 2 * sizeof(*grown), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1;
	assert_true(grown != MAP_FAILED);
	fresh("");
	pid_t child = fork();
	if (child == 0) {
		struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1, .before = weigh};
		const struct login login = {
		    .service = "code", .user = "alice", .rhost = "192.0.2.1", .account = true};
		long before = own_kib();
		int result = rig_login(&login, &talk);
		grown[0] = at_prompt - before;
		grown[1] = own_kib() - before;
		_exit(result == PAM_SUCCESS && before >= 0 ? 0 : 1);
	}
	assert_true(waitpid(child, &status, 0) == child && status == 0);
	printf("total: a login takes %ld KiB of memory at its prompt, %ld KiB at its end\n",
	       grown[0], grown[1]);
	if (!is_sanitized()) {
		assert_in_range(grown[0], 0, MEMORY_KIB);
		assert_in_range(grown[1], 0, MEMORY_KIB);
	}
	(void)munmap(grown, 2 * sizeof(*grown));
}

/* --- nobody ----------------------------------------------------------------------------------- */

static off_t bytes_in_store;

static int add_size(const char *path, const struct stat *info, int kind)
{
	(void)path;
	(void)kind;
	bytes_in_store += info->st_size;
	return 0;
}

static off_t size_of_store(void)
{
	bytes_in_store = 0;
	assert_int_equal(ftw(rig_path("state"), add_size, 16), 0);
	return bytes_in_store;
}

/* LCK-13: each is asked and refused, and neither store nor process grows. */
static void names_that_nobody_has(void **state)
{
	(void)state;
	unsigned names = long_or(1000000, 2000), half = names / 2;
	fresh("");
	off_t before = size_of_store();
	long kib = 0;
	for (unsigned i = 0; i < names; i++) {
		char name[24];
		(void)snprintf(name, sizeof(name), "nobody%u", i);
		if (rig_answer(name, "123456") != PAM_AUTH_ERR)
			fail_msg("%s", name);
		if (i % 1000 == 0) {
			assert_int_equal(rig_log_count("reason=unknown"), i == 0 ? 1 : 1000);
			assert_null(strstr(rig_log(), "nobody"));
			rig_log_clear();
		}
		if (i == half)
			kib = own_kib();
	}
	assert_int_equal(size_of_store(), before);
	long grown = own_kib() - kib;
	printf("total: %u unknown names: the store has the size it had, memory grew by %ld KiB in "
	       "the second half\n",
	       names, grown);
	if (!is_sanitized())
		assert_true(grown < 256);
}

/* One line for each, and none about a lock: there is nobody to tell of it. INP-01 */
static void one_line_for_nobody(void **state)
{
	(void)state;
	fresh("");
	for (int i = 0; i < 12; i++)
		assert_int_equal(rig_answer("mallory", "123456"), PAM_AUTH_ERR);
	rig_clock_step(3600);
	for (int i = 0; i < 12; i++)
		assert_int_equal(rig_answer("mallory", "123456"), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=deny reason=unknown"), 24);
	assert_int_equal(rig_log_count(""), 24);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_of_a_login),     cmocka_unit_test(one_user_many_times),
	    cmocka_unit_test(as_many_users),         cmocka_unit_test(everything_at_once),
	    cmocka_unit_test(names_that_nobody_has), cmocka_unit_test(one_line_for_nobody),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
