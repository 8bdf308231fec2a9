# SPDX-License-Identifier: BSD-3-Clause
"""Reads the QR code out of terminal text, by drawing the text as pixels and asking zbarimg."""

import os
import subprocess
import tempfile

HALVES = {" ": (0, 0), "\u00a0": (0, 0), "\u2580": (1, 0), "\u2584": (0, 1), "\u2588": (1, 1)}
SCALE = 6


def drawing(text):
    """The lines of the half-block drawing within the text."""
    def cells(line):
        return line.rstrip("\r") if set(line) & set("\u2580\u2584\u2588") else None

    rows = [cells(line) for line in text.split("\n")]
    drawn = [i for i, row in enumerate(rows) if row is not None]
    return text.split("\n")[drawn[0]:drawn[-1] + 1] if drawn else []


def pixels(lines, light):
    """A grey picture (PGM) of half blocks; `light` is what a filled half looks like."""
    rows = []
    for line in lines:
        width = max(map(len, lines))
        halves = [HALVES.get(c, (0, 0)) for c in line.ljust(width)]
        for half in (0, 1):
            bits = [h[half] for h in halves]
            row = bytes(b for bit in bits for b in [255 if bool(bit) == light else 0] * SCALE)
            rows.extend([row] * SCALE)
    edge = bytes([0 if light else 255]) * (len(rows[0]) + 8 * SCALE)
    side = edge[:4 * SCALE]
    rows = [edge] * 4 * SCALE + [side + row + side for row in rows] + [edge] * 4 * SCALE
    return b"P5 %d %d 255\n" % (len(rows[0]), len(rows)) + b"".join(rows)


def read(text):
    """What a phone would read from the terminal, dark or light; "" when nothing."""
    lines = drawing(text)
    for light in (True, False):
        if not lines:
            break
        with tempfile.NamedTemporaryFile(suffix=".pgm") as picture:
            picture.write(pixels(lines, light))
            picture.flush()
            got = subprocess.run(["zbarimg", "--raw", "-q", picture.name], capture_output=True)
            if got.stdout.strip():
                return got.stdout.decode().strip()
    return ""


def available():
    return any(os.access(os.path.join(d, "zbarimg"), os.X_OK)
               for d in os.environ.get("PATH", "").split(":"))
