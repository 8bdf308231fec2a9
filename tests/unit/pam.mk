# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
unit_programs += tests/unit/test_outcome
unit_programs += tests/unit/test_report
