/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_PAM_STACK_H
#define KLING_ENROLL_PAM_STACK_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* The PAM files of the machine, read as Linux-PAM reads them, and what they would decide. */

enum pam_type { PAM_TYPE_AUTH = 0, PAM_TYPE_ACCOUNT, PAM_TYPE_PASSWORD, PAM_TYPE_SESSION };

/* What a module returns, as far as stacks tell it apart. */
enum pam_result {
	RESULT_SUCCESS = 0,
	RESULT_IGNORE,
	RESULT_NEW_AUTHTOK, /* account: the password has expired */
	RESULT_REFUSED,     /* PAM_AUTH_ERR, PAM_PERM_DENIED or PAM_AUTHTOK_ERR, by type */
	RESULT_COUNT
};

/* What a stack does then: one of these, or a positive number of lines to jump over. */
enum {
	ACTION_IGNORE = 0,
	ACTION_OK = -1,
	ACTION_DONE = -2,
	ACTION_BAD = -3,
	ACTION_DIE = -4,
	ACTION_RESET = -5
};

enum { PAM_ARGUMENTS_MAX = 32 };

struct pam_rule {
	int action[RESULT_COUNT];
	unsigned level;     /* of substacks */
	char control[16];   /* as it is written; "" for [...] */
	const char *module; /* without directory and .so; borrowed from the line */
	const char *arguments[PAM_ARGUMENTS_MAX];
	size_t argument_count;
	const char *file; /* borrowed from the stack */
	unsigned line;
	char *words; /* owned */
};

/* One type's lines of one service, includes followed. */
struct pam_stack {
	enum pam_type type;
	struct pam_rule *rules;
	size_t count;
	char **files; /* names that rules borrow */
	size_t file_count;
	char *missing;          /* a file that is named and is not there; NULL: none */
	const char *missing_in; /* the file that names it; borrowed */
	unsigned missing_at;    /* and the line */
};

#define AUTO_STACK AT_SCOPE_END(pam_stack_clear) struct pam_stack
void pam_stack_clear(struct pam_stack *stack);

/* Looks in each of `directories` (colons between them). ST_MISSING: no such service. ST_SYNTAX:
 * includes that go round. ST_NOMEM. */
enum status pam_stack_read(const char *directories, const char *service, enum pam_type type,
			   struct pam_stack *stack) MUST_USE;

bool pam_rule_has(const struct pam_rule *rule, const char *argument);

/* How a stack went. */
struct pam_course {
	bool success;     /* what the application hears, PAM_NEW_AUTHTOK_REQD included */
	bool *called;     /* each rule; the caller's, stack->count of them */
	size_t watched;   /* given: a rule */
	size_t passed_by; /* the rule that jumped over it or ended the stack before; count: none */
};

/* Runs a stack whose rules return what `results` says. */
void pam_stack_run(const struct pam_stack *stack, const enum pam_result *results,
		   struct pam_course *course);

#endif
