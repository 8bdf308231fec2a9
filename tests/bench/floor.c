/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The unavoidable work alone, without PAM. Prints microseconds.
 *
 *     floor FILE
 */
#include "tests/bench/unavoidable.h"

#include <stdio.h>
#include <time.h>

int main(int argc, char **argv)
{
	struct timespec start, end;
	if (argc != 2)
		return 2;
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	int failed = unavoidable_work(argv[1]);
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f 0 0 %d\n",
	       (double)(end.tv_sec - start.tv_sec) * 1e6 +
		   (double)(end.tv_nsec - start.tv_nsec) / 1e3,
	       failed);
	return failed;
}
