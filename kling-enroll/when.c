/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/when.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

static void format(int64_t wall, const char *how, char out[WHEN_TEXT])
{
	time_t seconds = (time_t)wall;
	struct tm local;

	if (!localtime_r(&seconds, &local) || !strftime(out, WHEN_TEXT, how, &local))
		snprintf(out, WHEN_TEXT, "%" PRId64, wall);
}

void when_day(int64_t wall, char out[WHEN_TEXT])
{
	format(wall, "%Y-%m-%d", out);
}

void when_minute(int64_t wall, char out[WHEN_TEXT])
{
	format(wall, "%Y-%m-%d %H:%M", out);
}

void when_span(int64_t seconds, char out[WHEN_TEXT])
{
	static const struct {
		int64_t length;
		const char *name;
	} units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
	size_t i = 0;

	while (i < 3 && seconds < units[i].length)
		i++;
	int64_t count = seconds / units[i].length;
	snprintf(out, WHEN_TEXT, "%" PRId64 " %s%s", count, units[i].name, count == 1 ? "" : "s");
}
