/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_STACK_SITUATIONS_H
#define TESTS_STACK_SITUATIONS_H

/*
 * Logins and password changes in which something is made to go wrong, and the oracle that says
 * what must never come of it: nobody in with a wrong answer, no code twice, no charge lost, no
 * grace longer, no enrollment by halves, nothing typed in the log.
 */
#include "tests/stack/rig.h"
#include "tests/stack/rig_faults.h"

enum situation_kind {
	GETS_NOWHERE = 1, /* whatever happens */
	GETS_IN,          /* with a right answer, which is spent then */
	GRACE_BEGINS,     /* not enrolled, first login */
	GRACE_GOES_ON,
	ENROLLS,          /* within the login */
	CHANGES_PASSWORD, /* which is remembered then */
};

struct situation {
	const char *name;
	enum situation_kind kind;
	void (*prepare)(void);
	const char *service, *user;
	const char *const *answer;
	const char *const *wrong;    /* GETS_IN: of the same shape */
	const char *const *password; /* where a new one is asked for */
	bool door;                   /* a backup code gets alice in afterwards */
	uid_t caller;                /* real uid */
};

extern const struct situation situations[];
extern const size_t situation_count;

/* One of them, as it went. */
struct visit {
	int result;    /* of the whole transaction; -1 while it lasts */
	bool finished; /* the dialogue said that the second factor is set up */
	bool has_token;
	struct token token; /* that was shown */
	char key[64];       /* as it was shown */
	char code[9];       /* that confirmed it */
	long calls;         /* of the first fault's kind */
};

/* The stacks; once, behind rig_begin. */
void situations_begin(void);

/* Builds it and keeps it for situation_again. */
void situation_prepare(const struct situation *situation);
void situation_again(void);

/* The transaction with that answer; faults may be NULL. */
void situation_visit(const struct situation *situation, const char *answer,
		     const struct fault *first, const struct fault *second, struct visit *visit);

/* What is wrong with how it ended, without looking any further; NULL: nothing. */
const char *situation_glance(const struct situation *situation, const struct visit *visit);

/* The same for what is left in the store; uses it up. */
const char *situation_judge(const struct situation *situation, const struct visit *visit);

/* From situation_again to both of these, and whether a descriptor or memory stayed behind. */
const char *situation_strike(const struct situation *situation, const struct fault *first,
			     const struct fault *second, struct visit *visit);

#endif
