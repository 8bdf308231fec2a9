# SPDX-License-Identifier: BSD-3-Clause
#
# docs/FORMAT.md, proved by a reader that knows nothing else.
EXTRA_DIST += docs/FORMAT.md tests/format/read_store.py
if HAVE_CMOCKA
if !FUZZING
check_PROGRAMS += tests/format/test_format
TESTS += tests/format/test_format
endif
endif
