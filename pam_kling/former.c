/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/former.h"

#include "lib/password/history.h"

void former_clear(struct former *former)
{
	secret_clear(&former->history);
	secret_clear(&former->current);
}

/* Only a state of the user's own can have a history beside it: without one it is ST_MISSING. */
static enum status read_history(struct phase *phase, struct secret *history)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	enum status status = account_lock(&phase->store, &phase->request.who, &account);
	if (status != ST_OK)
		return status;
	status = account_history_read(&account, history);
	return status == ST_MISSING ? ST_OK : status;
}

enum status former_read(struct phase *phase, struct former *former)
{
	if (phase->request.rules.password_history == 0)
		return ST_OK;
	enum status status = phase_store(phase);
	if (status != ST_OK)
		return status;
	status = read_history(phase, &former->history);
	if (status != ST_OK)
		return status;
	status = shadow_hash(phase->request.who.name, &former->current);
	if (status != ST_OK && status != ST_MISSING)
		return status;
	former->last = phase->request.rules.password_history;
	return ST_OK;
}

static const char *current_hash(const struct former *former)
{
	return former->current.length > 0 ? (const char *)former->current.bytes : NULL;
}

enum status former_has(const struct former *former, const char *password, bool *used)
{
	*used = false;
	if (former->last == 0)
		return ST_OK;
	return history_has(&former->history, former->last, current_hash(former), password, used);
}

enum status former_keep(struct phase *phase, const struct former *former)
{
	AUTO_SECRET history = SECRET_EMPTY;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	if (former->last == 0 || current_hash(former) == NULL)
		return ST_OK;
	enum status status = account_lock_own(&phase->store, &phase->request.who, &account);
	if (status != ST_OK)
		return status;
	status = account_history_read(&account, &history);
	if (status != ST_OK && status != ST_MISSING)
		return status;
	status = history_add(&history, current_hash(former), former->last);
	/* A hash that is none of ours to understand cannot be remembered either. */
	if (status == ST_SYNTAX)
		return ST_OK;
	return status == ST_OK ? account_history_write(&account, &history) : status;
}
