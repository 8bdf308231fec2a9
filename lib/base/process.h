/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_PROCESS_H
#define KLING_BASE_PROCESS_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The low bits of a process's start time (/proc/PID/stat, field 22): with the pid they name it.
 * ST_MISSING when there is none or it has ended (a zombie too), ST_IO when it cannot be told.
 */
enum status process_started(uint32_t pid, uint32_t *started) MUST_USE;

/* Whether that very process still lives, for all that can be read. */
bool process_alive(uint32_t pid, uint32_t started);

/* Two facts out of a line of /proc/PID/stat, whatever the program calls itself. */
bool process_stat_parse(const char *line, char *state, uint32_t *started);

#endif
