# SPDX-License-Identifier: BSD-3-Clause
#
# Measurements, never part of `make check`: figures are compared within one run, by people.
bench_programs = tests/bench/transaction tests/bench/floor
EXTRA_PROGRAMS = $(bench_programs)
tests_bench_transaction_CFLAGS = $(AM_CFLAGS) $(PAM_CFLAGS)
tests_bench_transaction_LDADD = $(PAM_LIBS)
tests_bench_floor_LDADD =
CLEANFILES += $(bench_programs)
# store_users DIR USERS: the store alone, among many users.
EXTRA_PROGRAMS += tests/bench/store_users
CLEANFILES += tests/bench/store_users
EXTRA_DIST += tests/bench/bench.py

# make bench: the short form; BENCH='--users 1,1000,100000 --samples 60' for another.
BENCH =
bench: all $(bench_programs)
	python3 $(top_srcdir)/tests/bench/bench.py $(abs_top_builddir) $(BENCH)
.PHONY: bench
