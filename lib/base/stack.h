/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_STACK_H
#define KLING_BASE_STACK_H

enum { STACK_WIPED_BYTES = 8192 };

/* Of a function that works with secrets: its frame lies below the caller's, who wipes it. */
#define OWN_FRAME __attribute__((noinline))

/*
 * Wipes the STACK_WIPED_BYTES below its caller's frame: what a function with OWN_FRAME that has
 * just returned, and the foreign library it called, may have left there.
 */
void stack_wipe(void);

#endif
