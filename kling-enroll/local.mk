# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += kling-enroll/libenroll.la
kling_enroll_libenroll_la_SOURCES =
kling_enroll_libenroll_la_CFLAGS = $(AM_CFLAGS) $(QRENCODE_CFLAGS) $(CAIRO_CFLAGS)
kling_enroll_libenroll_la_LIBADD = $(QRENCODE_LIBS) $(CAIRO_LIBS)

if !FUZZING
sbin_PROGRAMS += kling-enroll/kling-enroll
endif
kling_enroll_kling_enroll_SOURCES = kling-enroll/main.c
kling_enroll_kling_enroll_LDADD = kling-enroll/libenroll.la $(lib_libs)
kling_enroll_kling_enroll_LDFLAGS = $(AM_LDFLAGS) $(HARDEN_PIE_LDFLAGS)
