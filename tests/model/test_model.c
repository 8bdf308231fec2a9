/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rows of random steps, done by the module and the tool and foreseen by the reference: every log
 * line, result, exit code and record must be the one expected. CON-06, CON-08, DUR-01 to DUR-03,
 * DUR-12, TIM-02 to TIM-10, LCK-01 to LCK-17.
 *
 * Each row has a seed of its own, which is printed when it fails; KLING_SEED begins with it. Then
 * the row is made shorter as long as the rest still fails.
 */
#include "tests/long.h"
#include "tests/model/act.h"
#include "tests/stack/rig.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROW = 1000, LONG_ROWS = 1000, SHORT_ROWS = 20 };

/* --- chance ----------------------------------------------------------------------------------- */

static uint64_t chance;

static uint64_t next_number(void)
{
	uint64_t z = chance += 0x9e3779b97f4a7c15U;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static unsigned below(unsigned limit)
{
	return (unsigned)(next_number() % limit);
}

/* One of them, as often as its weight says. */
static unsigned weighed(const unsigned *weights, unsigned count)
{
	unsigned sum = 0, i = 0;
	for (unsigned j = 0; j < count; j++)
		sum += weights[j];
	for (unsigned left = below(sum); left >= weights[i]; i++)
		left -= weights[i];
	return i;
}

static int64_t some_span(enum deed deed)
{
	static const int64_t waits[] = {1,    5,     29,        30,        31,        60,
					300,  599,   600,       601,       1800,      3600,
					7200, 86400, 3 * 86400, 8 * 86400, 31 * 86400};
	static const int64_t jumps[] = {
	    -1, -30, -31, -60, -3600, -86400, 1, 30, 3600, 86400, INT64_C(10) * 365 * 86400};
	static const int64_t boots[] = {30, 100, 600, 86400, -3600, -365 * 86400};
	if (deed == DO_WAIT)
		return waits[below(below(3) == 0 ? sizeof(waits) / 8 : 9)];
	return deed == DO_JUMP ? jumps[below(sizeof(jumps) / 8)] : boots[below(6)];
}

static void some_op(struct op *op)
{
	static const unsigned deeds[DEEDS] = {
	    [DO_LOGIN] = 640,   [DO_UNLOCK] = 12, [DO_CODES] = 6,     [DO_ADD] = 6,
	    [DO_ADD_LABEL] = 8, [DO_REPLACE] = 6, [DO_REMOVE] = 5,    [DO_REMOVE_LABEL] = 4,
	    [DO_RESYNC] = 6,    [DO_EXTEND] = 3,  [DO_END_GRACE] = 2, [DO_REKEY] = 1,
	    [DO_WAIT] = 280,    [DO_JUMP] = 6,    [DO_REBOOT] = 6};
	static const unsigned wishes[WISHES] = {
	    [WISH_RIGHT] = 40, [WISH_WRONG] = 25, [WISH_REPLAYED] = 8, [WISH_OLD] = 4,
	    [WISH_FUTURE] = 4, [WISH_BACKUP] = 6, [WISH_SPENT] = 4,    [WISH_OLD_SET] = 2,
	    [WISH_EMPTY] = 2,  [WISH_BLIND] = 1,  [WISH_JUNK] = 1,     [WISH_GONE] = 1,
	    [WISH_OTHER] = 2};
	static const unsigned users[] = {60, 25, 12, 3};
	static const unsigned troubles[] = {95, 4, 1}, peers[] = {88, 9, 3};
	*op = (struct op){.deed = (enum deed)weighed(deeds, DEEDS),
			  .user = weighed(users, 4),
			  .door = below(below(2) == 0 ? 3 : DOORS),
			  .wish = (enum wish)weighed(wishes, WISHES),
			  .number = below(1000000),
			  .call = below(1000),
			  .error = below(16),
			  .at = 1 + below(40),
			  .onwards = below(3) == 0};
	if (op->deed >= DO_WAIT) {
		op->span = some_span(op->deed);
		return;
	}
	if (op->deed != DO_LOGIN && op->user == MODEL_USERS)
		op->user = 0;
	/* pam_unix, which is the blind host's first module, does not survive every failure. */
	if (op->user < MODEL_USERS && op->wish != WISH_BLIND)
		op->trouble = (enum trouble)weighed(troubles, 3);
	if (op->trouble == TROUBLE_NONE && op->deed == DO_LOGIN)
		op->peers = weighed(peers, 3);
	if (op->trouble == TROUBLE_FAILS && below(2) == 0)
		op->at = 1 + below(3);
}

static void some_rules(struct model_rules *rules)
{
	static const unsigned tries[] = {5, 5, 3, 1, 0, 16}, caps[] = {100, 20, 7, 0};
	static const int64_t durations[] = {600, 600, 60, 3600, 0};
	int64_t duration = durations[below(5)];
	int64_t short_one = duration > 900 ? duration : 900;
	*rules = (struct model_rules){.tries = tries[below(6)],
				      .cap = caps[below(4)],
				      .window = below(3),
				      .duration = duration,
				      .longest = below(4) == 0 ? short_one : 86400,
				      .grace = below(4) == 0 ? 0 : (int64_t)7 * 86400,
				      .one_ledger = below(6) == 0,
				      .optional = below(6) == 0};
}

/* --- a row ------------------------------------------------------------------------------------ */

static struct op ops[ROW];
static struct model_rules rules;

static void make_row(uint64_t seed)
{
	chance = seed;
	some_rules(&rules);
	for (size_t i = 0; i < ROW; i++)
		some_op(&ops[i]);
	/* Somebody to log in from the first. */
	for (unsigned i = 0; i < 2; i++)
		ops[i] = (struct op){.deed = DO_ADD, .user = i};
}

static bool run_row(struct row *row, size_t count)
{
	row->ops = ops;
	row->count = count;
	row->next = 0;
	act_stage(row, &rules);
	while (row->next < row->count && act_next(row))
		;
	return row->problem[0] == '\0';
}

/* Whether what is left of the row still fails; in a process of its own. */
static bool still_fails(size_t count, struct row *shared)
{
	int status = 0;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		memset(shared, 0, sizeof(*shared));
		_exit(run_row(shared, count) ? 0 : 1);
	}
	assert_true(waitpid(child, &status, 0) == child);
	return status != 0;
}

/* Leaves out what the failure does not need: long stretches first, single steps last. */
static size_t shorten(size_t count, struct row *shared)
{
	static struct op whole[ROW];
	time_t end = time(NULL) + 60;
	for (size_t part = count / 2; part > 0; part /= 2) {
		for (size_t at = 0; at + part <= count && time(NULL) < end;) {
			memcpy(whole, ops, sizeof(whole));
			memmove(&ops[at], &ops[at + part], (count - at - part) * sizeof(ops[0]));
			if (still_fails(count - part, shared)) {
				count -= part;
			} else {
				memcpy(ops, whole, sizeof(whole));
				at += part;
			}
		}
	}
	(void)still_fails(count, shared);
	return count;
}

static void tell_failure(uint64_t seed, const struct row *failed)
{
	struct row *shared =
	    mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	size_t count = failed->next;
	char line[256];
	assert_true(shared != MAP_FAILED);
	act_describe(&ops[failed->at - 1], line, sizeof(line));
	printf("seed %llu, step %zu: %s\n  %s\n", (unsigned long long)seed, failed->at, line,
	       failed->problem);
	printf("rules: tries %u cap %u window %u duration %lld longest %lld grace %lld%s%s\n",
	       rules.tries, rules.cap, rules.window, (long long)rules.duration,
	       (long long)rules.longest, (long long)rules.grace,
	       rules.one_ledger ? " one ledger" : "", rules.optional ? " optional" : "");
	if (!still_fails(count, shared)) {
		printf("it does not fail again from the beginning of its row\n");
		return;
	}
	count = shorten(count, shared);
	printf("still fails with %zu steps, in the %zuth: %s\n", count, shared->at,
	       shared->problem);
	for (size_t i = 0; i < count; i++) {
		act_describe(&ops[i], line, sizeof(line));
		printf("  %3zu %s\n", i + 1, line);
	}
}

static void every_step_as_foreseen(void **state)
{
	(void)state;
	static struct row row;
	uint64_t first = seed_or(20261121);
	unsigned rows = long_or(LONG_ROWS, is_sanitized() ? 4 : SHORT_ROWS);
	printf("seed %llu\n", (unsigned long long)first);
	for (unsigned i = 0; i < rows; i++) {
		row.at = 0;
		make_row(first + i);
		if (!run_row(&row, ROW)) {
			tell_failure(first + i, &row);
			fail();
		}
	}
	size_t steps = 0, commands = 0;
	for (size_t i = 0; i < DEEDS; i++)
		steps += row.done[i];
	for (size_t i = DO_UNLOCK; i <= DO_REKEY; i++)
		commands += row.done[i];
	printf("total: %zu steps as foreseen, seeds %llu to %llu: %zu logins (%zu judged, %zu "
	       "accepted, %zu without a code), %zu commands, %zu moves of the clock; %zu with a "
	       "call that fails, %zu killed\n",
	       steps, (unsigned long long)first, (unsigned long long)(first + rows - 1),
	       row.done[DO_LOGIN], row.judged, row.accepted, row.passed, commands,
	       steps - commands - row.done[DO_LOGIN], row.struck, row.killed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_step_as_foreseen)};
	rig_begin();
	act_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
