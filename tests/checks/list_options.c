/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/rules.h"

#include <inttypes.h>
#include <stdio.h>

/* Prints every option as NAME|DEFAULT|LOW|HIGH|KIND|WORDS, for options.sh. */
static const char *const kinds[] = {
    [TUNABLE_BOOL] = "bool", [TUNABLE_NUMBER] = "number", [TUNABLE_DURATION] = "duration",
    [TUNABLE_DATE] = "date", [TUNABLE_CHOICE] = "choice", [TUNABLE_TEXT] = "text",
    [TUNABLE_PATH] = "path", [TUNABLE_WORDS] = "words",   [TUNABLE_RANGES] = "ranges",
};

int main(void)
{
	for (size_t i = 0; i < tunable_count; i++) {
		const struct tunable *t = &tunables[i];

		printf("%s|%s|%" PRIu64 "|%" PRIu64 "|%s|", t->name, t->standard, t->low, t->high,
		       kinds[t->type]);
		for (const struct choice *c = t->choices; c && c->word; c++)
			printf("%s%s", c == t->choices ? "" : " ", c->word);
		putchar('\n');
	}
	return 0;
}
