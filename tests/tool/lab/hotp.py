# SPDX-License-Identifier: BSD-3-Clause
"""RFC 4226 and RFC 6238 once more, by Python's hmac: shares no code with Kling or oathtool."""

import base64
import hashlib
import hmac
import struct


def totp(secret, step, digits=6, algorithm="sha1"):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", step), getattr(hashlib, algorithm)).digest()
    at = mac[-1] & 15
    return "%0*d" % (digits, (struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 10 ** digits)
