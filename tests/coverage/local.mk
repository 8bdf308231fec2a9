# SPDX-License-Identifier: BSD-3-Clause
#
# make coverage: which lines and branches the tests run, as a table.
EXTRA_DIST += tests/coverage/coverage.py

coverage:
	abs_top_srcdir='$(abs_top_srcdir)' python3 $(srcdir)/tests/coverage/coverage.py \
		--work '$(abs_builddir)/coverage' $(COVERAGE)
.PHONY: coverage
