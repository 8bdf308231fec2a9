/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_ISSUE_H
#define KLING_ENROLL_ISSUE_H

#include "kling-enroll/tool.h"
#include "kling-enroll/uri.h"
#include "lib/factor/backup.h"
#include "lib/store/enrollment.h"

enum { BACKUP_CODES_USUAL = 10 };

/* How what is issued stands to what the user has. */
enum issue_kind {
	ISSUE_FIRST = 1,      /* the user had nothing */
	ISSUE_BESIDE,         /* one more token */
	ISSUE_INSTEAD,        /* in place of one token */
	ISSUE_INSTEAD_OF_ALL, /* in place of everything */
	ISSUE_CODES,          /* backup codes only */
};

/*
 * A token, backup codes or both on their way to a user. It is planned, shown and confirmed without
 * a lock, and then stored if nobody changed the enrollment in between. Holds secrets.
 */
struct issue {
	enum issue_kind kind;
	struct who who;           /* borrows the person's name */
	struct rules rules;       /* of the user; borrows from the tool's settings */
	struct enrollment before; /* empty for ISSUE_FIRST */
	size_t index;             /* ISSUE_INSTEAD: which token goes */
	struct otpauth otpauth;   /* the new token; not for ISSUE_CODES */
	uint64_t spent_step;      /* the step of the code that confirmed it; 0: none did */
	bool with_codes;          /* a new set comes with it */
	struct backup_set set;
	struct secret codes; /* set.count texts of BACKUP_CODE_TEXT bytes */
	bool is_there;       /* refused, for the user is enrolled already */
	bool imported;       /* its secret is known where it came from, and is not shown */
	uint64_t generation; /* once stored */
	struct token_use uses_before[TOKENS_MAX];
	uint32_t spent_before;
};

#define AUTO_ISSUE AT_SCOPE_END(issue_clear) struct issue
void issue_clear(struct issue *issue);

/* What add was asked for: its options, and the person. */
struct issue_wish {
	const struct who *who;
	const char *label;  /* NULL: user@host, and no wish */
	const char *issuer; /* NULL: the host name */
	enum token_algorithm algorithm;
	uint8_t digits;
	uint16_t period;
	bool replace;
	bool label_stays;  /* it is another tool's, not an option */
	bool if_not_there; /* who is enrolled already is passed over without a word */
	uint32_t codes;    /* wished for; 0: as usual */
};

/* By the options of add. */
struct issue_wish issue_wish_of(const struct options *options, const struct who *who);

/* Root and system accounts need --force: EXIT_NO, said. */
enum exit_code issue_check_person(const struct tool *tool, const char *name, uid_t uid) MUST_USE;

/* A new token's line in the log. */
void issue_log(const struct issue *issue);

/*
 * Decides what a new token would be to the user, and whether it may be. Says what is wrong. The
 * token has no secret yet.
 */
enum exit_code issue_plan(struct tool *tool, const struct issue_wish *wish,
			  struct issue *issue) MUST_USE;

/* The same for a new set of backup codes. */
enum exit_code issue_plan_codes(struct tool *tool, const struct who *who, uint32_t count,
				struct issue *issue) MUST_USE;

/* A random secret of 160 bits. */
enum status issue_make_secret(struct issue *issue) MUST_USE;

/* The codes, if any are to be made. Slow: hashes each of them. */
enum status issue_make_codes(const struct tool *tool, struct issue *issue) MUST_USE;

/*
 * Whether `answer` is a code of the new token now; notes its step as spent. *away gets how many
 * steps the token's clock is off when the code is one of another time within the hour, else 0.
 */
bool issue_confirm(struct issue *issue, const struct secret *answer, int64_t wall, long *away);

/* Stores it, durably. ST_STALE when somebody else changed the enrollment since it was planned. */
enum status issue_store(struct tool *tool, struct issue *issue) MUST_USE;

/* Takes back what was stored: as it was before. */
enum status issue_undo(struct tool *tool, const struct issue *issue) MUST_USE;

#endif
