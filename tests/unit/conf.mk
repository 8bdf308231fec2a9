# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
unit_programs += tests/unit/test_settings
unit_programs += tests/unit/test_settings_options
unit_programs += tests/unit/test_settings_sections
unit_programs += tests/unit/test_settings_memory
tests_unit_test_settings_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc
unit_programs += tests/unit/test_mark
unit_programs += tests/unit/test_survey
