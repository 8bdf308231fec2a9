# SPDX-License-Identifier: BSD-3-Clause
"""What people do at each program's prompts, in words the scenarios share."""

import contextlib
import os
import time

PASSWORD = r"(?i)password( for \w+)?: $"
CODE = r"Verification code: $"
REFUSED = "Verification failed."
INSIDE = "logged-in"


def answer_both(dialogue, account, code, password=None):
    """Password prompt, code prompt, in that order and in these words."""
    dialogue.answer(PASSWORD, password or account.user.password)
    dialogue.answer(CODE, code)


def enters(dialogue, account, code, password=None):
    """Both factors are asked for, and the command then runs."""
    answer_both(dialogue, account, code, password)
    dialogue.expect(INSIDE)
    assert dialogue.end() == 0, "ended with %d" % dialogue.status


def is_refused(dialogue, account, code, password=None):
    """Both factors are asked for, the code is refused; the dialogue is left at what follows."""
    answer_both(dialogue, account, code, password)
    dialogue.expect(REFUSED)
    assert INSIDE not in dialogue.text


def use_up(dialogue, account, code, tries):
    """The same wrong code at each prompt of one dialogue, `tries` times."""
    for _ in range(tries):
        is_refused(dialogue, account, code)


@contextlib.contextmanager
def untouched(machine, part=""):
    """The store (or a part of it) is byte for byte, inode for inode the same afterwards."""
    before = machine.store(part)
    yield
    after = machine.store(part)
    changed = sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p))
    assert not changed, "changed: %s" % ", ".join(changed)


def eventually(true, timeout=20.0):
    """Wait until it is so."""
    end = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def no_lock_left(machine):
    """No process keeps a lock on any file of the store.

    The numbers may be those of files elsewhere: a test beside this one locks, but lets go again.
    """
    inodes = {entry[3] for entry in machine.store().values()}

    def none_held():
        with open("/proc/locks") as locks:
            return not any(int(line.split()[5].split(":")[2]) in inodes for line in locks)

    eventually(none_held)


def process_named(text):
    """The pids whose command line contains the text."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open("/proc/%s/cmdline" % pid, "rb") as line:
            if text.encode() in line.read():
                found.append(int(pid))
    return found
