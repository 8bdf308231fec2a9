# SPDX-License-Identifier: BSD-3-Clause
#
# Measurements, never part of `make check`: figures are compared within one run, by people.
bench_programs = tests/bench/transaction tests/bench/crowd tests/bench/floor
EXTRA_PROGRAMS = $(bench_programs)
tests_bench_transaction_SOURCES = tests/bench/transaction.c tests/bench/login.c
tests_bench_transaction_CFLAGS = $(AM_CFLAGS) $(PAM_CFLAGS)
tests_bench_transaction_LDADD = $(PAM_LIBS)
tests_bench_crowd_SOURCES = tests/bench/crowd.c tests/bench/login.c
tests_bench_crowd_CFLAGS = $(AM_CFLAGS) $(PAM_CFLAGS)
tests_bench_crowd_LDADD = $(PAM_LIBS)
tests_bench_floor_SOURCES = tests/bench/floor.c tests/bench/unavoidable.c
tests_bench_floor_LDADD =
EXTRA_LTLIBRARIES = tests/bench/pam_needed.la
tests_bench_pam_needed_la_SOURCES = tests/bench/pam_needed.c tests/bench/unavoidable.c
tests_bench_pam_needed_la_CFLAGS = $(AM_CFLAGS) $(PAM_CFLAGS)
tests_bench_pam_needed_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared \
	-rpath $(abs_top_builddir)
tests_bench_pam_needed_la_LIBADD = $(PAM_LIBS) $(OATH_LIBS) $(CRYPTO_LIBS)
CLEANFILES += $(bench_programs)
# store_users DIR USERS: the store alone, among many users.
EXTRA_PROGRAMS += tests/bench/store_users
CLEANFILES += tests/bench/store_users
# hashing USERS CODES ITERATIONS: the floor of enrolling many.
EXTRA_PROGRAMS += tests/bench/hashing
tests_bench_hashing_LDADD = lib/crypto/libcrypt.la lib/base/libbase.la
CLEANFILES += tests/bench/hashing
EXTRA_DIST += tests/bench/bench.py tests/bench/bulk.py tests/bench/document.py \
	tests/bench/profile.py

# make bench: the short form; BENCH='--users 1,1000,100000 --samples 60' for another.
BENCH =
bench: all $(bench_programs) tests/bench/pam_needed.la
	python3 $(top_srcdir)/tests/bench/bench.py $(abs_top_builddir) $(BENCH)

# make bench-bulk: many users at once; BULK='--users 10000 --list 100000' for the long form.
BULK =
bench-bulk: all tests/bench/hashing
	python3 -B $(top_srcdir)/tests/bench/bulk.py $(abs_top_builddir) $(BULK)

# make bench-document: all of it, alone on the machine, and the tables into docs/PERFORMANCE.md.
bench-document: all $(bench_programs) tests/bench/pam_needed.la tests/bench/hashing
	python3 -B $(top_srcdir)/tests/bench/bench.py $(abs_top_builddir) --users 1,1000,100000 \
		--json bench.json $(BENCH)
	python3 -B $(top_srcdir)/tests/bench/bulk.py $(abs_top_builddir) --users 10000 \
		--json bulk.json $(BULK)
	python3 -B $(top_srcdir)/tests/bench/profile.py $(abs_top_builddir) --json profile.json
	python3 -B $(top_srcdir)/tests/bench/document.py $(top_srcdir)/docs/PERFORMANCE.md \
		bench.json bulk.json profile.json
CLEANFILES += bench.json bulk.json profile.json
.PHONY: bench bench-bulk bench-document
