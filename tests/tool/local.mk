# SPDX-License-Identifier: BSD-3-Clause
#
# kling-enroll from end to end. The .py run in private machines of tests/hosts/harness: as root, else
# they are skipped and say so.
tool_tests = tests/tool/password.sh tests/tool/check.py tests/tool/commands.py \
	tests/tool/enroll_terminal.py tests/tool/everybody.py \
	tests/tool/language.py tests/tool/proofs.py tests/tool/takeover.py tests/tool/trouble.py
EXTRA_DIST += $(tool_tests) tests/tool/lab/__init__.py tests/tool/lab/hotp.py \
	tests/tool/lab/screen.py
long_tests += tests/tool/everybody.py tests/tool/proofs.py tests/tool/trouble.py

TESTS += $(tool_tests)
check-tool:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(tool_tests)'
.PHONY: check-tool
