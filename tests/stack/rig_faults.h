/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_STACK_RIG_FAULTS_H
#define TESTS_STACK_RIG_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Calls that fail when asked to: functions of libc, libpam, OpenSSL and liboath, defined by the
 * test program, so that the module, libpam and the C library's own callers find them first.
 * Nothing fails unless it is armed, and only in the thread that armed it.
 */
struct fault {
	const char *call; /* the function's name; "malloc" stands for all allocations; NULL: any */
	long at;          /* fail this one, counted from 1; 0: only count */
	int error;        /* errno, or what the function returns where that is its error; with any
			     call the number of one of its errors, counted round */
	bool onwards;     /* and all that follow */
	bool shortened;   /* pread, pwrite: only half of it, without an error */
};

/* A function that can fail, and the errors that make sense for it. */
struct fault_call {
	const char *name;
	const int *errors; /* ends with 0 */
};
extern const struct fault_call fault_calls[];
extern const size_t fault_call_count;

void fault_arm(const struct fault *fault);
long fault_disarm(void); /* how many such calls there were */

/* Two at once; fault_disarm then says how many of the first kind there were. */
void fault_arm_pair(const struct fault *first, const struct fault *second);

/* This thread aborts at that many calls from now on, failing or not; 0: no bound. */
void fault_bound(long most);

/* Which call the first or second of them struck last; "none". */
const char *fault_struck(size_t index);

/* While the test itself computes something within a conversation. */
void fault_pause(void);
void fault_go_on(void);

/* Functions the module calls that cannot fail, or whose failure nothing follows from. */
struct fault_excuse {
	const char *name, *why;
};
extern const struct fault_excuse fault_excuses[];
extern const size_t fault_excuse_count;

/* What is allocated and mapped now, in bytes; 0 below a sanitizer. */
size_t fault_live(void);

/* Called, unarmed, in front of each call of a function that can fail; NULL: nothing. */
extern void (*fault_watch)(const char *call);

/* Leaves out the barrier behind which signals have arrived: some ten milliseconds each time. */
extern bool fault_skip_barrier;

/* Whether allocations can fail in this program: not below a sanitizer, which brings its own. */
bool fault_has_memory(void);

/* Called with all that is about to be freed; NULL: nothing. Nothing where memory cannot fail. */
extern void (*fault_free_watch)(void *memory);

#endif
