# SPDX-License-Identifier: BSD-3-Clause
tool_tests =
tool_tests += tests/tool/password.sh
EXTRA_DIST += tests/tool/password.sh

TESTS += $(tool_tests)
check-tool:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(tool_tests)'
.PHONY: check-tool
