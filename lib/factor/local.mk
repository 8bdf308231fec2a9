# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/factor/libfactor.la
lib_factor_libfactor_la_SOURCES =
lib_factor_libfactor_la_CFLAGS = $(AM_CFLAGS) $(OATH_CFLAGS)
lib_factor_libfactor_la_LIBADD = $(OATH_LIBS)
