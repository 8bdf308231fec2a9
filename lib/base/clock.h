/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_CLOCK_H
#define KLING_BASE_CLOCK_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "policy/moment.h"

/* One reading of the clocks. ST_CLOCK: unreadable, or a wall clock before 2020. */
enum status clock_read(struct moment *now) MUST_USE;

#endif
