/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_RECORDER_H
#define KLING_ENROLL_RECORDER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether this terminal is being recorded by a program above us (script, asciinema, sudo with
 * an I/O log): its name into `name`.
 */
bool recorder_find(char *name, size_t size);

#endif
