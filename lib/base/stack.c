/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/stack.h"

#include "lib/base/secret.h"

/* Not inlined: its frame has to lie where the library's frames were. */
__attribute__((noinline)) void stack_wipe(void)
{
	uint8_t below[STACK_WIPED_BYTES];

	wipe(below, sizeof(below));
}
