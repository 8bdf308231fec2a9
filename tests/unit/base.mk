# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
unit_programs += tests/unit/test_safe_path
unit_programs += tests/unit/test_status
unit_programs += tests/unit/test_reason
unit_programs += tests/unit/test_secret
unit_programs += tests/unit/test_vault
unit_programs += tests/unit/test_cleanup
unit_programs += tests/unit/test_number
unit_programs += tests/unit/test_text
unit_programs += tests/unit/test_clock
unit_programs += tests/unit/test_process
unit_programs += tests/unit/test_people
tests_unit_test_people_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc
unit_programs += tests/unit/test_swap
unit_programs += tests/unit/test_shield
