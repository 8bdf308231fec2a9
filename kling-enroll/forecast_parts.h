/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_FORECAST_PARTS_H
#define KLING_ENROLL_FORECAST_PARTS_H

#include "kling-enroll/service.h"
#include "policy/access.h"

/* What check --user is made of: forecast.c finds it out, forecast_tell.c says it. */

/* One of Kling's lines in the stack, and the rules it would load for this login. */
struct line {
	const struct pam_rule *rule; /* NULL: there is none, and the rest is empty */
	struct settings *settings;
	struct rules rules;
};

/* A login that is imagined, and what is known of it. */
struct login {
	struct tool *tool;
	const char *user;
	struct service service;
	struct person person;
	struct group_names groups;
	struct arrival arrival;
	struct line preauth, code, account;
	struct visitor visitor;
	/* What comes of it. */
	struct decision auth, after, key;
	bool has_key; /* `key`: what becomes of a public key alone */
	bool asked;   /* there is a line that asks */
	bool locked;
	bool elsewhere;        /* other sources are locked */
	const char *ledger;    /* NULL: none */
	struct address source; /* of a ledger that counts for one address */
	bool everybody;        /* one ledger counts for all sources */
	int64_t locked_until;  /* LOCKED_UNTIL_UNLOCK: until an administrator opens it; 0: open */
	char origin[512];      /* which place decided */
};

/* Prints it; how the tool ends. */
enum exit_code forecast_tell(struct login *login);

/* For whom rules are resolved; borrows from the login. */
struct subject forecast_subject(const struct login *login);

#endif
