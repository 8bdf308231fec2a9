/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_TESTS_LOCKOUT_SCENE_H
#define KLING_TESTS_LOCKOUT_SCENE_H

#include "policy/lockout.h"

#include <string.h>

/* One user's ledgers, the rules and the clock, for tests that read like the rules. */
enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

struct scene {
	struct ledgers ledgers;
	struct lockout_rules rules;
	struct moment now;
	bool root;           /* the account is uid 0 */
	uint32_t next_pid;   /* of whoever tries next */
	uint32_t dead_below; /* processes below this pid are gone */
};

static inline struct lockout_rules default_lockout(void)
{
	return (struct lockout_rules){
	    .tries = 5,
	    .cap = 100,
	    .parallel = 5,
	    .interval = 15 * MINUTE,
	    .duration = 15 * MINUTE,
	    .max_duration = 24 * HOUR,
	    .root = true,
	    .scope = LOCKOUT_SCOPE_SOURCE,
	};
}

/* A new scene in place of the one before. */
static inline struct scene *scene_new(void)
{
	static struct scene scene;

	memset(&scene, 0, sizeof(scene));
	scene.rules = default_lockout();
	scene.next_pid = 100;
	scene.now = (struct moment){.wall = 1800000000, .boot = 5000, .boot_id = {1}};
	lockout_rebase(&scene.ledgers, &scene.now);
	return &scene;
}

/* Time goes by, within a boot. */
static inline void pass(struct scene *scene, int64_t seconds)
{
	scene->now.wall += seconds;
	scene->now.boot += seconds;
	lockout_rebase(&scene->ledgers, &scene->now);
}

/* The machine boots again: so long ago by the wall clock, so long ago by the new boot clock. */
static inline void reboot(struct scene *scene, int64_t wall_seconds, int64_t uptime)
{
	scene->now.wall += wall_seconds;
	scene->now.boot = uptime;
	scene->now.boot_id[0]++;
	lockout_rebase(&scene->ledgers, &scene->now);
}

static inline struct source from(const char *address)
{
	return (struct source){.kind = SOURCE_STRANGER, .address = origin_of(address).address};
}

static inline struct source with_key(const char *address)
{
	return (struct source){.kind = SOURCE_KEYED, .address = origin_of(address).address};
}

static inline struct source at_console(void)
{
	return (struct source){.kind = SOURCE_CONSOLE};
}

static inline struct source by_uid(uint32_t uid, bool own)
{
	return (struct source){.kind = SOURCE_LOCAL, .uid = uid, .own = own};
}

static inline size_t ledger_of(struct scene *scene, struct source source)
{
	return lockout_select(&scene->ledgers, &source, &scene->rules);
}

static inline enum lock_state code_state(struct scene *scene, struct source source)
{
	return lockout_code_state(&scene->ledgers, ledger_of(scene, source), &scene->rules,
				  scene->root);
}

/* Wrong codes, as a login does it: only what is open is judged. How many were judged. */
static inline unsigned wrong_codes(struct scene *scene, struct source source, unsigned count)
{
	unsigned judged = 0;

	for (unsigned i = 0; i < count; i++) {
		size_t index = ledger_of(scene, source);

		if (code_state(scene, source) != LOCK_OPEN)
			continue;
		lockout_charge_code(&scene->ledgers, index, &scene->rules, scene->root);
		judged++;
	}
	return judged;
}

/* A right code: whether it was judged, and then accepted. */
static inline bool right_code(struct scene *scene, struct source source)
{
	if (code_state(scene, source) != LOCK_OPEN)
		return false;
	lockout_clear_code(&scene->ledgers, ledger_of(scene, source));
	return true;
}

static inline bool scene_alive(void *context, uint32_t pid, uint32_t started)
{
	const struct scene *scene = context;

	return pid >= scene->dead_below && started == 1;
}

static inline bool sweep(struct scene *scene, size_t index)
{
	const struct witness witness = {scene_alive, scene};

	return lockout_sweep(&scene->ledgers, index, &scene->rules, &witness);
}

/* A password is about to be typed by a new process: whether it may be. */
static inline bool admit(struct scene *scene, size_t index, struct attempt *ticket)
{
	sweep(scene, index);
	return lockout_admit_password(&scene->ledgers, index, &scene->rules, scene->root,
				      scene->next_pid++, 1, ticket);
}

/* All processes so far are gone. */
static inline void all_die(struct scene *scene)
{
	scene->dead_below = scene->next_pid;
}

/* Wrong passwords one after the other, each process gone before the next: how many were judged. */
static inline unsigned wrong_passwords(struct scene *scene, size_t index, unsigned count)
{
	struct attempt ticket;
	unsigned judged = 0;

	for (unsigned i = 0; i < count; i++) {
		judged += admit(scene, index, &ticket);
		all_die(scene);
	}
	return judged;
}

static inline uint32_t password_failures(const struct scene *scene, size_t index)
{
	return lockout_password_failures(&scene->ledgers.ledger[index]);
}

#endif
