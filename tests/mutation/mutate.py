#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Does a test notice? Breaks the policy and the login path in one place at a time, in a copy.

mutate.py [--seed N] [--count N] [--only PATH] [--work DIR] [--list]

Draws COUNT mutations (a comparison, bound, condition, order, return code, a call left out) evenly
from the files below, builds each in a copy of the tree and runs the tests, the quickest first,
until one fails. Prints a line for each and at last the survivors. A mutation that does not compile
is drawn again. Results are kept in DIR/results.jsonl; what stands there is not tried again, so a
run can be stopped and gone on with.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys

SOURCES = ("policy/access.c policy/address.c policy/deadline.c policy/decision.c policy/lockout.c "
           "policy/sources.c policy/tickets.c policy/replay.c policy/rules.c policy/password.c "
           "policy/characters.c policy/repetition.c policy/names.c policy/common.c "
           "pam_kling/auth.c pam_kling/judge.c pam_kling/preauth.c pam_kling/ticket.c "
           "pam_kling/standing.c pam_kling/account.c pam_kling/outcome.c pam_kling/noise.c "
           "pam_kling/prompt.c pam_kling/conversation.c pam_kling/request.c pam_kling/memory.c "
           "pam_kling/phase.c pam_kling/enrollment.c pam_kling/password.c pam_kling/former.c "
           "lib/store/account.c lib/store/account_commit.c lib/store/account_enroll.c "
           "lib/store/pair.c lib/store/live_state.c lib/store/safe_file.c lib/store/sealed.c "
           "lib/factor/answer.c lib/factor/backup.c lib/factor/candidates.c").split()

STACK = [f"tests/stack/test_{name}" for name in
         "login grace preauth protocol password enrollment attack stacks faults".split()]
SLOW = [f"tests/stack/test_{name}" for name in "who trouble lockout".split()]
FAULT = ["tests/fault/test_store_errors"]
TRICKY = ("pam_kling/", "policy/lockout", "policy/tickets", "policy/sources", "policy/access",
          "policy/replay", "lib/store/account", "lib/store/live")
MODULE = "pam_kling/pam_kling.la"
MAIN = "%s.c"
SECONDS = 300  # a stack test at most; loops for ever are what a unit test need not wait for
UNIT_SECONDS = 60

Rule = collections.namedtuple("Rule", "name pattern replacement")
RULES = [Rule(name, re.compile(pattern), replacement) for name, pattern, replacement in (
    ("comparison", r" == ", " != "), ("comparison", r" != ", " == "),
    ("bound", r" < ", " <= "), ("bound", r" <= ", " < "),
    ("bound", r" > ", " >= "), ("bound", r" >= ", " > "),
    ("bound", r" \+ 1\b", " + 2"), ("bound", r" - 1\b", ""),
    ("condition", r" && ", " || "), ("condition", r" \|\| ", " && "),
    ("condition", r"if \(!(\w)", r"if (\1"), ("condition", r"return !", "return "),
    ("result", r"return true;", "return false;"), ("result", r"return false;", "return true;"),
    ("result", r"return s;", "return ST_OK;"), ("result", r"return ST_(?!OK)\w+;", "return ST_OK;"),
    ("result", r"return ST_OK;", "return ST_INTERNAL;"),
    ("result", r"\bPAM_AUTH_ERR\b", "PAM_IGNORE"), ("result", r"\bPAM_PERM_DENIED\b", "PAM_SUCCESS"),
    ("result", r"\bPAM_SYSTEM_ERR\b", "PAM_SUCCESS"), ("result", r"\bPAM_IGNORE\b", "PAM_SUCCESS"),
    ("result", r"\bVERDICT_(DENY|ASK|ENROLL)\b", "VERDICT_PASS"),
    ("result", r"\bREASON_(?!OK)\w+", "REASON_OK"),
    ("sum", r" \+ (?=\w+;)", " - "), ("sum", r"\+\+;", "--;"), ("sum", r" \+= ", " -= "),
    ("left out", r"^\t+\w+\([^=]*\);$", ";"), ("left out", r"^\t+[\w.>-]+(\[\w+\])? = [^{]+;$", ";"),
)]


def code_lines(text):
    """(number, line) of what is code: no comments, includes, strings' lines or declarations."""
    comment = False
    depth = 0
    for number, line in enumerate(text.split("\n")):
        stripped = line.strip()
        inside = depth > 0
        depth += line.count("{") - line.count("}")
        if comment or stripped.startswith("/*"):
            comment = "*/" not in line
            continue
        if inside and stripped and not stripped.startswith(("#", "//", "static const")):
            yield number, line


def swaps(lines):
    """Two statements of one depth that follow each other and call something, the other way round."""
    simple = re.compile(r"^\t+[\w.>\[\]-]+( = [^{]*)?\(.*\);$")
    for (number, line), (following, next_line) in zip(lines, lines[1:]):
        depth = len(line) - len(line.lstrip("\t"))
        same = depth == len(next_line) - len(next_line.lstrip("\t"))
        if following == number + 1 and same and simple.match(line) and simple.match(next_line):
            yield number, "order", (next_line, line)


def mutations_of(root, path):
    with open(os.path.join(root, path)) as file:
        text = file.read()
    lines = list(code_lines(text))
    for number, line in lines:
        for rule in RULES:
            for match in rule.pattern.finditer(line):
                changed = line[:match.start()] + match.expand(rule.replacement) + line[match.end():]
                yield {"file": path, "line": number + 1, "kind": rule.name,
                       "old": [line], "new": [changed]}
    for number, kind, (first, second) in swaps(lines):
        yield {"file": path, "line": number + 1, "kind": kind,
               "old": [second, first], "new": [first, second]}


def drawn(root, seed, only):
    """Every mutation in the order in which they are tried: a file after the other, round by round."""
    pools = []
    for path in SOURCES:
        if not only or path.startswith(only):
            pool = list(mutations_of(root, path))
            random.Random(f"{seed} {path}").shuffle(pool)
            pools.append(pool)
    while any(pools):
        for pool in pools:
            if pool:
                yield pool.pop()


class Copy:
    """A copy of the tree that is built and broken."""

    def __init__(self, source, work):
        self.root = os.path.join(work, "tree")
        self.build = os.path.join(work, "build")
        self.kept = os.path.join(work, "recipes.json")
        self.recipes = {}
        if os.path.exists(self.kept):
            with open(self.kept) as file:
                self.recipes = json.load(file)
        if os.path.exists(os.path.join(self.build, "Makefile")):
            return
        shutil.copytree(source, self.root, ignore=lambda folder, names: [
            name for name in names if folder == source and name in (".git", "build", "mutation")])
        os.makedirs(self.build)
        quiet = {"cwd": self.build, "check": True, "stdout": subprocess.DEVNULL}
        subprocess.run([os.path.join(self.root, "configure"), "-q", "CFLAGS=-O0 -w",
                        "--disable-hardening"], **quiet)
        self.make(["all"], check=True)  # its own make: side by side both would write the same objects
        self.make(STACK + SLOW + FAULT + self.unit_programs(), check=True)

    def unit_programs(self):
        folder = os.path.join(self.root, "tests/unit")
        leave = ("test_ctgrind", "test_guess_odds")
        return sorted(f"tests/unit/{name[:-2]}" for name in os.listdir(folder)
                      if name.startswith("test_") and name.endswith(".c") and name[:-2] not in leave)

    def make(self, targets, check=False):
        return subprocess.run(["make", "-s", "-j2", "-C", self.build] + targets, check=check,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def steps(self, target, touched):
        """What make has libtool do for a target when one file has changed: libtool is slow."""
        key = f"{target} {touched}"
        if key not in self.recipes:
            os.utime(os.path.join(self.root, touched))
            said = subprocess.run(["make", "V=1", "-C", self.build, target], check=True, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
            self.recipes[key] = "\n".join(
                ["set -e"] + re.findall(r"^libtool: (?:compile|link): (.*)$", said, re.M))
            with open(self.kept, "w") as file:
                json.dump(self.recipes, file)
        return self.recipes[key]

    def remake(self, target, touched):
        steps = self.recipes[f"{target} {touched}"]
        return subprocess.run(["sh", "-c", steps], cwd=self.build, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode

    def run(self, program):
        env = dict(os.environ, abs_top_srcdir=self.root, abs_top_builddir=self.build,
                   srcdir=self.root, top_srcdir=self.root,
                   KLING_MODULE=os.path.join(self.build, "pam_kling/.libs/pam_kling.so"),
                   KLING_ENROLL=os.path.join(self.build, "kling-enroll/kling-enroll"))
        try:
            limit = UNIT_SECONDS if program.startswith("tests/unit/") else SECONDS
            return subprocess.run([os.path.join(self.build, program)], env=env, timeout=limit,
                                  cwd=self.build, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode
        except subprocess.TimeoutExpired:
            return -1

    def tests_for(self, path):
        """The file's own tests, then those of its folder's friends, then the stacks."""
        name = os.path.basename(path)[:-2]
        unit = [] if path.startswith("pam_kling/") else self.unit_programs()
        own = [test for test in unit if name in test]
        related = {"policy": "lockout access password", "lib": "account sealed safe store rekey totp"}
        words = related.get(path.split("/", maxsplit=1)[0], "").split()
        friends = [test for test in unit if any(word in test for word in words)]
        slow = SLOW if path.startswith(TRICKY) else []
        faults = FAULT if path.startswith("lib/store/") else []
        for test in own + friends + faults:
            self.steps(test, MAIN % test)
        return list(dict.fromkeys(own + friends + STACK + slow + faults))

    def caught_by(self, mutation):
        """The test that failed, None when all passed, False when it does not compile."""
        touched = mutation["file"]
        path = os.path.join(self.root, touched)
        tests = self.tests_for(touched)
        self.steps(MODULE, touched)
        with open(path) as file:
            whole = file.read()
        lines = whole.split("\n")
        start = mutation["line"] - 1
        count = len(mutation["old"])
        assert lines[start:start + count] == mutation["old"]
        lines[start:start + count] = mutation["new"]
        try:
            with open(path, "w") as file:
                file.write("\n".join(lines))
            if self.remake(MODULE, touched) != 0:
                return False
            for test in tests:
                if test not in STACK + SLOW:
                    assert self.remake(test, MAIN % test) == 0
                if self.run(test) not in (0, 77):
                    return test
            return None
        finally:
            with open(path, "w") as file:
                file.write(whole)
            self.remake(MODULE, touched)


def known_results(name):
    if not os.path.exists(name):
        return []
    with open(name) as file:
        return [json.loads(line) for line in file]


def same(one, other):
    return all(one[key] == other[key] for key in ("file", "line", "old", "new"))


def say(result):
    verdict = {False: "no code"}.get(result["by"], result["by"] or "SURVIVED")
    print(f"{result['file']}:{result['line']}: {result['kind']}: {verdict}", flush=True)


def tell(results):
    tried = [result for result in results if result["by"] is not False]
    alive = [result for result in tried if result["by"] is None]
    for result in alive:
        print(f"survivor {result['file']}:{result['line']} ({result['kind']})")
        print("\n".join("  - " + line.strip() for line in result["old"]))
        print("\n".join("  + " + line.strip() for line in result["new"]))
    print(f"{len(tried)} mutations, {len(tried) - len(alive)} caught, {len(alive)} survived")
    return 1 if alive else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--only", default="")
    parser.add_argument("--work", default="mutation")
    parser.add_argument("--list", action="store_true")
    wanted = parser.parse_args()
    source = os.environ.get("abs_top_srcdir") or os.path.abspath(
        os.path.join(os.path.dirname(__file__), "../.."))
    if wanted.list:
        for mutation in drawn(source, wanted.seed, wanted.only):
            print(json.dumps(mutation))
        return 0
    work = os.path.abspath(wanted.work)
    copy = Copy(source, work)
    name = os.path.join(work, "results.jsonl")
    results = known_results(name)
    for mutation in drawn(copy.root, wanted.seed, wanted.only):
        if sum(result["by"] is not False for result in results) >= wanted.count:
            break
        if any(same(mutation, result) for result in results):
            continue
        mutation["by"] = copy.caught_by(mutation)
        results.append(mutation)
        with open(name, "a") as file:
            file.write(json.dumps(mutation) + "\n")
        say(mutation)
    return tell(results)


if __name__ == "__main__":
    sys.exit(main())
