# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
unit_programs += tests/unit/test_random
unit_programs += tests/unit/test_digest
unit_programs += tests/unit/test_derive
unit_programs += tests/unit/test_seal
unit_programs += tests/unit/test_guest
