# SPDX-License-Identifier: BSD-3-Clause
# One line a test: unit_programs += tests/unit/test_NAME
unit_programs += tests/unit/test_base32
unit_programs += tests/unit/test_uri
unit_programs += tests/unit/test_qr_text
unit_programs += tests/unit/test_json
unit_programs += tests/unit/test_options
unit_programs += tests/unit/test_pam_stack
unit_programs += tests/unit/test_culprit
unit_programs += tests/unit/test_out
