/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_SHIELD_H
#define KLING_BASE_SHIELD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * A set-user-id program belongs half to its caller: he may stop it with a signal, at the keyboard
 * or from another shell, while it holds a lock that somebody else waits for. While the shield is
 * up this thread blocks what can be blocked, and its real user is root, whom nobody but root may
 * send SIGSTOP. In any other program it does nothing. A zeroed struct is a shield that is down.
 */
struct shield {
	bool up;
	bool masked;
	sigset_t mask;
	uid_t real;
};

/* Raises it, if it is not up. */
void shield_raise(struct shield *shield);

/* Puts back what raising it changed. Keeps errno. */
void shield_lower(struct shield *shield);

#endif
