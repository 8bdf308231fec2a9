# SPDX-License-Identifier: BSD-3-Clause
"""Where the things under test are: the module and the tool as built, the examples as shipped."""

import glob
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.realpath(os.environ.get("abs_top_srcdir", os.path.join(HERE, "../../..")))
BUILD = os.path.realpath(os.environ.get("abs_top_builddir", SOURCE))
EXAMPLES = os.path.join(SOURCE, "docs/examples/debian")


class Missing(Exception):
    """Something that the tests need is not there; the text says what."""


def _first(what, *patterns):
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.join(BUILD, pattern))):
            if os.path.isfile(path):
                return path
    raise Missing("no %s under %s (run make first)" % (what, BUILD))


def module():
    named = os.environ.get("KLING_MODULE", "")
    if os.path.isfile(named):
        return named
    return _first("pam_kling.so", ".libs/pam_kling.so", "pam_kling/.libs/pam_kling.so")


def tool():
    return _first("kling-enroll", ".libs/kling-enroll", "kling-enroll/.libs/kling-enroll",
                  "kling-enroll/kling-enroll", "kling-enroll")


def sample_conf():
    for top in (BUILD, SOURCE):
        path = os.path.join(top, "conf/kling.conf")
        if os.path.isfile(path):
            return path
    raise Missing("no conf/kling.conf")


def directory(name):
    """A directory as configured (sysconfdir, localstatedir, ...), read from the Makefile."""
    with open(os.path.join(BUILD, "Makefile")) as makefile:
        values = dict(re.findall(r"^([a-z]+dir|prefix|exec_prefix) = (.*)$", makefile.read(), re.M))

    def expand(text):
        known = re.sub(r"\$[{(]([a-z_]+)[)}]", lambda m: expand(values.get(m.group(1), "")), text)
        return known

    return expand(values[name])


def pam_directory():
    """Where this machine's Linux-PAM looks for modules."""
    for pattern in ("/usr/lib/*/security", "/lib/*/security", "/usr/lib64/security",
                    "/lib64/security", "/usr/lib/security", "/lib/security"):
        for place in sorted(glob.glob(pattern)):
            if os.path.exists(os.path.join(place, "pam_unix.so")):
                return place
    raise Missing("no directory with pam_unix.so")
