# SPDX-License-Identifier: BSD-3-Clause
#
# Every program and every .sh below tests/ runs through tests/run, which knows
# how each kind is started. The environment below is what a test may rely on.
AM_TESTS_ENVIRONMENT = \
	abs_top_srcdir='$(abs_top_srcdir)'; export abs_top_srcdir; \
	abs_top_builddir='$(abs_top_builddir)'; export abs_top_builddir; \
	KLING_MODULE='$(abs_top_builddir)/pam_kling/.libs/pam_kling.so'; export KLING_MODULE; \
	KLING_ENROLL='$(abs_top_builddir)/kling-enroll/kling-enroll'; export KLING_ENROLL; \
	KLING_PAMDIR='$(pamdir)'; export KLING_PAMDIR; \
	KLING_SBINDIR='$(sbindir)'; export KLING_SBINDIR; \
	KLING_SYSCONFDIR='$(sysconfdir)'; export KLING_SYSCONFDIR; \
	KLING_DATADIR='$(datadir)'; export KLING_DATADIR; \
	KLING_MANDIR='$(mandir)'; export KLING_MANDIR; \
	KLING_DOCDIR='$(docdir)'; export KLING_DOCDIR; \
	KLING_LOCALEDIR='$(localedir)'; export KLING_LOCALEDIR; \
	unset LANGUAGE; \
	KLING_SANITIZERS='$(SANITIZE_CFLAGS)'; export KLING_SANITIZERS; \
	KLING_CPPFLAGS='$(PAM_CFLAGS) $(CMOCKA_CFLAGS) $(CPPFLAGS) -I$(abs_top_builddir)'; export KLING_CPPFLAGS; \
	KLING_LONG='$(KLING_LONG)'; export KLING_LONG; \
	CC='$(CC)'; export CC; NM='$(NM)'; export NM; AWK='$(AWK)'; export AWK;
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/run
EXTRA_DIST += tests/run tests/summary.sh tests/totals.sh tests/long.h

# Tests with a long form (tests/long.h): each local.mk adds its own. make check-long runs these alone
# and sums up what they printed; within the hour on two cores. It never leaves KLING_LONG behind.
KLING_LONG =
long_tests =
check-long:
	@status=0; \
	$(MAKE) $(AM_MAKEFLAGS) check KLING_LONG=1 TESTS='$(long_tests)' || status=1; \
	$(SHELL) $(top_srcdir)/tests/totals.sh $(long_tests); exit $$status
.PHONY: check-long
