# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
unit_programs += tests/unit/test_blocklist
unit_programs += tests/unit/test_blocklist_pages
unit_programs += tests/unit/test_history
unit_programs += tests/unit/test_examine
unit_programs += tests/unit/test_password_wiped
# It makes the hashes that it compares.
tests_unit_test_history_LDADD = $(LDADD) $(CRYPT_LIBS)
