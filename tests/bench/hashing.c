/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/derive.h"
#include "lib/crypto/digest.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/*
 * hashing USERS CODES ITERATIONS: the seconds it takes to hash that many backup codes on all cores
 * and to do nothing else. No enrollment of as many users can take less.
 */
enum { THREADS_MOST = 256 };

static atomic_long left;
static unsigned iterations;

static void *hash_codes(void *unused)
{
	static const char code[] = "0123456789ABCDEF", salt[] = "sixteen bytes so";
	uint8_t hash[SHA256_BYTES];

	while (atomic_fetch_sub(&left, 1) > 0)
		derive_password(code, sizeof(code) - 1, salt, sizeof(salt) - 1, iterations, hash);
	return unused;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MOST];
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	long started = 0;

	if (argc != 4) {
		fprintf(stderr, "usage: hashing USERS CODES ITERATIONS\n");
		return 2;
	}
	left = atol(argv[1]) * atol(argv[2]);
	iterations = (unsigned)atol(argv[3]);
	double begin = seconds();
	while (started < cores && started < THREADS_MOST &&
	       pthread_create(&threads[started], NULL, hash_codes, NULL) == 0)
		started++;
	for (long i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	printf("%.3f\n", seconds() - begin);
	return started == cores ? 0 : 1;
}
