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

/* The ledgers in which a ticket of this handle was taken. */
static enum status lock_ticket(const struct request *request, struct store *store,
			       const struct memory *memory, struct account *account)
{
	return memory->ticket_shared ? account_lock_shared(store, &request->who, account)
				     : account_lock(store, &request->who, account);
}

static bool is_here(const struct memory *memory, const struct account *account)
{
	return memory->has_ticket && memory->ticket_shared == (account->kind == ACCOUNT_UNENROLLED);
}

/* True when that locked the ledger. */
static bool fail_former(const struct account *account, const struct lockout_rules *rules,
			struct memory *memory)
{
	bool here = is_here(memory, account);
	memory->has_ticket = false;
	return here && lockout_fail_ticket(&account->state->ledgers, memory->ticket_ledger, rules,
					   &memory->ticket);
}

static int64_t lock_end_of(const struct account *account, size_t index)
{
	return account->state->ledgers.ledger[index].password_locked_until;
}

static void admit(const struct request *request, struct account *account, uint32_t started,
		  struct memory *memory, struct admission *out)
{
	const struct lockout_rules *rules = &request->rules.lockout;
	struct ledgers *ledgers = &account->state->ledgers;
	out->ledger = request_ledger(request, account);
	int64_t end = lock_end_of(account, out->ledger);
	out->locked = fail_former(account, rules, memory);
	out->locked |= lockout_sweep(ledgers, out->ledger, rules, &processes);
	out->admitted = lockout_admit_password(ledgers, out->ledger, rules, request->who.uid == 0,
					       (uint32_t)getpid(), started, &memory->ticket);
	out->reopened = end != 0 && end != lock_end_of(account, out->ledger);
	memory->ticket_shared = account->kind == ACCOUNT_UNENROLLED;
	memory->ticket_ledger = out->ledger;
}

enum status ticket_take(const struct request *request, struct store *store, struct memory *memory,
			struct admission *out)
{
	*out = (struct admission){.admitted = false};
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
	struct admission found = {.admitted = false};
	lockout_rebase(&account.state->ledgers, &now);
	admit(request, &account, started, memory, &found);
	status = account_commit_soft(&account);
	if (status != ST_OK)
		return status;
	memory->has_ticket = found.admitted;
	*out = found;
	return ST_OK;
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
	if (lock_ticket(request, store, memory, &account) != ST_OK)
		return;
	struct ledgers *ledgers = &account.state->ledgers;
	lockout_rebase(ledgers, &now);
	if (lockout_return_ticket(ledgers, memory->ticket_ledger, &memory->ticket))
		(void)!account_commit_soft(&account);
}

bool ticket_redeem(struct memory *memory, struct account *account)
{
	if (!is_here(memory, account))
		return false;
	memory->has_ticket = false;
	lockout_redeem_ticket(&account->state->ledgers, memory->ticket_ledger, &memory->ticket);
	return true;
}

enum status ticket_redeem_shared(const struct request *request, struct store *store,
				 struct memory *memory, const struct moment *now)
{
	if (!memory->has_ticket || !memory->ticket_shared)
		return ST_OK;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	enum status status = account_lock_shared(store, &request->who, &account);
	if (status != ST_OK)
		return status;
	lockout_rebase(&account.state->ledgers, now);
	(void)ticket_redeem(memory, &account);
	return account_commit_soft(&account);
}
