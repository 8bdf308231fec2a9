/* SPDX-License-Identifier: BSD-3-Clause */
/* A threaded host: CON-10, CON-13. */
#include "tests/long.h"
#include "tests/stack/rig.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 16, ROUNDS = 60, LONG_BLOCKS = 10000 / ROUNDS + 1 };

/* The loader's own lock is none that ThreadSanitizer knows. */
const char *__tsan_default_suppressions(void);                                       // NOLINT
__attribute__((visibility("default"))) const char *__tsan_default_suppressions(void) // NOLINT
{
	return "race:ld-linux\n";
}

static bool is_watched(void)
{
	const char *sanitizers = getenv("KLING_SANITIZERS");
	return sanitizers != NULL && strstr(sanitizers, "thread") != NULL;
}

struct worker {
	char name[16];
	char right[ROUNDS][9];
	char wrong[16];
	unsigned accepted, refused, other;
};

static struct worker workers[THREADS];
static pthread_barrier_t gate;

static int log_in(const char *user, const char *answer)
{
	struct talk talk = {.answers = {answer}, .count = 1};
	const struct login login = {.service = "code", .user = user, .rhost = "192.0.2.1"};
	return rig_login(&login, &talk);
}

static void *work(void *context)
{
	struct worker *worker = context;
	(void)pthread_barrier_wait(&gate);
	for (int round = 0; round < ROUNDS; round++) {
		/* One right code, then the same again, then a wrong one: counts clear each time. */
		bool fresh = round % 3 == 0;
		int result = log_in(worker->name,
				    round % 3 == 2 ? worker->wrong : worker->right[round / 3 * 3]);
		worker->accepted += fresh && result == PAM_SUCCESS;
		worker->refused += !fresh && result == PAM_AUTH_ERR;
		worker->other += result != PAM_SUCCESS && result != PAM_AUTH_ERR;
		(void)pthread_barrier_wait(&gate);
		if (worker == workers && round % 3 == 2)
			rig_clock_step(30);
		(void)pthread_barrier_wait(&gate);
	}
	return NULL;
}

/* Six digits that are right at no time of a block. */
static void find_wrong(struct worker *worker)
{
	bool right = true;
	for (unsigned guess = 123457; right; guess += 7) {
		(void)snprintf(worker->wrong, sizeof(worker->wrong), "%06u", guess % 1000000);
		right = false;
		for (int step = -1; step <= ROUNDS / 3 + 1; step++)
			right |= strcmp(worker->wrong, rig_code(worker->name, step)) == 0;
	}
}

static void prepare(void)
{
	rig_conf("lockout_tries = 16\n");
	rig_log_clear();
	for (size_t i = 0; i < THREADS; i++) {
		struct worker *worker = &workers[i];
		*worker = (struct worker){0};
		(void)snprintf(worker->name, sizeof(worker->name), "user%zu", i);
		rig_enroll(worker->name, 0);
		for (int round = 0; round < ROUNDS; round += 3)
			memcpy(worker->right[round], rig_code(worker->name, round / 3), 9);
		find_wrong(worker);
	}
}

static void run_block(void)
{
	pthread_t threads[THREADS];
	prepare();
	assert_int_equal(pthread_barrier_init(&gate, NULL, THREADS), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(workers[i].other, 0);
		assert_int_equal(workers[i].accepted, ROUNDS / 3);
		assert_int_equal(workers[i].refused, ROUNDS / 3 * 2);
		assert_int_equal(rig_state(workers[i].name)->failures, ROUNDS / 3 > 0 ? 2 : 0);
	}
	(void)pthread_barrier_destroy(&gate);
}

/* CON-10 */
static void sixteen_handles_at_once(void **state)
{
	(void)state;
	unsigned blocks = long_or(LONG_BLOCKS, 1);
	for (unsigned i = 0; i < blocks; i++)
		run_block();
	printf("total: %d threads, %u logins each, all as foreseen%s\n", THREADS, blocks * ROUNDS,
	       is_watched() ? ", below ThreadSanitizer" : "");
}

/* libpam's own audit records look the host up, with locks of the C library's that a fork breaks. */
#define EXPORT __attribute__((visibility("default")))
EXPORT int audit_log_acct_message(int audit, int type, const char *program, const char *op,
				  const char *name, unsigned id, const char *host,
				  const char *address, const char *tty, int result);
int audit_log_acct_message(int audit, int type, const char *program, const char *op,
			   const char *name, unsigned id, const char *host, const char *address,
			   const char *tty, int result)
{
	(void)audit, (void)type, (void)program, (void)op, (void)name, (void)id, (void)host;
	(void)address, (void)tty, (void)result;
	return 1;
}

/* A handle whose modules are loaded already: the C library's loader does not survive such a fork.
 */
struct caller {
	struct talk talk;
	pam_handle_t *pamh;
};

static struct caller alice, bob;
static volatile bool stop;

static int again(struct caller *caller)
{
	caller->talk.asked = 0;
	return pam_authenticate(caller->pamh, 0);
}

static void begin(struct caller *caller, const char *user)
{
	*caller = (struct caller){.talk = {.answers = {"000000"}, .count = 1}};
	caller->pamh = rig_start("code", user, "192.0.2.1", &caller->talk);
	assert_int_equal(again(caller), PAM_AUTH_ERR);
}

static void *knock(void *context)
{
	(void)context;
	while (!stop)
		(void)again(&bob);
	return NULL;
}

/* CON-13: a fork in the middle of another thread's call leaves no lock that nobody holds. */
static void fork_while_another_thread_is_inside(void **state)
{
	(void)state;
	pthread_t thread;
	const char *sanitizers = getenv("KLING_SANITIZERS");
	if (sanitizers != NULL && sanitizers[0] != '\0') /* their own locks do not survive it */
		skip();
	rig_conf("lockout_tries = 0\nlockout_cap = 0\n");
	rig_enroll("alice", 0);
	rig_enroll("bob", 0);
	begin(&alice, "alice");
	begin(&bob, "bob");
	stop = false;
	assert_int_equal(pthread_create(&thread, NULL, knock, NULL), 0);
	for (int i = 0; i < 100; i++) {
		pid_t child = fork();
		if (child == 0)
			_exit(again(&alice) == PAM_AUTH_ERR ? 0 : 1);
		int status = -1;
		assert_true(waitpid(child, &status, 0) == child && status == 0);
	}
	stop = true;
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(rig_log_count("lock-timeout"), 0);
	rig_stop(alice.pamh, PAM_AUTH_ERR);
	rig_stop(bob.pamh, PAM_AUTH_ERR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sixteen_handles_at_once),
	    cmocka_unit_test(fork_while_another_thread_is_inside),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
