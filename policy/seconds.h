/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_SECONDS_H
#define KLING_POLICY_SECONDS_H

#include <stdbool.h>
#include <stdint.h>

/* Arithmetic on times that stops at the ends of int64_t instead of wrapping. */

static inline int64_t seconds_add(int64_t time, uint64_t seconds)
{
	int64_t sum;

	if (__builtin_add_overflow(time, seconds, &sum))
		return INT64_MAX;
	return sum;
}

/* to - from */
static inline int64_t seconds_between(int64_t from, int64_t to)
{
	int64_t difference;

	if (__builtin_sub_overflow(to, from, &difference))
		return to > from ? INT64_MAX : INT64_MIN;
	return difference;
}

/* Whether `time` is less than `seconds` ago, or still ahead. */
static inline bool seconds_within(int64_t time, uint64_t seconds, int64_t now)
{
	int64_t age = seconds_between(time, now);

	return age < 0 || (uint64_t)age < seconds;
}

static inline int64_t seconds_latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#endif
