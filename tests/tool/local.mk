# SPDX-License-Identifier: BSD-3-Clause
tool_tests =

TESTS += $(tool_tests)
check-tool:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(tool_tests)'
.PHONY: check-tool
