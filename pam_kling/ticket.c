/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/ticket.h"

#include "lib/base/clock.h"
#include "lib/base/process.h"

#include <unistd.h>

static bool still_alive(void *context, uint32_t pid, uint32_t started)
{
	(void)context;
	return process_alive(pid, started);
}

static const struct witness processes = {still_alive, NULL};

static void fail_former(struct ledgers *ledgers, const struct lockout_rules *rules,
			struct memory *memory)
{
	if (memory->has_ticket)
		(void)lockout_fail_ticket(ledgers, memory->ticket_ledger, rules, &memory->ticket);
	memory->has_ticket = false;
}

static bool admit(const struct request *request, struct ledgers *ledgers, uint32_t started,
		  struct memory *memory)
{
	const struct lockout_rules *rules = &request->rules.lockout;
	fail_former(ledgers, rules, memory);
	size_t index = lockout_select(ledgers, &request->source, rules);
	(void)lockout_sweep(ledgers, index, rules, &processes);
	bool admitted = lockout_admit_password(ledgers, index, rules, request->who.uid == 0,
					       (uint32_t)getpid(), started, &memory->ticket);
	memory->has_ticket = admitted;
	memory->ticket_ledger = index;
	return admitted;
}

enum status ticket_take(const struct request *request, struct store *store, struct memory *memory,
			bool *admitted)
{
	*admitted = false;
	struct moment now;
	uint32_t started = 0;
	enum status status = clock_read(&now);
	if (status != ST_OK)
		return status;
	status = process_started((uint32_t)getpid(), &started);
	if (status != ST_OK)
		return status;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	status = account_lock(store, &request->who, &account);
	if (status != ST_OK)
		return status;
	lockout_rebase(&account.state->ledgers, &now);
	bool granted = admit(request, &account.state->ledgers, started, memory);
	status = account_commit_soft(&account);
	*admitted = granted && status == ST_OK;
	memory->has_ticket = *admitted;
	return status;
}

void ticket_return(const struct request *request, struct store *store, struct memory *memory)
{
	if (!memory->has_ticket)
		return;
	memory->has_ticket = false;
	struct moment now;
	if (clock_read(&now) != ST_OK)
		return;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	if (account_lock(store, &request->who, &account) != ST_OK)
		return;
	struct ledgers *ledgers = &account.state->ledgers;
	lockout_rebase(ledgers, &now);
	if (lockout_return_ticket(ledgers, memory->ticket_ledger, &memory->ticket))
		(void)!account_commit_soft(&account);
}

bool ticket_redeem(struct memory *memory, struct live_state *state)
{
	if (!memory->has_ticket)
		return false;
	memory->has_ticket = false;
	lockout_redeem_ticket(&state->ledgers, memory->ticket_ledger, &memory->ticket);
	return true;
}
