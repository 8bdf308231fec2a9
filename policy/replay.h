/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_REPLAY_H
#define KLING_POLICY_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TOKENS_MAX = 4,
	CANDIDATES_MAX = 12,
	REPLAY_CLOCK_SLACK = 30, /* seconds a clock may be stepped back unnoticed */
};

/* What is remembered of a token's use. id 0: no token. */
struct token_use {
	uint32_t id;
	uint64_t last_step;     /* the last accepted one; only greater ones count */
	uint64_t repeated_step; /* a used step already charged once as a repetition */
	int64_t last_used;      /* wall clock; 0 never */
};

/* One step at which the answer is a token's code. */
struct match {
	uint32_t token_id;
	uint64_t step;
};

/* All matches of one answer, at most CANDIDATES_MAX. */
struct matches {
	size_t count;
	struct match match[CANDIDATES_MAX];
};

enum replay_outcome {
	REPLAY_WRONG = 0,  /* no match at all */
	REPLAY_USED,       /* matches used steps only: refuse and charge */
	REPLAY_USED_AGAIN, /* the same used step as charged before: refuse, charge nothing */
	REPLAY_FRESH,      /* accepted: *token is spent up to *step */
};

/*
 * Judges matches against what was used; changes `uses` for REPLAY_FRESH (last_step, last_used)
 * and REPLAY_USED (repeated_step). Of each token only its latest matching step counts, and an
 * answer that is fresh for several tokens is spent for all of them, so that the same digits cannot
 * pass twice. `token_index` may be NULL; it is set to the first token concerned for every outcome
 * but REPLAY_WRONG.
 */
enum replay_outcome replay_judge(struct token_use uses[TOKENS_MAX], const struct matches *matches,
				 int64_t wall, size_t *token_index);

/* Every step up to and including this one counts as used from now on (after damage). */
void replay_exhaust(struct token_use *use, uint64_t step);

/* TOTP is refused while the clock is behind the highest accepted time by more than the slack; by
 * how many seconds, or 0. Within the slack the used steps themselves refuse what was used. */
int64_t replay_clock_behind(int64_t highest_accepted, int64_t wall);

#endif
