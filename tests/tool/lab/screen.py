# SPDX-License-Identifier: BSD-3-Clause
"""A small terminal: what a program wrote, as rows of cells, and as pixels for zbarimg."""

import re
import subprocess
import tempfile

SEQUENCE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")
HALVES = {"\u2580": (1, 0), "\u2584": (0, 1), "\u2588": (1, 1)}
BLANK = (" ", None)


class Screen:
    def __init__(self, rows=24, columns=80):
        self.rows, self.columns = rows, columns
        self.cells = self._empty()
        self.main = None
        self.row = self.column = 0
        self.ground = None
        self.erased_scrollback = False
        self.scrolled = []

    def _empty(self):
        return [[BLANK] * self.columns for _ in range(self.rows)]

    def feed(self, text):
        while text:
            match = SEQUENCE.match(text)
            if match:
                self._control(match.group(1), match.group(2))
                text = text[match.end():]
            else:
                self._character(text[0])
                text = text[1:]
        return self

    def _control(self, parameters, letter):
        if letter == "H":
            numbers = [int(n) for n in parameters.split(";") if n] + [1, 1]
            self.row, self.column = numbers[0] - 1, numbers[1] - 1
        elif letter == "J" and parameters == "2":
            self.cells = self._empty()
        elif letter == "J" and parameters == "3":
            self.erased_scrollback, self.scrolled = True, []
        elif letter == "K":
            self.cells[self.row] = [BLANK] * self.columns
        elif letter == "m":
            self._colour(parameters)
        elif parameters == "?1049" and letter == "h":
            self.main, self.cells = (self.cells, self.row, self.column), self._empty()
        elif parameters == "?1049" and letter == "l":
            self.cells, self.row, self.column = self.main

    def _colour(self, parameters):
        for number in parameters.split(";") if parameters not in ("", "0") else ["49"]:
            if number in ("47", "40", "49"):
                self.ground = {"47": 1, "40": 0, "49": None}[number]

    def _character(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\b":
            self.column -= 1
        elif character == "\n":
            self._line_feed()
        else:
            if self.column == self.columns:
                self._line_feed()
            self.cells[self.row][self.column] = (character, self.ground)
            self.column += 1

    def _line_feed(self):
        self.column = 0
        self.row += 1
        if self.row == self.rows:
            self.scrolled.append(self.cells.pop(0))
            self.cells.append([BLANK] * self.columns)
            self.row -= 1

    def text(self):
        return "\n".join("".join(cell[0] for cell in row).rstrip() for row in self.cells)


def _levels(cell, light):
    """The upper and lower half of a cell: 1 is light."""
    character, ground = cell
    if ground is not None and character == " ":
        return ground, ground
    upper, lower = HALVES.get(character, (1, 1) if character == "#" else (0, 0))
    return (upper, lower) if light else (1 - upper, 1 - lower)


def picture(cells, light=True, scale=4):
    """Grey pixels; `light` is whether letters shine. Half blocks are square; a cell of other
    drawings is half a module wide and a module high, which comes to the same."""
    lines = []
    for row in cells:
        halves = [_levels(cell, light) for cell in row]
        for half in (0, 1):
            line = b"".join(bytes([255 * h[half]]) * scale for h in halves)
            lines.extend([line] * scale)
    return b"P5 %d %d 255\n" % (len(lines[0]), len(lines)) + b"".join(lines)


def read_picture(data, suffix):
    with tempfile.NamedTemporaryFile(suffix=suffix) as out:
        out.write(data)
        out.flush()
        got = subprocess.run(["zbarimg", "--raw", "-q", out.name], capture_output=True)
        return got.stdout.decode().strip()


def drawing(cells):
    """The part of a screen with half blocks in it, as a phone that is held nearer sees it."""
    rows = [row for row in cells if any(cell[0] in HALVES for cell in row)]
    width = max((i + 1 for row in rows for i, cell in enumerate(row) if cell[0] in HALVES),
                default=0)
    return [row[:width] for row in rows]


def read_code(cells, light=True):
    """What zbar reads in a screen, or ''. Now and then it needs another size, as a hand would move
    the phone."""
    for part in (cells, drawing(cells)):
        for scale in (4, 6, 3, 8, 5):
            found = read_picture(picture(part, light, scale), ".pgm") if part else ""
            if found:
                return found
    return ""
