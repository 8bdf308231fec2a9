/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random histories against a naive model: it forgets nothing, counts in true seconds, and works
 * everything out again from the whole list at each question.
 */
#include "tests/unit/lockout_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { EVENTS = 4000, STEPS = 1500, HISTORIES = 300, LEDGERS = 4, PROCESSES = 4096 };

static const size_t indices[LEDGERS] = {LEDGER_STRANGERS, LEDGER_CONSOLE, LEDGER_LOCAL_SELF,
					LEDGER_KNOWN};

enum fate { WRONG_CODE, OPEN, FAILED, FORGOTTEN };

struct event {
	enum fate fate;
	int64_t at;
	uint32_t pid;
	struct attempt ticket;
};

struct model {
	struct event events[LEDGERS][EVENTS];
	size_t count[LEDGERS];
	int64_t password_until[LEDGERS];
	bool dead[PROCESSES];
	int64_t time;
};

static struct model model;
static struct scene *scene;
static uint64_t random_state;

static uint32_t any(uint32_t below)
{
	random_state = random_state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(random_state >> 33) % below;
}

static struct event *add(int l, enum fate fate, uint32_t pid)
{
	struct event *e = &model.events[l][model.count[l]++];

	assert_true(model.count[l] < EVENTS);
	*e = (struct event){fate, model.time, pid, {0, 0, 0}};
	return e;
}

static void forget(int l, enum fate fate)
{
	for (size_t i = 0; i < model.count[l]; i++) {
		if (model.events[l][i].fate == fate)
			model.events[l][i].fate = FORGOTTEN;
	}
}

static int64_t end_of(int64_t start, uint64_t length)
{
	return length == 0 ? INT64_MAX : start + (int64_t)length;
}

/* Replays all wrong codes since the last success: when the lock ends, and how many in a row. */
static int64_t code_lock(int l, unsigned *run)
{
	unsigned count = 0;
	uint64_t length = scene->rules.duration;
	int64_t until = 0;

	*run = 0;
	for (size_t i = 0; i < model.count[l]; i++) {
		if (model.events[l][i].fate != WRONG_CODE)
			continue;
		++*run;
		if (++count != scene->rules.tries)
			continue;
		until = end_of(model.events[l][i].at, length);
		count = 0;
		if (indices[l] != LEDGER_CONSOLE)
			length = length * 2 < scene->rules.max_duration ? length * 2
									: scene->rules.max_duration;
		if (scene->rules.duration == 0)
			length = 0;
	}
	return until;
}

static enum lock_state expected_code_state(int l)
{
	unsigned run;
	int64_t until = code_lock(l, &run);

	if (scene->rules.cap != 0 && l == 0 && run >= scene->rules.cap)
		return LOCK_CAPPED;
	return until > model.time ? LOCK_CLOSED : LOCK_OPEN;
}

static unsigned failures_within(int l, size_t last, int64_t end)
{
	unsigned failures = 0;

	for (size_t i = 0; i <= last && i < model.count[l]; i++) {
		struct event *e = &model.events[l][i];

		failures += e->fate == FAILED && end - e->at < (int64_t)scene->rules.interval;
	}
	return failures;
}

static void model_settle(int l)
{
	for (size_t i = 0; i < model.count[l] && scene->rules.tries != 0; i++) {
		struct event *e = &model.events[l][i];

		if (e->fate != FAILED || failures_within(l, i, e->at) < scene->rules.tries)
			continue;
		if (end_of(e->at, scene->rules.duration) > model.password_until[l])
			model.password_until[l] = end_of(e->at, scene->rules.duration);
		for (size_t j = 0; j <= i; j++) {
			if (model.events[l][j].fate == FAILED)
				model.events[l][j].fate = FORGOTTEN;
		}
	}
	for (size_t i = 0; i < model.count[l]; i++) {
		struct event *e = &model.events[l][i];

		if (e->fate == FAILED && model.time - e->at >= (int64_t)scene->rules.interval)
			e->fate = FORGOTTEN;
	}
}

static unsigned open_tickets(int l)
{
	unsigned open = 0;

	for (size_t i = 0; i < model.count[l]; i++)
		open += model.events[l][i].fate == OPEN;
	return open;
}

static bool model_alive(void *context, uint32_t pid, uint32_t started)
{
	(void)context;
	return started == 1 && !model.dead[pid];
}

static void sweep_both(int l)
{
	const struct witness witness = {model_alive, NULL};

	for (size_t i = 0; i < model.count[l]; i++) {
		struct event *e = &model.events[l][i];

		if (e->fate == OPEN && (model.dead[e->pid] || model.time - e->at >= 600))
			e->fate = FAILED;
	}
	model_settle(l);
	lockout_sweep(&scene->ledgers, indices[l], &scene->rules, &witness);
}

static void do_admit(int l)
{
	static uint32_t pid;
	struct attempt ticket;
	bool expected, admitted;

	sweep_both(l);
	pid = pid % (PROCESSES - 1) + 1;
	model.dead[pid] = false;
	expected =
	    scene->rules.tries == 0 || (model.password_until[l] <= model.time &&
					failures_within(l, EVENTS, model.time) + open_tickets(l) <
					    scene->rules.tries + scene->rules.parallel);
	admitted = lockout_admit_password(&scene->ledgers, indices[l], &scene->rules, false, pid, 1,
					  &ticket);
	assert_int_equal(admitted, expected);
	if (admitted && scene->rules.tries != 0)
		add(l, OPEN, pid)->ticket = ticket;
}

static struct event *any_open(int l)
{
	unsigned open = open_tickets(l), wanted = open ? any(open) : 0;

	for (size_t i = 0; open && i < model.count[l]; i++) {
		if (model.events[l][i].fate == OPEN && wanted-- == 0)
			return &model.events[l][i];
	}
	return NULL;
}

static void end_ticket(int l, unsigned how)
{
	struct event *e = any_open(l);

	if (!e)
		return;
	if (how == 0) {
		assert_true(lockout_return_ticket(&scene->ledgers, indices[l], &e->ticket));
		e->fate = FORGOTTEN;
	} else if (how == 1) {
		lockout_redeem_ticket(&scene->ledgers, indices[l], &e->ticket);
		e->fate = FORGOTTEN;
		forget(l, FAILED);
		model.password_until[l] = 0;
	} else if (how == 2) {
		lockout_fail_ticket(&scene->ledgers, indices[l], &scene->rules, &e->ticket);
		e->fate = FAILED;
		model_settle(l);
	} else {
		model.dead[e->pid] = true;
	}
}

static void do_wrong_code(int l)
{
	if (expected_code_state(l) != LOCK_OPEN)
		return;
	add(l, WRONG_CODE, 0);
	lockout_charge_code(&scene->ledgers, indices[l], &scene->rules, false);
}

static void do_right_code(int l)
{
	if (expected_code_state(l) != LOCK_OPEN)
		return;
	forget(l, WRONG_CODE);
	lockout_clear_code(&scene->ledgers, indices[l]);
}

static void do_unlock(void)
{
	for (int l = 0; l < LEDGERS; l++) {
		for (size_t i = 0; i < model.count[l]; i++)
			model.events[l][i].fate = FORGOTTEN;
		model.password_until[l] = 0;
	}
	lockout_unlock(&scene->ledgers);
}

static int64_t any_time(void)
{
	static const uint32_t scales[] = {2, MINUTE, 20 * MINUTE, DAY};

	return any(scales[any(4)]);
}

/* The wall clock jumps while the machine runs: that is nothing to the model. */
static void do_pass(void)
{
	int64_t seconds = any_time();

	model.time += seconds;
	if (any(4) == 0)
		scene->now.wall += (int64_t)any(2 * DAY) - DAY;
	pass(scene, seconds);
}

/* A boot, at the right wall time: every open ticket is lost. */
static void do_reboot(void)
{
	int64_t off = any_time();

	model.time += off;
	reboot(scene, off, any((uint32_t)off + 1));
	for (int l = 0; l < LEDGERS; l++) {
		for (size_t i = 0; i < model.count[l]; i++) {
			if (model.events[l][i].fate == OPEN)
				model.events[l][i].fate = FAILED;
		}
	}
}

static void step(void)
{
	int l = (int)any(LEDGERS);
	uint32_t what = any(1000);

	if (what < 200)
		do_pass();
	else if (what < 500)
		do_wrong_code(l);
	else if (what < 510)
		do_right_code(l);
	else if (what < 750)
		do_admit(l);
	else if (what < 985)
		end_ticket(l, any(100) < 5 ? any(2) : 2 + any(2));
	else if (what < 997)
		do_reboot();
	else
		do_unlock();
}

static void compare(int l)
{
	int64_t until;
	unsigned run;

	sweep_both(l);
	assert_int_equal(lockout_code_state(&scene->ledgers, indices[l], &scene->rules, false),
			 expected_code_state(l));
	assert_int_equal(password_failures(scene, indices[l]),
			 failures_within(l, EVENTS, model.time));
	until = code_lock(l, &run);
	if (until < model.password_until[l])
		until = model.password_until[l];
	if (expected_code_state(l) == LOCK_CAPPED)
		until = INT64_MAX;
	else if (until <= model.time)
		until = 0;
	else if (until != INT64_MAX)
		until += scene->now.wall - model.time;
	assert_true(lockout_until(&scene->ledgers, indices[l], &scene->rules, false) == until);
}

static void random_rules(struct lockout_rules *rules)
{
	static const uint64_t times[] = {1, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, DAY};

	rules->tries = any(17);
	rules->parallel = 1 + any(8);
	rules->cap = any(3) ? any(60) : 0;
	rules->interval = times[any(7)];
	rules->duration = any(10) ? times[any(7)] : 0;
	rules->max_duration = rules->duration ? rules->duration * (1 + any(40)) : DAY;
}

static void run_history(uint64_t seed)
{
	random_state = seed;
	memset(&model, 0, sizeof(model));
	scene = scene_new();
	random_rules(&scene->rules);
	model.time = 1000000;
	for (int i = 0; i < STEPS; i++) {
		step();
		compare((int)any(LEDGERS));
	}
}

static void test_random_histories(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= HISTORIES; seed++)
		run_history(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_random_histories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
