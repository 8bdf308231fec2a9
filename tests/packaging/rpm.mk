# SPDX-License-Identifier: BSD-3-Clause
#
# make check-rpm: the packages of packaging/rpm, built, listed and linted.
EXTRA_DIST += tests/packaging/rpm.sh

check-rpm:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/packaging/rpm.sh check_PROGRAMS= check_LTLIBRARIES=
.PHONY: check-rpm
