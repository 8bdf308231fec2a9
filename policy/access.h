/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_ACCESS_H
#define KLING_POLICY_ACCESS_H

#include "policy/address.h"
#include "policy/deadline.h"
#include "policy/decision.h"
#include "policy/rules.h"

#include <stdbool.h>

/* What is known of somebody at the door before a code was typed. */
enum standing {
	STANDING_TROUBLE = 0, /* the user's record could not be read: ask, refuse, log `trouble` */
	STANDING_UNKNOWN,     /* no such user, or a name that cannot be one */
	STANDING_NOT_ENROLLED,
	STANDING_ENROLLED,
	STANDING_UNINITIALISED, /* neither key nor store on this machine: nobody is enrolled */
};

struct visitor {
	enum standing standing;
	enum reason trouble; /* STANDING_TROUBLE, or REASON_BAD_NAME with STANDING_UNKNOWN */
	struct origin origin;
	bool console_service; /* by console_services */
	bool local_service;   /* by local_services */
	struct grace grace;   /* STANDING_NOT_ENROLLED */
	int64_t wall;
};

/*
 * The auth phase, before the prompt:
 *  VERDICT_PASS with REASON_OFF, REASON_OPTIONAL or REASON_GRACE: no prompt;
 *  VERDICT_ASK with REASON_OK: ask and judge;
 *  VERDICT_ASK with any other reason: ask, do the same work, refuse for that reason.
 * Nothing here accepts.
 */
struct decision access_auth(const struct rules *rules, const struct visitor *visitor);

/* Whether allow_from lets the origin in. REASON_OK, REASON_RHOST_DENIED or REASON_RHOST_NAME.
 * No address passes only for console and local services, unless allow_from is `any`. */
enum reason access_origin(const struct rules *rules, const struct visitor *visitor);

/* Who calls account, DESIGN section 6. */
enum account_caller {
	ACCOUNT_OTHER = 0, /* sudo without password, cron, su from root, a greeter */
	ACCOUNT_AFTER_AUTH,
	ACCOUNT_KEY_LOGIN,
};

/*
 * The account phase: VERDICT_PASS, VERDICT_ENROLL (pass; grace is running or begins; offer
 * enrollment where the service can), or VERDICT_DENY with its reason.
 */
struct decision access_account(const struct rules *rules, const struct visitor *visitor,
			       enum account_caller caller);

#endif
