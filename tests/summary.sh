#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# tests/summary.sh BUILD_DIR...: sum up what make check left there: one line,
# `N passed, N failed, N skipped`. Every test program, script and check counts as one.
# Fails when something failed or nothing ran.
find "$@" -name '*.trs' -exec cat {} + 2>/dev/null | awk '
	/^:test-result: (PASS|XFAIL)/ { passed++ }
	/^:test-result: (FAIL|XPASS|ERROR)/ { failed++ }
	/^:test-result: SKIP/ { skipped++ }
	END {
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0 || passed == 0
	}'
