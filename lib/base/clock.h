/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_CLOCK_H
#define KLING_BASE_CLOCK_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "policy/moment.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * One reading of the clocks. ST_CLOCK: unreadable, or a wall clock before 2020; *now then holds
 * what could be read, and zeros.
 */
enum status clock_read(struct moment *now) MUST_USE;

/* The wall clock alone. ST_CLOCK as above. */
enum status clock_wall(int64_t *wall) MUST_USE;

/* Not before 2020-01-01: a machine without a battery that has not heard of the time yet. */
bool clock_is_plausible(int64_t wall);

/* 0f0e0d0c-0b0a-0908-0706-050403020100 and a line feed, as the kernel writes it. */
bool boot_id_parse(const char *text, uint8_t id[16]);

#endif
