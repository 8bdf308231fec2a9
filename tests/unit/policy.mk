# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
EXTRA_DIST += tests/unit/lockout_scene.h
unit_programs += tests/unit/test_access
unit_programs += tests/unit/test_address
unit_programs += tests/unit/test_deadline
unit_programs += tests/unit/test_decision
unit_programs += tests/unit/test_lockout_codes
unit_programs += tests/unit/test_lockout_passwords
unit_programs += tests/unit/test_replay
unit_programs += tests/unit/test_rules
unit_programs += tests/unit/test_characters
unit_programs += tests/unit/test_password
unit_programs += tests/unit/test_repetition
EXTRA_DIST += tests/unit/locales.h
unit_programs += tests/unit/test_guess_odds
unit_programs += tests/unit/test_lockout_boot
unit_programs += tests/unit/test_lockout_sources
