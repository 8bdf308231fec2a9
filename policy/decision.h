/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_DECISION_H
#define KLING_POLICY_DECISION_H

/* What is permitted. Zero is no. */
enum verdict {
	VERDICT_DENY = 0,
	VERDICT_ASK,    /* a code must be given */
	VERDICT_PASS,   /* nothing is asked: off, optional and not enrolled, grace */
	VERDICT_ENROLL, /* within the grace: may pass, and enrollment is offered */
	VERDICT_ACCEPT, /* judged and right */
};

/* Why. The log's words (DESIGN, section 6); each has one text in reason_text. */
enum reason {
	REASON_INTERNAL = 0,
	REASON_OK,
	REASON_BAD_CODE,
	REASON_REPLAY,
	REASON_LOCKED,
	REASON_CAP,
	REASON_UNKNOWN,
	REASON_NOT_ENROLLED,
	REASON_BAD_NAME,
	REASON_BLIND_CONVERSATION,
	REASON_HOST_REFUSED,
	REASON_NO_ANSWER,
	REASON_STATE_MISSING,
	REASON_STATE_CORRUPT,
	REASON_STATE_PERM,
	REASON_STATE_OWNER,
	REASON_STATE_IO,
	REASON_LOCK_TIMEOUT,
	REASON_KEY_MISSING,
	REASON_KEY_MISMATCH,
	REASON_CLOCK_BACK,
	REASON_CLOCK_INVALID,
	REASON_CONFIG,
	REASON_RHOST_NAME,
	REASON_RHOST_DENIED,
	REASON_DEADLINE,
	REASON_NOT_INITIALISED,
	REASON_RESCUE,
	REASON_NOMEM,
	REASON_LIMITS, /* of descriptors and the like; whoever began the program may choose them */
	REASON_CONV,
	REASON_GRACE,          /* passed: not enrolled, the deadline is ahead */
	REASON_OPTIONAL,       /* passed: optional and not enrolled */
	REASON_OFF,            /* passed: second_factor = off */
	REASON_PUBLIC_KEY,     /* account: a key login that needs a code */
	REASON_PASSWORD_RULES, /* no new password met the rules */
	REASON_BLOCKLIST,      /* password_blocklist could not be read */
	REASON_COUNT
};

struct decision {
	enum verdict verdict;
	enum reason reason;
};

/* The word of the log, e.g. "bad-code"; never NULL. */
const char *reason_text(enum reason reason);

#endif
