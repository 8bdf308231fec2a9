/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_LONG_H
#define TESTS_LONG_H

/*
 * Tests with two lengths: the short one is part of make check, the long one of make check-long,
 * which sets KLING_LONG. A program that has a long form names itself in `long_tests` of its
 * local.mk, prints what it counted in lines that begin with `total: `, and where chance has a part,
 * the seed, which KLING_SEED gives back to it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static inline bool is_long(void)
{
	const char *word = getenv("KLING_LONG");
	return word != NULL && word[0] != '\0';
}

/* How often. */
static inline unsigned long_or(unsigned in_check_long, unsigned in_check)
{
	return is_long() ? in_check_long : in_check;
}

/* Built with sanitizers: slow, and with memory of its own. */
static inline bool is_sanitized(void)
{
	const char *list = getenv("KLING_SANITIZERS");
	return list != NULL && list[0] != '\0';
}

/* KLING_SEED, else this one. */
static inline uint64_t seed_or(uint64_t usual)
{
	const char *word = getenv("KLING_SEED");
	return word != NULL && word[0] != '\0' ? strtoull(word, NULL, 0) : usual;
}

#endif
