# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/show/libshow.la
lib_show_libshow_la_SOURCES = lib/show/out.c lib/show/base32.c lib/show/otpauth.c lib/show/qr.c \
	lib/show/qr_text.c
lib_show_libshow_la_CFLAGS = $(AM_CFLAGS) $(QRENCODE_CFLAGS)
