/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_STACK_H
#define KLING_BASE_STACK_H

enum { STACK_WIPED_BYTES = 8192 };

/*
 * Wipes the STACK_WIPED_BYTES below its caller's frame: what a foreign library that has just
 * returned may have left there. Call it from the function that called the library.
 */
void stack_wipe(void);

#endif
