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

static int64_t span_unit(int64_t seconds)
{
	return seconds >= DAY ? DAY : seconds >= HOUR ? HOUR : seconds >= MINUTE ? MINUTE : 1;
}

void when_span(int64_t seconds, char out[WHEN_TEXT])
{
	long count = (long)(seconds / span_unit(seconds));
	unsigned long many = (unsigned long)count;

	switch (span_unit(seconds)) {
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

void when_about(int64_t wall, int64_t now, char out[WHEN_LONG])
{
	char minute[WHEN_TEXT], span[WHEN_TEXT];

	when_minute(wall, minute);
	when_span(wall > now ? wall - now : now - wall, span);
	snprintf(out, WHEN_LONG, wall > now ? TEXT_WHEN_AHEAD : TEXT_WHEN_AGO, minute, span);
}
