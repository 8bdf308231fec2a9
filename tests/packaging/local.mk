# SPDX-License-Identifier: BSD-3-Clause
#
# The packages, built and tried: make check-packages, or ./quickstart package for the packages alone.
# Not part of make check, since building them takes as long as building everything.
packaging_tests = tests/packaging/debian.py tests/packaging/clean_root.sh
EXTRA_DIST += packaging $(packaging_tests)

check-packages:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(packaging_tests)' check_PROGRAMS= check_LTLIBRARIES=
.PHONY: check-packages
