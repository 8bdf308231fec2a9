/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_STACK_STEPPER_H
#define TESTS_STACK_STEPPER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A process that is stepped from one edge of a system call to the next and killed at the n-th.
 * Counted over the whole run, whatever the calls are called.
 */
struct stepping {
	void (*body)(void *context); /* in the child; whatever it returns from, the child ends */
	void *context;
	const char
	    *from; /* counting begins where a file is opened whose path has this; NULL: at once
		    */
};

/* Kills it at its n-th stop, from 0. False when it got to its end before, *status then says how. */
bool stepper_kill_at(const struct stepping *stepping, unsigned long n, int *status);

/* How many stops there are when nobody kills it. */
unsigned long stepper_count(const struct stepping *stepping);

/* Whether tracing is allowed here at all. */
bool stepper_works(void);

#endif
