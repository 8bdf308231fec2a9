/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/deadline.h"

#include "policy/seconds.h"

enum { WORTH_A_WRITE = 3600 };

/* The end that is this user's own, were it to begin at `now` if it has not begun. */
static int64_t own_end(const struct grace *grace, const struct enroll_rules *rules, int64_t now)
{
	if (grace->extended != 0)
		return grace->extended;
	return seconds_add(grace->start != 0 ? grace->start : now, rules->grace);
}

struct grace_view deadline_view(const struct grace *grace, const struct enroll_rules *rules,
				int64_t wall)
{
	int64_t now = seconds_latest(wall, grace->seen);
	struct grace_view view = {GRACE_OVER, own_end(grace, rules, now)};

	if (rules->deadline != 0 && rules->deadline < view.end)
		view.end = rules->deadline;
	if (grace->ended && now < view.end)
		view.end = now;
	if (now < view.end)
		view.phase = grace->start != 0 ? GRACE_RUNNING : GRACE_NOT_BEGUN;
	return view;
}

bool deadline_meet(struct grace *grace, const struct enroll_rules *rules, int64_t wall)
{
	int64_t seen = grace->seen, now = seconds_latest(wall, seen);
	struct grace_view view = deadline_view(grace, rules, wall);

	grace->seen = now;
	if (view.phase == GRACE_NOT_BEGUN) {
		grace->start = seconds_latest(now, 1);
		return true;
	}
	return seconds_between(seen, now) >= WORTH_A_WRITE || (seen < view.end && now >= view.end);
}

void deadline_extend(struct grace *grace, const struct enroll_rules *rules, int64_t wall,
		     uint64_t seconds)
{
	int64_t end;

	if (grace->start == 0 || grace->start > wall)
		grace->start = seconds_latest(wall, 1);
	end = own_end(grace, rules, wall);
	if (grace->ended || end < wall)
		end = wall;
	grace->extended = seconds_add(end, seconds);
	grace->ended = false;
	grace->seen = wall;
}

void deadline_end(struct grace *grace)
{
	grace->ended = true;
}
