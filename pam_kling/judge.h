/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_JUDGE_H
#define PAM_KLING_JUDGE_H

#include "lib/factor/answer.h"
#include "lib/factor/backup.h"
#include "pam_kling/request.h"
#include "policy/decision.h"

enum factor { FACTOR_NONE = 0, FACTOR_TOTP, FACTOR_BACKUP, FACTOR_PASSWORD };

/* An answer with everything slow already done to it. */
struct answer {
	enum answer_shape shape;
	struct secret canonical;
	struct backup_guess guess; /* ANSWER_BACKUP only */
};

#define AUTO_ANSWER AT_SCOPE_END(answer_clear) struct answer
void answer_clear(struct answer *answer);

/* What came out of one judgement. Zeroed: denied, internal. */
struct judgement {
	struct decision decision;
	bool host;          /* the machine's trouble, the same for everybody */
	bool damaged;       /* a slot of the live state was lost and has been replaced */
	bool looks_locked;  /* what the user is told; of somebody without a ledger, as of others */
	bool reopened;      /* a timed lock had run out */
	bool source_is_new; /* accepted from an address that account should remember */
	enum charge_event event;
	size_t ledger;
	bool has_ledger;
	uint32_t fails;
	int64_t locked_until; /* boot clock; with CHARGE_LOCKED */
	enum factor factor;
	int64_t behind; /* seconds, with REASON_CLOCK_BACK */
	int codes_left; /* FACTOR_BACKUP */
	char token[TOKEN_LABEL_MAX + 1];
};

/*
 * Classifies the reply and, for the shape of a backup code, does the key derivation, with the
 * user's own salt or another: the same work for everybody, outside every lock.
 */
enum status judge_prepare(const struct request *request, struct store *store,
			  const struct secret *reply, struct answer *answer) MUST_USE;

/*
 * Charge, judge, commit: one critical section. `foregone` is REASON_OK when the answer decides;
 * any other reason is refused with it after the same work. The decision is VERDICT_ACCEPT only
 * when all that it spends is durable.
 */
void judge(const struct request *request, struct store *store, const struct answer *answer,
	   enum reason foregone, struct judgement *out);

#endif
