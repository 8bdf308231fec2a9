# SPDX-License-Identifier: BSD-3-Clause
#
# The checks that hold the shape of the house.
check_scripts = tests/checks/exports.sh tests/checks/pure.sh tests/checks/guest.sh \
	tests/checks/layers.sh tests/checks/foreign.sh tests/checks/headers.sh \
	tests/checks/format.sh tests/checks/length.sh tests/checks/licence.sh \
	tests/checks/shell.sh tests/checks/manuals.sh tests/checks/options.sh \
	tests/checks/reasons.sh tests/checks/fields.sh tests/checks/used.sh tests/checks/commands.sh tests/checks/selinux.sh tests/checks/translations.sh tests/checks/completions.sh \
	tests/checks/install.sh tests/checks/selftest.sh

# Compiles everything twice; once for a full run is enough.
long_checks = tests/checks/musl.sh

if !FUZZING
TESTS += $(check_scripts) $(long_checks)
endif
EXTRA_DIST += $(check_scripts) $(long_checks) tests/checks/common.sh \
	tests/checks/completions/offered.bash tests/checks/completions/offered.fish \
	tests/checks/completions/offered.zsh

check_PROGRAMS += tests/checks/list_options

check-shape:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(check_scripts)'
.PHONY: check-shape
