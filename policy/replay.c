/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/replay.h"

#include "policy/seconds.h"

/* The highest step at which the answer is this token's code. */
static bool highest_match(const struct matches *matches, uint32_t id, uint64_t *step)
{
	bool found = false;

	for (size_t i = 0; i < matches->count && i < CANDIDATES_MAX; i++) {
		const struct match *match = &matches->match[i];

		if (match->token_id != id || (found && match->step < *step))
			continue;
		*step = match->step;
		found = true;
	}
	return found;
}

/* Spends every token for which the answer is fresh; the first of them is reported. */
static bool spend(struct token_use uses[TOKENS_MAX], const struct matches *matches, int64_t wall,
		  size_t *index)
{
	bool fresh = false;

	for (size_t i = 0; i < TOKENS_MAX; i++) {
		uint64_t step = 0;

		if (uses[i].id == 0 || !highest_match(matches, uses[i].id, &step) ||
		    step <= uses[i].last_step)
			continue;
		uses[i].last_step = step;
		if (!fresh) {
			uses[i].last_used = wall;
			*index = i;
		}
		fresh = true;
	}
	return fresh;
}

/* Remembers which used steps the answer matched; the outcome says whether one of them is new. */
static enum replay_outcome repeat(struct token_use uses[TOKENS_MAX], const struct matches *matches,
				  size_t *index)
{
	enum replay_outcome outcome = REPLAY_WRONG;

	for (size_t i = TOKENS_MAX; i-- > 0;) {
		uint64_t step = 0;

		if (uses[i].id == 0 || !highest_match(matches, uses[i].id, &step))
			continue;
		if (uses[i].repeated_step != step)
			outcome = REPLAY_USED;
		else if (outcome == REPLAY_WRONG)
			outcome = REPLAY_USED_AGAIN;
		uses[i].repeated_step = step;
		*index = i;
	}
	return outcome;
}

enum replay_outcome replay_judge(struct token_use uses[TOKENS_MAX], const struct matches *matches,
				 int64_t wall, size_t *token_index)
{
	size_t unwanted;

	if (!token_index)
		token_index = &unwanted;
	if (spend(uses, matches, wall, token_index))
		return REPLAY_FRESH;
	return repeat(uses, matches, token_index);
}

void replay_exhaust(struct token_use *use, uint64_t step)
{
	if (use->last_step < step)
		use->last_step = step;
}

int64_t replay_clock_behind(int64_t highest_accepted, int64_t wall)
{
	int64_t behind = seconds_between(wall, highest_accepted);

	return behind > REPLAY_CLOCK_SLACK ? behind : 0;
}
