/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/stack.h"

#include "lib/base/secret.h"

/* AddressSanitizer would put a gap between the caller's frame and the bytes below. */
OWN_FRAME __attribute__((no_sanitize_address)) void stack_wipe(void)
{
	/* Not zeroed by the compiler first: it is written once, below. */
	__attribute__((uninitialized)) uint8_t below[STACK_WIPED_BYTES];

	wipe(below, sizeof(below));
}
