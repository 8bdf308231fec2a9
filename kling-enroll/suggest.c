/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/options.h"

#include <string.h>

enum { WORD_MAX = 24, FAR = 1000 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to insert, drop, change or swap with their neighbour. */
static unsigned distance(const char *a, const char *b)
{
	unsigned table[WORD_MAX + 1][WORD_MAX + 1];
	size_t m = strlen(a), n = strlen(b);

	if (m > WORD_MAX || n > WORD_MAX)
		return FAR;
	for (size_t i = 0; i <= m; i++) {
		for (size_t j = 0; j <= n; j++) {
			unsigned best = i == 0 ? (unsigned)j : j == 0 ? (unsigned)i : FAR;
			if (i > 0 && j > 0) {
				best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
				best = least(best, table[i - 1][j] + 1);
				best = least(best, table[i][j - 1] + 1);
			}
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = least(best, table[i - 2][j - 2] + 1);
			table[i][j] = best;
		}
	}
	return table[m][n];
}

const char *suggestion_for(const char *word, const char *(*at)(const void *context, size_t i),
			   const void *context, size_t count)
{
	const char *best = NULL;
	unsigned nearest = 3;

	for (size_t i = 0; i < count; i++) {
		const char *known = at(context, i);
		unsigned away = strlen(word) >= 3 && strncmp(known, word, strlen(word)) == 0
				    ? 1
				    : distance(word, known);
		if (away < nearest && away < strlen(word)) {
			best = known;
			nearest = away;
		}
	}
	return best;
}
