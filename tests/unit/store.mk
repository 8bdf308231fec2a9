# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
EXTRA_DIST += tests/unit/store_scene.h
unit_programs += tests/unit/test_key_file
unit_programs += tests/unit/test_keyring
unit_programs += tests/unit/test_live_state
unit_programs += tests/unit/test_pair
unit_programs += tests/unit/test_store_name
unit_programs += tests/unit/test_enrollment
unit_programs += tests/unit/test_sealed
unit_programs += tests/unit/test_store
unit_programs += tests/unit/test_account
unit_programs += tests/unit/test_account_enroll
unit_programs += tests/unit/test_account_admin
unit_programs += tests/unit/test_rekey
unit_programs += tests/unit/test_filesystem
