# SPDX-License-Identifier: BSD-3-Clause
"""Runs the scenarios of one host program, each in a private machine of its own.

Prints one line a scenario (ok, FAIL, SKIP), the transcript and the log of those that failed, and
the totals. Exit status as automake reads it: 0, 1, or 77 when everything was skipped.
"""

import collections
import contextlib
import os
import select
import signal
import sys
import tempfile
import time
import traceback

from . import build, namespace
from .machine import Machine

Scenario = collections.namedtuple("Scenario", "name cases body kling lower")
SECONDS = 150
PASSED, FAILED, SKIPPED = 0, 1, 77


class Skip(Exception):
    """This scenario cannot run here; the text says why."""


def skip_unless(condition, reason):
    if not condition:
        raise Skip(reason)


class Suite:
    def __init__(self, title, needs=()):
        self.title, self.needs = title, needs
        self.scenarios = []

    def scenario(self, *cases, kling=True, lower="/"):
        """Marks a function of one argument, the machine. `kling`: installed before it runs;
        `lower`: the root of the system that the machine is a copy of."""
        def keep(body):
            self.scenarios.append(Scenario(body.__name__, cases, body, kling, lower))
            return body
        return keep

    def main(self):
        chosen = [s for s in self.scenarios
                  if not sys.argv[1:] or any(word in s.name for word in sys.argv[1:])]
        reason = self._obstacle()
        if reason:
            print("SKIP %s: %s" % (self.title, reason))
            sys.exit(SKIPPED)
        sys.exit(report(self.title, run_all(chosen)))

    def _obstacle(self):
        if os.geteuid() != 0:
            return "needs root"
        if os.environ.get("KLING_HOSTS") == "no":
            return "switched off by KLING_HOSTS=no"
        if os.environ.get("KLING_SANITIZERS"):
            return "sshd and sudo cannot load a module with sanitizers"
        if not os.path.exists("/etc/pam.d/common-auth"):
            return "the example stacks are Debian's"
        for program in self.needs:
            if not any(os.access(d + "/" + program, os.X_OK)
                       for d in os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/sbin"]):
                return "%s is not installed" % program
        try:
            if any(scenario.kling for scenario in self.scenarios):
                build.module(), build.tool(), build.pam_directory()
        except build.Missing as missing:
            return str(missing)
        return None


# inside the private machine

def signals_of_a_login():
    """What a script begins in its background has ^C and ^\\ ignored, and hands that on."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def play(scenario):
    signals_of_a_login()
    machine = Machine()
    try:
        if scenario.kling:
            machine.install()
        scenario.body(machine)
        return PASSED
    except (Skip, build.Missing) as reason:
        print("reason: %s" % reason)
        return SKIPPED
    except Exception:
        traceback.print_exc(file=sys.stdout)
        print("--- transcripts\n%s\n--- log\n%s" % (
            machine.transcripts(), "\n".join(machine.log.since())))
        return FAILED


# outside

class Running:
    """One scenario under way, its output in an unnamed file."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.output = tempfile.TemporaryFile(mode="w+")
        self.began = time.monotonic()
        sys.stdout.flush()
        with self._output_here():
            self.pid = namespace.start(lambda: play(scenario), (build.SOURCE, build.BUILD),
                                       scenario.lower)

    @contextlib.contextmanager
    def _output_here(self):
        saved = os.dup(1)
        os.dup2(self.output.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(saved, 1)
            os.close(saved)

    def finished(self):
        late = time.monotonic() - self.began > SECONDS
        if late:
            os.kill(self.pid, signal.SIGKILL)
        pid, status = os.waitpid(self.pid, 0 if late else os.WNOHANG)
        if not pid:
            return None
        self.output.seek(0)
        text = self.output.read() + ("stopped after %d s\n" % SECONDS if late else "")
        return (self.scenario, os.waitstatus_to_exitcode(status), text,
                time.monotonic() - self.began)


def run_all(scenarios):
    """Yields (scenario, status, output, seconds) as they end, a few at once: they mostly wait."""
    jobs = int(os.environ.get("KLING_HOSTS_JOBS", "6"))
    waiting, running = list(scenarios), []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(Running(waiting.pop(0)))
        ended = [(r, r.finished()) for r in running]
        running = [r for r, result in ended if result is None]
        yield from (result for _, result in ended if result is not None)
        select.select([], [], [], 0.05)


def report(title, results):
    count = collections.Counter()
    for scenario, status, text, seconds in results:
        word = {PASSED: "ok", SKIPPED: "SKIP"}.get(status, "FAIL")
        count[word] += 1
        cases = " [%s]" % " ".join(scenario.cases) if scenario.cases else ""
        print("%-4s %s: %s%s (%.1f s)" % (word, title, scenario.name, cases, seconds))
        if word == "SKIP":
            print("     " + text.strip().replace("\n", "\n     "))
        elif word == "FAIL":
            print("     " + text.rstrip("\n").replace("\n", "\n     "))
        sys.stdout.flush()
    print("%s: %d scenarios, %d ok, %d failed, %d skipped" % (
        title, sum(count.values()), count["ok"], count["FAIL"], count["SKIP"]))
    if count["FAIL"]:
        return FAILED
    return PASSED if count["ok"] else SKIPPED
