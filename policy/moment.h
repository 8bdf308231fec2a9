/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_MOMENT_H
#define KLING_POLICY_MOMENT_H

#include <stdint.h>

/* One reading of the clocks, taken once and handed down. Nothing below ever asks for the time. */
struct moment {
	int64_t wall;        /* seconds since 1970 */
	int64_t boot;        /* CLOCK_BOOTTIME in seconds: counts through suspend, set by nobody */
	uint8_t boot_id[16]; /* which boot `boot` belongs to */
};

#endif
