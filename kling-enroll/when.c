/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/when.h"

#include "kling-enroll/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

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

/* One of anything larger is too coarse: 25 hours are not two days. */
static int64_t span_unit(int64_t seconds)
{
	if (seconds > 2 * DAY - HOUR)
		return DAY;
	return seconds > 2 * HOUR - MINUTE ? HOUR : seconds > 2 * MINUTE ? MINUTE : 1;
}

static void span_text(int64_t seconds, bool up, char out[WHEN_TEXT])
{
	int64_t unit = span_unit(seconds), rest = seconds % unit;
	long count = (long)(seconds / unit + (up ? rest > 0 : rest >= unit - unit / 2));
	unsigned long many = (unsigned long)count;

	switch (unit) {
	case DAY:
		snprintf(out, WHEN_TEXT, TEXT_DAYS(many), count);
		break;
	case HOUR:
		snprintf(out, WHEN_TEXT, TEXT_HOURS(many), count);
		break;
	case MINUTE:
		snprintf(out, WHEN_TEXT, TEXT_MINUTES(many), count);
		break;
	default:
		snprintf(out, WHEN_TEXT, TEXT_SECONDS(many), count);
	}
}

void when_span(int64_t seconds, char out[WHEN_TEXT])
{
	span_text(seconds, true, out);
}

void when_about(int64_t wall, int64_t now, char out[WHEN_LONG])
{
	char minute[WHEN_TEXT], span[WHEN_TEXT];

	when_minute(wall, minute);
	span_text(wall > now ? wall - now : now - wall, wall > now, span);
	snprintf(out, WHEN_LONG, wall > now ? TEXT_WHEN_AHEAD : TEXT_WHEN_AGO, minute, span);
}
