# SPDX-License-Identifier: BSD-3-Clause
#
# tests/unit/test_NAME.c is one program, linked with every library and cmocka.
# Add it by one line in the fragment of its area.
AM_CPPFLAGS += $(CMOCKA_CFLAGS)
unit_programs =

include tests/unit/policy.mk
include tests/unit/base.mk
include tests/unit/conf.mk
include tests/unit/crypto.mk
include tests/unit/factor.mk
include tests/unit/store.mk
include tests/unit/password.mk
include tests/unit/pam.mk
include tests/unit/enroll.mk

if HAVE_CMOCKA
if !FUZZING
check_PROGRAMS += $(unit_programs)
unit_tests = $(unit_programs)
TESTS += $(unit_tests)
endif
endif

# make check-unit: these alone.
check-unit:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(unit_programs)'
.PHONY: check-unit
