/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/shield.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_setresuid32
#define SET_IDS SYS_setresuid32
#else
#define SET_IDS SYS_setresuid
#endif

/* The system call itself, as the C library's function would change every thread of the host. */
static bool set_real(uid_t real)
{
	return syscall(SET_IDS, real, (uid_t)-1, (uid_t)-1) == 0;
}

/*
 * A signal that was allowed a moment ago may still be on its way. The kernel checks and sends in
 * one RCU section, so behind this barrier it has arrived, and has stopped us if it was to.
 */
static void let_signals_arrive(void)
{
	(void)syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

/* What a fault of our own raises must not be held back. */
static void fill_mask(sigset_t *mask)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

	(void)sigfillset(mask);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		(void)sigdelset(mask, faults[i]);
}

void shield_raise(struct shield *shield)
{
	sigset_t mask;

	if (shield->up)
		return;
	shield->real = getuid();
	if (shield->real == 0 || geteuid() != 0)
		return;
	fill_mask(&mask);
	shield->masked = pthread_sigmask(SIG_SETMASK, &mask, &shield->mask) == 0;
	if (set_real(0))
		let_signals_arrive();
	shield->up = true;
}

void shield_lower(struct shield *shield)
{
	int saved = errno;

	if (!shield->up)
		return;
	/* Never back into a host as somebody else than it was; root may always go back. */
	if (!set_real(shield->real))
		__builtin_trap();
	if (shield->masked)
		(void)pthread_sigmask(SIG_SETMASK, &shield->mask, NULL);
	*shield = (struct shield){0};
	errno = saved;
}
