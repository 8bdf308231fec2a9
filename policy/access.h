/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_ACCESS_H
#define KLING_POLICY_ACCESS_H

#include "policy/address.h"
#include "policy/deadline.h"
#include "policy/decision.h"
#include "policy/lockout.h"
#include "policy/rules.h"

#include <stdbool.h>

/* What is known of somebody at the door before a code was typed. */
enum standing {
	STANDING_TROUBLE = 0, /* the user's record could not be read: ask, refuse, log `trouble` */
	STANDING_UNKNOWN,     /* no such user, or a name that cannot be one */
	STANDING_NOT_ENROLLED,
	STANDING_ENROLLED,
	STANDING_UNINITIALISED, /* a user that exists, but neither key nor store does */
};

struct visitor {
	enum standing standing;
	enum reason trouble; /* STANDING_TROUBLE, or REASON_BAD_NAME with STANDING_UNKNOWN */
	struct origin origin;
	bool console_service; /* by console_services */
	bool local_service;   /* by local_services */
	struct grace grace;   /* STANDING_NOT_ENROLLED */
	int64_t wall;         /* the clock, for the grace */
};

/* What a host tells of a login. */
struct arrival {
	const char *service;
	struct origin origin;
	bool exists;    /* the user */
	bool path_name; /* a name that is none: "..", "a/b" */
	bool keyed;     /* a public key was completed before */
	uint32_t caller;
	bool own; /* the caller is the user */
};

/* What can be said of the visitor before any store was opened: STANDING_UNKNOWN, or
 * STANDING_TROUBLE until somebody looks. */
struct visitor visitor_at_door(const struct rules *rules, const struct arrival *arrival);

/*
 * Where the attempt counts. A key counts only in key_login_services; a console is one without any
 * origin; a local service's host name is the machine's own, set by the program itself.
 */
struct source source_of(const struct rules *rules, const struct arrival *arrival);

/*
 * The auth phase, before the prompt:
 *
 * - VERDICT_PASS with REASON_OFF, REASON_OPTIONAL, REASON_GRACE or REASON_NOT_INITIALISED: no
 * prompt
 * - VERDICT_ASK with REASON_OK: ask and judge
 * - VERDICT_ASK with any other reason: ask, do the same work, refuse for that reason
 *
 * Nothing here accepts. An address that is not allowed is asked and refused even where the second
 * factor is off. Off passes everybody else, unknown names too; otherwise they are always asked.
 * Without a store the grace holds for every user that exists, until enroll_deadline.
 */
struct decision access_auth(const struct rules *rules, const struct visitor *visitor);

/*
 * Whether allow_from lets the origin in. REASON_OK, REASON_RHOST_DENIED or REASON_RHOST_NAME.
 * `any` lets everything in. Otherwise an address must be in the list, whatever the service; no
 * address at all passes only for console and local services; a name passes only for local services
 * (some put the name of this host there), never for a console service: `login -h NAME` is remote.
 */
enum reason access_origin(const struct rules *rules, const struct visitor *visitor);

/* Who calls account, DESIGN section 6. */
enum account_caller {
	ACCOUNT_OTHER = 0, /* sudo without password, cron, su from root, a greeter */
	ACCOUNT_AFTER_AUTH,
	ACCOUNT_KEY_LOGIN,
};

/* A name where an address belongs (UseDNS) is a login from outside just the same. */
enum account_caller account_caller_of(const struct rules *rules, const struct arrival *arrival,
				      bool auth_ran);

/*
 * The account phase: VERDICT_PASS, VERDICT_ENROLL (pass; grace is running or begins; offer
 * enrollment where the service can), or VERDICT_DENY with its reason.
 * ACCOUNT_OTHER always passes. A key login is decided by allow_from and public_key alone, unless
 * the second factor is off, or optional and the user has none.
 */
struct decision access_account(const struct rules *rules, const struct visitor *visitor,
			       enum account_caller caller);

#endif
