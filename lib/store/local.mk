# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/store/libstore.la
lib_store_libstore_la_SOURCES = lib/store/account.c lib/store/account_admin.c \
	lib/store/account_commit.c lib/store/account_enroll.c lib/store/bytes.c \
	lib/store/directory.c lib/store/enrollment.c lib/store/filesystem.c lib/store/key_file.c lib/store/keyring.c \
	lib/store/live_state.c lib/store/lock.c lib/store/marker.c lib/store/name.c \
	lib/store/pair.c lib/store/rekey.c lib/store/safe_file.c lib/store/sealed.c \
	lib/store/store.c lib/store/store_init.c lib/store/table.c

