/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_WHEN_H
#define KLING_ENROLL_WHEN_H

#include <stdint.h>

enum { WHEN_TEXT = 40, WHEN_LONG = 120 };

/* 2026-11-30, in local time. */
void when_day(int64_t wall, char out[WHEN_TEXT]);

/* 2026-11-30 14:05, in local time. */
void when_minute(int64_t wall, char out[WHEN_TEXT]);

/* "12 seconds", "3 minutes", "2 days": rounded up, for people. */
void when_span(int64_t seconds, char out[WHEN_TEXT]);

/* "2026-11-30 14:05 (in 3 days)", "(2 hours ago)": what is ahead is never
 * said to be nearer than it is. */
void when_about(int64_t wall, int64_t now, char out[WHEN_LONG]);

#endif
