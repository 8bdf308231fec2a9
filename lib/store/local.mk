# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/store/libstore.la
lib_store_libstore_la_SOURCES =
lib_store_libstore_la_CFLAGS = $(AM_CFLAGS) $(SELINUX_CFLAGS)
lib_store_libstore_la_LIBADD = $(SELINUX_LIBS)
