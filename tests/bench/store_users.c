/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/store_scene.h"

#include <sys/resource.h>
#include <time.h>

/*
 * store_users DIR USERS: what the store's part of a login costs among so many user directories,
 * against the same among one, interleaved; and what listing them takes. DIR gets the stores.
 * Every thousandth directory is a whole user, as only those are logged in. Where these take turns,
 * they are compared with a store of them alone, so that both sides touch as many files.
 */
enum { ROUNDS = 3000, WHOLE_EVERY = 1000 };

static uint64_t nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void open_scene(struct scene *s, const char *dir, const char *name)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->state_dir, sizeof(s->state_dir), "%s/%s/state", dir, name);
	snprintf(s->key_dir, sizeof(s->key_dir), "%s/%s/keys", dir, name);
	s->place = (struct place){s->state_dir, s->key_dir, geteuid()};
	s->store = STORE_CLOSED;
	s->account = ACCOUNT_CLOSED;
	enum status result = store_init(&s->place, false);
	assert_true(result == ST_OK || result == ST_EXISTS);
	assert_ok(store_open(&s->place, &s->store));
}

static void fill(struct scene *s, unsigned users, bool whole_only)
{
	char name[24];

	for (unsigned i = 0; i < users; i++) {
		snprintf(name, sizeof(name), "user%u", i);
		s->alice = (struct who){name, 1000 + i, true};
		if (i % WHOLE_EVERY == 0)
			enroll_alice(s, 0x41);
		else if (!whole_only && mkdirat(s->store.users, name, 0700) != 0)
			assert_int_equal(errno, EEXIST);
	}
}

static uint64_t log_in_once(struct scene *s, unsigned user, enum status (*how)(struct account *))
{
	char name[24];

	snprintf(name, sizeof(name), "user%u", user);
	const struct who who = {name, 1000 + user, true};
	uint64_t begin = nanoseconds();
	assert_ok(account_lock(&s->store, &who, &s->account));
	assert_ok(account_enrollment(&s->account, &s->enrollment));
	assert_ok(how(&s->account));
	account_unlock(&s->account);
	enrollment_clear(&s->enrollment);
	return nanoseconds() - begin;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static double median(uint64_t *times)
{
	qsort(times, ROUNDS, sizeof(*times), by_size);
	return (double)times[ROUNDS / 2] / 1000;
}

static void compare(struct scene *few, struct scene *many, unsigned users, const char *what,
		    enum status (*how)(struct account *), unsigned turn)
{
	static uint64_t alone[ROUNDS];
	static uint64_t among[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned user = i * 7919U % turn * WHOLE_EVERY;
		alone[i] = log_in_once(few, user, how);
		among[i] = log_in_once(many, user, how);
	}
	double a = median(alone);
	double b = median(among);
	printf("%-30s %7.1f us among %4u, %7.1f us among %u, ratio %.3f\n", what, a, turn, b, users,
	       b / a);
}

static enum status count(void *context, const char *name)
{
	(void)name;
	++*(unsigned *)context;
	return ST_OK;
}

static void list(struct scene *s)
{
	struct rusage before;
	struct rusage after;
	unsigned users = 0;

	getrusage(RUSAGE_SELF, &before);
	uint64_t begin = nanoseconds();
	assert_ok(account_each(&s->store, count, &users));
	double seconds = (double)(nanoseconds() - begin) / 1e9;
	getrusage(RUSAGE_SELF, &after);
	printf("listing %u users: %.2f s, peak memory %ld KiB before, %ld KiB after\n", users,
	       seconds, before.ru_maxrss, after.ru_maxrss);
}

int main(int argc, char **argv)
{
	static struct scene one;
	static struct scene few;
	static struct scene many;

	if (argc != 3 || atoi(argv[2]) < 1) {
		fprintf(stderr, "usage: store_users DIR USERS\n");
		return 2;
	}
	unsigned users = (unsigned)atoi(argv[2]);
	unsigned whole = (users + WHOLE_EVERY - 1) / WHOLE_EVERY;
	open_scene(&one, argv[1], "one");
	open_scene(&few, argv[1], "few");
	open_scene(&many, argv[1], "many");
	fill(&one, 1, true);
	fill(&few, users, true);
	fill(&many, users, false);
	sync();
	compare(&one, &many, users, "the same user, not flushed", account_commit_soft, 1);
	compare(&few, &many, users, "users in turn, not flushed", account_commit_soft, whole);
	compare(&one, &many, users, "the same user", account_commit, 1);
	compare(&few, &many, users, "users in turn", account_commit, whole);
	list(&many);
	store_close(&one.store);
	store_close(&few.store);
	store_close(&many.store);
	return 0;
}
