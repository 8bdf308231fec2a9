#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the figures of bench.py, bulk.py and profile.py into docs/PERFORMANCE.md, between its markers.

document.py DOCUMENT FILE.json ...
"""
import json
import re
import sys

from bench import COUNTED, CROWD, GOALS, TIMED, table


def verdict(row):
    if row["is"] is None:
        return "not measured"
    if "at most" in row:
        return "met" if row["is"] <= row["at most"] else "**not met**"
    return "met" if row["is"] >= row["at least"] else "**not met**"


def goals(bench):
    rows = [dict(row, verdict=verdict(row)) for row in bench["goals"]]
    return table(rows, GOALS + ["verdict"])


def disturbed(bench):
    """A word when other work shared the disk: then the counts and the best times say more."""
    floor = next(row for row in bench["sizes"][0]["rows"] if row["module"] == "floor")
    if floor["us"] <= 3 * floor["best"] and floor["us"] < 500:
        return []
    return ["Other work shared the disk in this run: the floor took %d microseconds where %d is "
            "usual at its best. Counts and memory are exact; of the times only the order of "
            "magnitude of the ratios holds." % (floor["us"], min(
                row["best"] for row in bench["sizes"][0]["rows"] if row["module"] == "floor"))]


def login(bench):
    parts = ["%s. %s. Medians of %d fresh processes a line, modules in turns."
             % (bench["machine"], bench["versions"], bench["samples"])]
    parts += disturbed(bench)
    for size in bench["sizes"]:
        parts += ["### %d enrolled" % size["enrolled"], table(size["rows"], TIMED),
                  "Distinct users in parallel on all cores, a process each:",
                  table(size["parallel"], CROWD)]
    parts += ["### Counted", table(bench["sizes"][0]["counts"], COUNTED)]
    return "\n\n".join(parts)


def bulk(figures):
    parts = [table(figures["enrolling"], ["what", "users", "seconds", "ms a user", "to hashing"])]
    if "listing" in figures:
        parts.append(table(figures["listing"], ["what", "users", "seconds", "peak KiB"]))
    return "\n\n".join(parts)


def profile(figures):
    return table(figures["profile"], ["where", "us"])


PARTS = (("goals", "goals", goals), ("login", "sizes", login), ("bulk", "enrolling", bulk),
         ("profile", "profile", profile))


def replace(text, name, content):
    begin, end = "<!-- %s: begin -->" % name, "<!-- %s: end -->" % name
    found = re.search(re.escape(begin) + ".*?" + re.escape(end), text, re.S)
    if not found:
        sys.exit("document: no marker %s" % begin)
    return text[:found.start()] + begin + "\n\n" + content + "\n\n" + end + text[found.end():]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[1]) as file:
        text = file.read()
    for name in sys.argv[2:]:
        with open(name) as file:
            figures = json.load(file)
        for marker, key, render in PARTS:
            if key in figures:
                text = replace(text, marker, render(figures))
    with open(sys.argv[1], "w") as file:
        file.write(text)


if __name__ == "__main__":
    main()
