# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of kling-enroll share. Each runs in a private machine of tests/hosts."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../hosts"))

# make check-long: the tests that have a long form take it.
LONG = bool(os.environ.get("KLING_LONG"))
