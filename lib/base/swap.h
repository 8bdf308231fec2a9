/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_SWAP_H
#define KLING_BASE_SWAP_H

#include <stdbool.h>

/* Whether secrets can be kept out of swap: locks a page where the limit leaves that in doubt. */
bool swap_can_be_kept_out(void);

#endif
