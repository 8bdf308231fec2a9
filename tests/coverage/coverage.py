#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Which lines and branches of policy, lib and module do the tests run?

coverage.py [--work DIR] [--tests 'MAKE WORDS'] [--again]

Builds the tree with gcov's counters in DIR, runs the tests and prints a Markdown table with a line
for each source file; DIR/uncovered.txt has the lines that nothing ran. --again only reads what lies
in DIR. What a test runs in a process that is killed or leaves by _exit is not counted.
"""
import argparse
import collections
import json
import os
import subprocess
import sys

FOLDERS = ("policy/", "lib/", "pam_kling/")
TESTS = ("$(unit_programs) $(stack_tests) $(fault_programs) $(race_programs) $(model_programs) "
         "$(fuzz_programs)")

Counts = collections.namedtuple("Counts", "lines branches")


def counters(work):
    """The files in which gcov counts; glob does not look into .libs."""
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(work)
                  for name in names if name.endswith(".gcda"))


def build(source, work, tests):
    os.makedirs(work, exist_ok=True)
    quiet = {"cwd": work, "stdout": subprocess.DEVNULL}
    subprocess.run([os.path.join(source, "configure"), "-q", "CC=gcc", "CFLAGS=-O0 --coverage",
                    "--disable-hardening"], check=True, **quiet)
    subprocess.run(["make", "-s", f"-j{os.cpu_count()}"], check=True, **quiet)
    for old in counters(work):
        os.unlink(old)
    return subprocess.run(["make", "-s", "-k", "check", f"TESTS={tests}"], **quiet).returncode


def reports(work):
    """What gcov has to say about each object that ran."""
    for data in counters(work):
        said = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", data],
                              cwd=work, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=True).stdout
        for line in said.splitlines():
            yield json.loads(line)


def add(counts, line):
    number = line["line_number"]
    counts.lines[number] = counts.lines.get(number, 0) + line["count"]
    known = counts.branches.setdefault(number, [0] * len(line["branches"]))
    for index, branch in enumerate(line["branches"][:len(known)]):
        known[index] += branch["count"]


def gather(source, work):
    """Counts of each source file, over every object it is in."""
    files = {}
    for report in reports(work):
        for file in report["files"]:
            path = os.path.relpath(os.path.join(report["current_working_directory"],
                                                file["file"]), source)
            if path.startswith(FOLDERS) and path.endswith(".c"):
                counts = files.setdefault(path, Counts({}, {}))
                for line in file["lines"]:
                    add(counts, line)
    return files


def share(part, whole):
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "none"


def tell(files, work, source):
    total = [0, 0, 0, 0]
    print("| file | lines | branches |\n| --- | ---: | ---: |")
    with open(os.path.join(work, "uncovered.txt"), "w") as uncovered:
        for path, counts in sorted(files.items()):
            ways = [count for branches in counts.branches.values() for count in branches]
            sums = [sum(count > 0 for count in counts.lines.values()), len(counts.lines),
                    sum(count > 0 for count in ways), len(ways)]
            total = [one + other for one, other in zip(total, sums)]
            print(f"| {path} | {share(*sums[:2])} | {share(*sums[2:])} |")
            with open(os.path.join(source, path)) as file:
                text = file.read().split("\n")
            for number, count in sorted(counts.lines.items()):
                missed = [i for i, ran in enumerate(counts.branches.get(number, [])) if not ran]
                if count == 0 or missed:
                    what = "line" if count == 0 else f"branch {missed}"
                    uncovered.write(f"{path}:{number}: {what}: {text[number - 1].strip()}\n")
    print(f"| all | {share(*total[:2])} | {share(*total[2:])} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--work", default="coverage")
    parser.add_argument("--tests", default=TESTS)
    parser.add_argument("--again", action="store_true")
    wanted = parser.parse_args()
    source = os.environ.get("abs_top_srcdir") or os.path.abspath(
        os.path.join(os.path.dirname(__file__), "../.."))
    work = os.path.abspath(wanted.work)
    failed = 0 if wanted.again else build(source, work, wanted.tests)
    tell(gather(source, work), work, source)
    if failed:
        print("some tests failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
