# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += policy/libpolicy.la
policy_libpolicy_la_SOURCES = \
	policy/access.c policy/access.h \
	policy/address.c policy/address.h \
	policy/deadline.c policy/deadline.h \
	policy/decision.c policy/decision.h \
	policy/lockout.c policy/lockout.h policy/lockout_parts.h policy/sources.c policy/tickets.c \
	policy/mark.h \
	policy/moment.h \
	policy/replay.c policy/replay.h \
	policy/rules.c policy/rules.h \
	policy/seconds.h \
	policy/characters.c policy/characters.h \
	policy/common.c policy/common.h \
	policy/names.c policy/names.h \
	policy/password.c policy/password.h policy/password_rules.h \
	policy/repetition.c policy/repetition.h
