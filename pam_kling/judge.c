/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/judge.h"

#include "lib/base/clock.h"
#include "lib/base/reason.h"
#include "lib/factor/totp.h"

#include <stdio.h>
#include <string.h>

/* One hearing: what the steps below share, under one lock. */
struct hearing {
	const struct request *request;
	const struct answer *answer;
	struct moment now;
	struct account *account;
	struct live_state *state;
	struct judgement *out;
	bool charge;    /* the answer was judged and was wrong */
	bool changed;   /* the state must be written before the answer */
	int64_t lapsed; /* the end of a lock that ran out and is still in the ledger; 0: none */
};

/* The key of the backup codes' hashes, while it is needed. */
struct pepper {
	uint8_t bytes[SHA256_BYTES];
};
DEFINE_WIPER(struct pepper, wipe_pepper)

void answer_clear(struct answer *answer)
{
	secret_clear(&answer->canonical);
	wipe(&answer->guess, sizeof(answer->guess));
}

DEFINE_WIPER(struct backup_guess, wipe_guess)

static void derive(const struct request *request, struct store *store, struct answer *answer)
{
	static const uint8_t no_salt[BACKUP_SALT_BYTES] = {0};
	AUTO_ENROLLMENT enrollment = {0};
	AT_SCOPE_END(wipe_guess) struct backup_guess idle = {0};
	const uint8_t *salt = no_salt;
	uint32_t iterations = request->rules.backup_code_iterations;
	if (request->who.exists && account_peek(store, &request->who, &enrollment) == ST_OK &&
	    enrollment.record->backup.count > 0) {
		salt = enrollment.record->backup.salt;
		iterations = enrollment.record->backup.iterations;
	}
	backup_derive(&answer->canonical, salt, iterations, &answer->guess);
	/* A set from before the iterations were raised: the difference is work all the same. */
	if (iterations < request->rules.backup_code_iterations)
		backup_derive(&answer->canonical, no_salt,
			      request->rules.backup_code_iterations - iterations, &idle);
}

enum status judge_prepare(const struct request *request, struct store *store,
			  const struct secret *reply, struct answer *answer)
{
	enum status status = answer_read(reply, &answer->shape, &answer->canonical);
	if (status != ST_OK)
		return status;
	if (answer->shape == ANSWER_BACKUP)
		derive(request, store, answer);
	return ST_OK;
}

/* --- the factors ------------------------------------------------------------------------------ */

static void name_token(struct hearing *hearing, const struct enrollment_record *record, uint32_t id)
{
	for (size_t i = 0; i < record->token_count; i++)
		if (record->tokens[i].id == id)
			memcpy(hearing->out->token, record->tokens[i].label,
			       sizeof(hearing->out->token));
}

static enum reason judge_steps(struct hearing *hearing, const struct enrollment_record *record,
			       const struct matches *matches)
{
	size_t index = 0;
	enum replay_outcome outcome =
	    replay_judge(hearing->state->tokens, matches, hearing->now.wall, &index);
	if (outcome != REPLAY_WRONG)
		name_token(hearing, record, hearing->state->tokens[index].id);
	switch (outcome) {
	case REPLAY_FRESH:
		return REASON_OK;
	case REPLAY_USED:
		hearing->charge = true;
		return REASON_REPLAY;
	case REPLAY_USED_AGAIN: /* a client that repeats one used code is charged for it once */
		return REASON_REPLAY;
	case REPLAY_WRONG:
		break;
	}
	hearing->charge = true;
	return REASON_BAD_CODE;
}

static enum reason judge_totp(struct hearing *hearing, const struct enrollment_record *record)
{
	const struct answer *answer = hearing->answer;
	bool digits = answer->shape == ANSWER_TOTP;
	struct matches matches = {0};
	enum status status =
	    totp_match(record->tokens, record->token_count, hearing->now.wall,
		       hearing->request->rules.code_window, (const char *)answer->canonical.bytes,
		       digits ? answer->canonical.length : 0, &matches);
	if (status != ST_OK)
		return reason_of(status);
	if (!digits) {
		hearing->charge = true;
		return REASON_BAD_CODE;
	}
	hearing->out->factor = FACTOR_TOTP;
	hearing->out->behind =
	    replay_clock_behind(hearing->state->highest_accepted, hearing->now.wall);
	if (hearing->out->behind > 0)
		return REASON_CLOCK_BACK;
	return judge_steps(hearing, record, &matches);
}

static enum reason judge_backup(struct hearing *hearing, const struct enrollment_record *record)
{
	AT_SCOPE_END(wipe_pepper) struct pepper pepper = {0};
	account_pepper(hearing->account->store, pepper.bytes);
	int index = backup_find(&record->backup, &hearing->answer->guess, pepper.bytes);
	hearing->out->factor = FACTOR_BACKUP;
	hearing->charge = true;
	if (index < 0)
		return REASON_BAD_CODE;
	uint32_t bit = UINT32_C(1) << (unsigned)index;
	if ((hearing->state->spent & bit) != 0)
		return REASON_REPLAY;
	hearing->state->spent |= bit;
	hearing->charge = false;
	uint32_t unspent = ~hearing->state->spent & ((UINT32_C(1) << record->backup.count) - 1);
	hearing->out->codes_left = __builtin_popcount(unspent);
	return REASON_OK;
}

static enum reason judge_factors(struct hearing *hearing, const struct enrollment_record *record)
{
	enum reason totp = judge_totp(hearing, record);
	if (hearing->answer->shape != ANSWER_BACKUP)
		return totp;
	hearing->charge = false;
	return judge_backup(hearing, record);
}

/* --- the ledgers ------------------------------------------------------------------------------ */

static void charge(struct hearing *hearing)
{
	const struct request *request = hearing->request;
	hearing->out->fails =
	    hearing->state->ledgers.ledger[hearing->out->ledger].code_failures + 1;
	enum charge_event event =
	    lockout_charge_code(&hearing->state->ledgers, hearing->out->ledger,
				&request->rules.lockout, request->who.uid == 0);
	/* A name that nobody has is locked like others, but there is nobody to tell of it. */
	if (event != CHARGE_COUNTED && request->who.exists)
		hearing->out->event = event;
	hearing->changed = true;
}

static void sight(const struct hearing *hearing, struct sighting *sighting)
{
	*sighting =
	    (struct sighting){.when = hearing->now.wall, .from = hearing->request->origin.address};
	(void)snprintf(sighting->service, sizeof(sighting->service), "%s",
		       hearing->request->service);
}

static void record_failure(struct hearing *hearing)
{
	charge(hearing);
	if (hearing->state->failures < UINT32_MAX)
		hearing->state->failures++;
	sight(hearing, &hearing->state->last_failure);
}

static void record_success(struct hearing *hearing)
{
	struct live_state *state = hearing->state;
	lockout_clear_code(&state->ledgers, hearing->out->ledger);
	hearing->out->source_is_new =
	    !lockout_source_is_fresh(&state->ledgers, &hearing->request->origin.address);
	if (state->highest_accepted < hearing->now.wall)
		state->highest_accepted = hearing->now.wall;
	state->shown = (struct report){state->last_login, state->last_failure, state->failures};
	state->failures = 0;
	sight(hearing, &state->last_login);
	hearing->changed = true;
}

/*
 * One slot of the state was lost, perhaps the newest: one failure is charged for what it may have
 * held, and no step up to the newest acceptable one can be used any more.
 */
static void repair(struct hearing *hearing, const struct enrollment_record *record)
{
	if (!hearing->state->repair_due)
		return;
	hearing->state->repair_due = false;
	hearing->out->damaged = true;
	charge(hearing);
	for (size_t i = 0; i < record->token_count; i++) {
		const struct token *token = &record->tokens[i];
		uint64_t last =
		    totp_step(token, hearing->now.wall) + hearing->request->rules.code_window;
		for (size_t j = 0; j < TOKENS_MAX; j++)
			if (hearing->state->tokens[j].id == token->id)
				replay_exhaust(&hearing->state->tokens[j], last);
	}
}

static enum reason test_lock(struct hearing *hearing)
{
	const struct request *request = hearing->request;
	const struct ledgers *ledgers = &hearing->state->ledgers;
	switch (lockout_code_state(ledgers, hearing->out->ledger, &request->rules.lockout,
				   request->who.uid == 0)) {
	case LOCK_OPEN:
		return REASON_OK;
	case LOCK_CAPPED:
		return REASON_CAP;
	case LOCK_CLOSED:
		break;
	}
	return REASON_LOCKED;
}

/* --- the hearing ------------------------------------------------------------------------------ */

/* Somebody without any factor: the same work, and never a match. */
static const struct enrollment_record nobody;

static enum reason weigh(struct hearing *hearing, const struct enrollment_record *record,
			 enum reason foregone)
{
	enum reason barred = foregone != REASON_OK ? foregone : test_lock(hearing);
	enum reason reason = judge_factors(hearing, barred == REASON_OK ? record : &nobody);
	if (barred == REASON_OK)
		return reason;
	hearing->out->factor = FACTOR_NONE;
	hearing->charge = false;
	return barred;
}

static enum reason try_enrolled(struct hearing *hearing, enum reason foregone)
{
	AUTO_ENROLLMENT enrollment = {0};
	enum status status = account_enrollment(hearing->account, &enrollment);
	enum reason found = status == ST_MISSING ? REASON_NOT_ENROLLED : reason_of(status);
	if (status != ST_OK)
		return weigh(hearing, &nobody, foregone != REASON_OK ? foregone : found);
	repair(hearing, enrollment.record);
	return weigh(hearing, enrollment.record, foregone);
}

/*
 * Nobody is behind a name that does not exist; the answer is counted and locked all the same, for
 * what can be seen of it.
 */
static enum reason try_unknown(struct hearing *hearing, enum reason foregone)
{
	(void)weigh(hearing, &nobody, foregone);
	hearing->out->looks_locked = test_lock(hearing) != REASON_OK;
	hearing->charge = !hearing->out->looks_locked;
	hearing->changed = true;
	return foregone == REASON_OK ? REASON_UNKNOWN : foregone;
}

static enum status commit(struct hearing *hearing)
{
	if (!hearing->changed)
		return ST_OK;
	if (hearing->out->factor == FACTOR_BACKUP && !hearing->charge)
		return account_commit_both(hearing->account);
	return account_commit(hearing->account);
}

static void select_ledger(struct hearing *hearing)
{
	struct ledgers *ledgers = &hearing->state->ledgers;
	const struct request *request = hearing->request;
	lockout_rebase(ledgers, &hearing->now);
	hearing->out->ledger = request_ledger(request, hearing->account);
	hearing->out->has_ledger = true;
	int64_t end = ledgers->ledger[hearing->out->ledger].code_locked_until;
	hearing->lapsed = end <= ledgers->anchor.boot ? end : 0;
}

static void report(struct hearing *hearing)
{
	const struct ledger *ledger = &hearing->state->ledgers.ledger[hearing->out->ledger];
	if (!hearing->charge) /* a lock restarts the count: what was charged is said before it */
		hearing->out->fails = ledger->code_failures;
	hearing->out->locked_until = ledger->code_locked_until;
	hearing->out->reopened = hearing->request->who.exists && hearing->lapsed != 0 &&
				 ledger->code_locked_until != hearing->lapsed;
}

/*
 * Charge, judge, commit. Only what is durable when this returns was accepted, and what surely
 * cannot be written is not even judged.
 */
static enum reason hold(struct hearing *hearing, enum reason foregone)
{
	if (foregone == REASON_OK && !account_may_commit(hearing->account))
		foregone = REASON_LIMITS;
	select_ledger(hearing);
	enum reason reason = hearing->account->kind == ACCOUNT_UNKNOWN
				 ? try_unknown(hearing, foregone)
				 : try_enrolled(hearing, foregone);
	if (reason == REASON_OK)
		record_success(hearing);
	else if (hearing->charge)
		record_failure(hearing);
	report(hearing);
	enum status durable = commit(hearing);
	return durable == ST_OK ? reason : reason_of(durable);
}

/*
 * The flush of an answer that charged nobody, so that it takes as long as one that did: it is
 * counted where the name would be if nobody had it. Whether that place is locked.
 */
static bool pretend(const struct request *request, struct store *store, const struct moment *now)
{
	const struct who someone = {.name = request->who.name};
	const struct lockout_rules *rules = &request->rules.lockout;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	if (account_lock(store, &someone, &account) != ST_OK)
		return false;
	struct ledgers *ledgers = &account.state->ledgers;
	lockout_rebase(ledgers, now);
	size_t index = request_ledger(request, &account);
	bool open = lockout_code_state(ledgers, index, rules, false) == LOCK_OPEN;
	if (open)
		(void)lockout_charge_code(ledgers, index, rules, false);
	(void)!account_commit(&account);
	return !open;
}

static enum reason hear(const struct request *request, struct store *store,
			const struct answer *answer, enum reason foregone, struct judgement *out)
{
	struct hearing hearing = {.request = request, .answer = answer, .out = out};
	if (clock_read(&hearing.now) != ST_OK) {
		out->host = true;
		return REASON_CLOCK_INVALID;
	}
	enum reason reason = REASON_INTERNAL;
	{
		AUTO_ACCOUNT account = ACCOUNT_CLOSED;
		enum status locked = account_lock(store, &request->who, &account);
		if (locked == ST_OK) {
			hearing.account = &account;
			hearing.state = account.state;
			reason = hold(&hearing, foregone);
		} else {
			reason = foregone != REASON_OK ? foregone : reason_of(locked);
		}
	}
	bool shadow = !hearing.changed && pretend(request, store, &hearing.now);
	if (reason == REASON_LOCKED || reason == REASON_CAP)
		out->looks_locked = true;
	else if (reason == REASON_NOT_ENROLLED)
		out->looks_locked = shadow;
	return reason;
}

void judge(const struct request *request, struct store *store, const struct answer *answer,
	   enum reason foregone, struct judgement *out)
{
	*out = (struct judgement){.decision = {VERDICT_DENY, REASON_INTERNAL}};
	enum reason reason = hear(request, store, answer, foregone, out);
	out->decision.reason = reason;
	if (reason == REASON_OK)
		out->decision.verdict = VERDICT_ACCEPT;
}
