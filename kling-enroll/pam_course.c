/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/pam_stack.h"

#include <stdint.h>
#include <string.h>

/* What the lines so far amount to. */
enum impression { UNDECIDED = 0, POSITIVE, NEGATIVE };

struct state {
	enum impression impression;
	bool success; /* of a POSITIVE one */
};

static void say_yes(struct state *state, enum pam_result result)
{
	if (result == RESULT_IGNORE || state->impression == NEGATIVE)
		return;
	if (state->impression == UNDECIDED || state->success) {
		state->impression = POSITIVE;
		/* PAM_NEW_AUTHTOK_REQD sticks, but it lets in as well. */
		state->success = result == RESULT_SUCCESS || result == RESULT_NEW_AUTHTOK;
	}
}

/* The index behind the rest of the substack (or of all) that the rule at i is in. */
static size_t end_of_level(const struct pam_stack *stack, size_t i)
{
	unsigned level = stack->rules[i].level;

	do
		i++;
	while (i < stack->count && stack->rules[i].level >= level && level > 0);
	return level == 0 ? stack->count : i;
}

/* The index behind `jump` lines of the same level; a substack counts as one. */
static size_t behind_jump(const struct pam_stack *stack, size_t i, int jump)
{
	unsigned level = stack->rules[i].level;
	size_t next = i + 1;

	for (; jump > 0 && next < stack->count && stack->rules[next].level >= level; jump--) {
		next++;
		while (next < stack->count && stack->rules[next].level > level)
			next++;
	}
	return jump > 0 ? SIZE_MAX : next;
}

/* What the rule at i does to the state; the index that comes next. */
static size_t act(const struct pam_stack *stack, size_t i, enum pam_result result,
		  struct state *state)
{
	int action = stack->rules[i].action[result];

	switch (action) {
	case ACTION_OK:
		say_yes(state, result);
		return i + 1;
	case ACTION_DONE:
		say_yes(state, result);
		return state->impression == POSITIVE ? end_of_level(stack, i) : i + 1;
	case ACTION_BAD:
		state->impression = NEGATIVE;
		return i + 1;
	case ACTION_DIE:
		state->impression = NEGATIVE;
		return end_of_level(stack, i);
	case ACTION_RESET:
		*state = (struct state){UNDECIDED, false};
		return i + 1;
	case ACTION_IGNORE:
		return i + 1;
	default:
		return behind_jump(stack, i, action);
	}
}

void pam_stack_run(const struct pam_stack *stack, const enum pam_result *results,
		   struct pam_course *course)
{
	struct state state = {UNDECIDED, false};

	memset(course->called, 0, stack->count * sizeof(bool));
	course->passed_by = stack->count;
	for (size_t i = 0; i < stack->count;) {
		course->called[i] = true;
		size_t next = act(stack, i, results[i], &state);
		if (next == SIZE_MAX) { /* a jump behind the end is a refusal */
			state.impression = NEGATIVE;
			next = stack->count;
		}
		if (i < course->watched && next > course->watched)
			course->passed_by = i;
		i = next;
	}
	course->success = state.impression == POSITIVE && state.success;
}
