/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_STACK_RIG_WORLD_H
#define TESTS_STACK_RIG_WORLD_H

#include "tests/stack/rig.h"

/* Before anything else of the rig: the memory that forked children share. */
void world_begin(void);

#endif
