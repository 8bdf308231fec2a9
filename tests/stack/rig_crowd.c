/* SPDX-License-Identifier: BSD-3-Clause */
/* Many processes in the middle of their conversation at the same time. */
#include "tests/stack/rig.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CROWD_MAX = 64 };

struct crowd {
	pthread_barrier_t barrier;
	int results[CROWD_MAX];
};

static struct crowd *crowd;

static void wait_for_all(struct talk *talk)
{
	(void)talk;
	(void)pthread_barrier_wait(&crowd->barrier);
}

static void member(const struct login *login, const char *answer, int *result)
{
	struct talk talk = {.answers = {answer}, .count = 1, .before = wait_for_all};
	*result = rig_login(login, &talk);
	/* One that was refused before the prompt must not leave the others waiting. */
	if (talk.asked == 0)
		wait_for_all(&talk);
	_exit(0);
}

void rig_crowd(const struct login *login, const char *const *answers, size_t count, int *results)
{
	pthread_barrierattr_t shared;
	crowd =
	    mmap(NULL, sizeof(*crowd), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(crowd != MAP_FAILED && count <= CROWD_MAX);
	assert_int_equal(pthread_barrierattr_init(&shared), 0);
	assert_int_equal(pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED), 0);
	assert_int_equal(pthread_barrier_init(&crowd->barrier, &shared, (unsigned)count), 0);
	for (size_t i = 0; i < count; i++) {
		crowd->results[i] = -1;
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			member(login, answers[i], &crowd->results[i]);
	}
	for (size_t i = 0; i < count; i++) {
		int status = -1;
		assert_true(wait(&status) > 0 && status == 0);
	}
	memcpy(results, crowd->results, count * sizeof(*results));
	(void)pthread_barrier_destroy(&crowd->barrier);
	(void)munmap(crowd, sizeof(*crowd));
}
