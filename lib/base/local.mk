# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/base/libbase.la
lib_base_libbase_la_SOURCES = lib/base/status.c lib/base/reason.c lib/base/secret.c lib/base/vault.c lib/base/cleanup.c \
	lib/base/number.c lib/base/text.c lib/base/safe_path.c \
	lib/base/clock.c lib/base/process.c lib/base/people.c lib/base/stack.c lib/base/shield.c \
	lib/base/swap.c
