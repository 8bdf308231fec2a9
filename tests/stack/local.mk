# SPDX-License-Identifier: BSD-3-Clause
stack_tests =

TESTS += $(stack_tests)
check-stack:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(stack_tests)'
.PHONY: check-stack
