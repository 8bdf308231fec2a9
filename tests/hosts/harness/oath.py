# SPDX-License-Identifier: BSD-3-Clause
"""Codes by oathtool, which shares no code path with Kling's own judgement of them."""

import subprocess
import time
import urllib.parse


def code(secret, when, period=30, digits=6, algorithm="sha1"):
    argv = ["oathtool", "--totp=" + algorithm, "--base32", "--digits=%d" % digits,
            "--time-step-size=%ds" % period, "--now=@%d" % when, secret]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


class Token:
    """What a phone holds, and which of its steps this test has used already."""

    def __init__(self, secret, period=30, digits=6, algorithm="sha1"):
        self.secret, self.period = secret, period
        self.digits, self.algorithm = digits, algorithm
        self.used = 0

    @classmethod
    def from_uri(cls, uri):
        parts = urllib.parse.urlsplit(uri)
        query = dict(urllib.parse.parse_qsl(parts.query))
        assert parts.scheme == "otpauth" and parts.netloc == "totp", uri
        return cls(query["secret"], int(query.get("period", 30)), int(query.get("digits", 6)),
                   query.get("algorithm", "SHA1").lower())

    def at(self, step):
        return code(self.secret, step * self.period, self.period, self.digits, self.algorithm)

    def step(self):
        return int(time.time()) // self.period

    def fresh(self, lasting=12):
        """A code that is acceptable now (window 1) and newer than each one given out before.

        Waits for the clock only when the whole window is used up; never hands out a code that
        could become too old while it is typed, in `lasting` seconds.
        """
        while True:
            now = time.time()
            left = self.period - now % self.period
            first = int((now + lasting) // self.period) - 1
            step = max(first, self.used + 1)
            if step <= self.step() + 1:
                self.used = step
                return self.at(step)
            time.sleep(min(left + 0.05, 1.0))

    def wrong(self):
        """A well-formed code that is right at no step near now."""
        near = {self.at(self.step() + d) for d in range(-3, 4)}
        return next(c for c in ("%0*d" % (self.digits, n) for n in range(100, 200))
                    if c not in near)
