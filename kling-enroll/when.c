/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/when.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

/* The local calendar, or false for a time beyond every calendar. */
static bool calendar(int64_t wall, struct tm *local)
{
	time_t seconds = (time_t)wall;

	return localtime_r(&seconds, local) != NULL;
}

void when_day(int64_t wall, char out[WHEN_TEXT])
{
	struct tm local;

	if (!calendar(wall, &local) || !strftime(out, WHEN_TEXT, "%Y-%m-%d", &local))
		snprintf(out, WHEN_TEXT, "%" PRId64, wall);
}

void when_minute(int64_t wall, char out[WHEN_TEXT])
{
	struct tm local;

	if (!calendar(wall, &local) || !strftime(out, WHEN_TEXT, "%Y-%m-%d %H:%M", &local))
		snprintf(out, WHEN_TEXT, "%" PRId64, wall);
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
