# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
unit_programs += tests/unit/test_totp
unit_programs += tests/unit/test_answer
unit_programs += tests/unit/test_backup
unit_programs += tests/unit/test_stack
unit_programs += tests/unit/test_ctgrind
