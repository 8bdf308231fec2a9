# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/password/libpassword.la
lib_password_libpassword_la_SOURCES = \
	lib/password/blocklist.c lib/password/blocklist.h lib/password/list_file.h \
	lib/password/examine.c lib/password/examine.h lib/password/explain.c \
	lib/password/hash_list.c lib/password/word_file.c \
	lib/password/history.c lib/password/history.h lib/password/shadow.c
lib_password_libpassword_la_CFLAGS = $(AM_CFLAGS) $(CRYPT_CFLAGS)
lib_password_libpassword_la_LIBADD = $(CRYPT_LINK_LIBS)
