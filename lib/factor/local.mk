# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/factor/libfactor.la
lib_factor_libfactor_la_SOURCES = lib/factor/totp.c lib/factor/candidates.c lib/factor/answer.c \
	lib/factor/backup.c lib/factor/symbol.c
lib_factor_libfactor_la_CFLAGS = $(AM_CFLAGS) $(OATH_CFLAGS)
lib_factor_libfactor_la_LIBADD = $(OATH_LIBS)
