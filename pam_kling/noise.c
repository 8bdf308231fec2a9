/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/noise.h"

#include "lib/base/clock.h"

enum { LINES_A_MINUTE = 10, MINUTE = 60 };

static bool count_line(struct noise *noise, int64_t wall)
{
	if (wall < noise->since || wall - noise->since >= MINUTE)
		*noise = (struct noise){.since = wall};
	if (noise->lines >= LINES_A_MINUTE)
		return false;
	noise->lines++;
	return true;
}

/* In the slot that the name has among the unknown ones, so that no real user's file changes. */
static bool host_refused(struct phase *phase)
{
	const struct who nobody = {.name = phase->request.who.name};
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	struct moment now;
	if (phase->opened != ST_OK || clock_read(&now) != ST_OK ||
	    account_lock(&phase->store, &nobody, &account) != ST_OK)
		return true;
	if (!count_line(&account.state->noise, now.wall))
		return false;
	(void)!account_commit_soft(&account);
	return true;
}

bool noise_worth_a_line(struct phase *phase, enum reason reason)
{
	if (reason == REASON_HOST_REFUSED)
		return host_refused(phase);
	if (reason != REASON_BLIND_CONVERSATION || phase->memory == NULL)
		return true;
	bool first = !phase->memory->blind_logged;
	phase->memory->blind_logged = true;
	return first;
}
