/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RES-03: two calls of one transaction fail, the n-th and the m-th of all that can, drawn at random
 * with a seed that is printed; KLING_SEED=N draws the same again. The oracle is that of single
 * failures. With KLING_LONG=1 a million pairs, or as many as fit into a quarter of an hour.
 */
#include "tests/long.h"
#include "tests/stack/situations.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SHORT_PAIRS = 20, LONG_PAIRS = 400, WORKERS_MAX = 8, LONG_SECONDS = 900, MILLION = 1000000 };

/* What the workers have done together. */
struct tally {
	unsigned long pairs, struck, verdicts;
};

static struct tally *tally;
static uint64_t dice;
static time_t deadline; /* 0: once through all situations */

static unsigned draw(unsigned below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (unsigned)((dice >> 20) % below);
}

static time_t seconds(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec;
}

static bool is_over(void)
{
	return deadline != 0 && (seconds() >= deadline || tally->pairs >= MILLION);
}

static void describe(const struct situation *situation, const struct fault *first,
		     const struct fault *second, const char *what)
{
	__atomic_fetch_add(&tally->verdicts, 1, __ATOMIC_SEQ_CST);
	print_error("%s: call %ld, %s (error %d), and %ld, %s (error %d): %s\n", situation->name,
		    first->at, fault_struck(0), first->error, second->at, fault_struck(1),
		    second->error, what);
}

static void strike(const struct situation *situation, unsigned calls)
{
	const struct fault first = {.at = 1 + draw(calls), .error = (int)draw(6)};
	const struct fault second = {.at = 1 + draw(calls), .error = (int)draw(6)};
	struct visit visit;
	const char *wrong = situation_strike(situation, &first, &second, &visit);
	__atomic_fetch_add(&tally->pairs, 1, __ATOMIC_SEQ_CST);
	if (visit.calls >= first.at && visit.calls >= second.at)
		__atomic_fetch_add(&tally->struck, 1, __ATOMIC_SEQ_CST);
	if (wrong != NULL)
		describe(situation, &first, &second, wrong);
}

static void strike_many(const struct situation *situation, unsigned pairs)
{
	const struct fault counting = {.at = 0};
	struct visit visit;
	situation_prepare(situation);
	situation_again();
	situation_visit(situation, *situation->answer, &counting, NULL, &visit);
	assert_true(visit.calls > 50);
	for (unsigned i = 0; i < pairs && !is_over(); i++)
		strike(situation, (unsigned)visit.calls);
}

static void all_situations(unsigned pairs)
{
	for (size_t i = 0; i < situation_count && !is_over(); i++)
		strike_many(&situations[i], pairs);
}

/* Each worker on a stage of its own. */
static void work(uint64_t seed)
{
	dice = seed;
	rig_begin();
	situations_begin();
	if (deadline == 0)
		all_situations(SHORT_PAIRS);
	while (!is_over() && deadline != 0)
		all_situations(LONG_PAIRS);
}

static uint64_t clock_seed(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
	return (uint64_t)now.tv_sec * 1000003U + (uint64_t)now.tv_nsec;
}

static void pairs_of_failures(void **state)
{
	(void)state;
	uint64_t seed = seed_or(clock_seed());
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	long workers = !is_long() || processors < 1 ? 1
		       : processors < WORKERS_MAX   ? processors
						    : WORKERS_MAX;
	int worst = 0;
	printf("KLING_SEED=%llu\n", (unsigned long long)seed);
	(void)fflush(stdout);
	deadline = is_long() ? seconds() + LONG_SECONDS : 0;
	for (long i = 0; i < workers; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			work(seed + 0x9e3779b97f4a7c15U * (uint64_t)(i + 1));
			exit(0);
		}
	}
	for (int status; wait(&status) > 0 || errno == EINTR;) {
		if (WIFSIGNALED(status))
			print_error("a worker died of signal %d\n", WTERMSIG(status));
		int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
		worst = code > worst ? code : worst;
	}
	if (worst == 77)
		skip();
	printf("total: %lu pairs of failures in %zu situations, both reached in %lu, %lu wrong "
	       "verdicts\n",
	       tally->pairs, situation_count, tally->struck, tally->verdicts);
	assert_int_equal(worst, 0);
	assert_int_equal(tally->verdicts, 0);
	assert_true(tally->pairs >= 300 && tally->struck > tally->pairs / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(pairs_of_failures)};
	tally =
	    mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		return 99;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
