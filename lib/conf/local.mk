# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/conf/libconf.la
lib_conf_libconf_la_SOURCES = lib/conf/arena.c lib/conf/words.c lib/conf/value.c \
	lib/conf/scanner.c lib/conf/assignments.c lib/conf/section.c lib/conf/mark.c \
	lib/conf/reader.c lib/conf/builtin.c lib/conf/settings.c lib/conf/resolve.c \
	lib/conf/survey.c
