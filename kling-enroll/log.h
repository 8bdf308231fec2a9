/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_LOG_H
#define KLING_ENROLL_LOG_H

#include <stdint.h>
#include <sys/types.h>

#define NO_UID ((uid_t)-1)

/* What an administrator did, for the log. No secret is ever in it. */
struct act {
	const char *event;  /* enroll, codes, unlock, remove ... */
	const char *reason; /* ok, or why not */
	const char *user;   /* NULL: nobody's */
	uid_t uid;          /* with user; NO_UID: not known */
	const char *token;  /* NULL: none */
	uint32_t set;       /* of backup codes; 0: none */
};

/* One line to authpriv, with who did it: the login uid's name and sudo's user. */
void log_act(const struct act *act);

#endif
