#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""kling-enroll when things go wrong: a full disk, an output that fails, a signal at any prompt, and
several of them at once. It says so, and everything is as it was."""

import json
import os
import pty
import shutil
import signal
import subprocess
import termios
import time

from lab import LONG
from harness.machine import write
from harness.oath import Token
from harness.suite import Suite, skip_unless

suite = Suite("trouble", needs=("oathtool",))
XTERM = {"TERM": "xterm-256color"}
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
URI = "otpauth://totp/alice?secret=%s\n" % SECRET


def is_right(m, user, answer):
    return m.run(m.tool, "verify", user, stdin=answer + "\n").returncode == 0


def holds(m, account):
    """The token and the codes of the enrollment are accepted."""
    account.token.used = 0
    return (is_right(m, account.user.name, account.token.fresh()) and
            is_right(m, account.user.name, account.backup[2]))


# The calls that ask for room on a disk fail from some point on; those that say whether it took what
# it was given, once.
DISK = {"pwrite64": "+", "mkdirat": "+", "mkdir": "+", "renameat": "+", "renameat2": "+",
        "linkat": "+", "ftruncate": "+", "fallocate": "+", "fsync": "", "fdatasync": ""}


def full_at(call, number):
    """The disk is full at the number-th call of that name."""
    return ("strace", "-f", "-qq", "-o", "/dev/null", "-e",
            "inject=%s:error=ENOSPC:when=%d%s" % (call, number, DISK[call]))


def steps(many):
    """1, 2, 3 ...; where there are hundreds, ever fewer of them but in the long form."""
    number = 1
    while True:
        yield number
        number += max(1, number // (12 if LONG else 2)) if many else 1


def each_step(m, argv, after, begin=lambda: "", end=lambda: None, many=False):
    """For each kind of call: the command runs with ever more that succeed, until all do. `begin`
    comes before each run and gives its standard input; `after` judges what holds and gets the
    output of a run that did it, or None; `end` makes it undone. Returns how often it failed."""
    failed = 0
    for call in DISK:
        for number in steps(many):
            got = m.run(*full_at(call, number), m.tool, *argv, stdin=begin())
            where = (argv, call, number, got)
            assert number < 1000, where
            if got.returncode == 0:
                after(got)
                end()
                break
            assert "No space" in got.stderr or "as it was" in got.stderr, where
            assert got.returncode in (1, 5), where
            after(None)
            failed += 1
    return failed


@suite.scenario("ENR-12")
def disk_full_for_a_new_user(m):
    skip_unless(shutil.which("strace"), "strace is not installed")
    m.add_user("alice")
    m.kling("init")

    def not_yet(got):
        assert got or m.run(m.tool, "status", "alice").returncode == 4
        if got and got.stdout:
            token = Token.from_uri(json.loads(got.stdout)["uri"])
            assert is_right(m, "alice", token.fresh())
        elif got:
            assert is_right(m, "alice", Token(SECRET).fresh())

    def forget():
        m.kling("remove", "alice")
        shutil.rmtree(m.state_dir + "/users/alice")

    assert each_step(m, ("add", "--no-confirm", "--json", "alice"), not_yet, end=forget) > 8
    assert each_step(m, ("import", "uri", "-", "alice"), not_yet, lambda: URI, forget) > 8


@suite.scenario("ENR-12")
def disk_full_for_what_is_there(m):
    skip_unless(shutil.which("strace"), "strace is not installed")
    account = m.enrolled("alice")

    def as_it_was(got):
        assert got or holds(m, account), "the old enrollment is gone"

    def again():
        nonlocal account
        m.run(m.tool, "remove", "alice")
        account = m.enroll(account.user)

    for argv, stdin in ((("add", "--no-confirm", "--json", "--replace", "alice"), ""),
                        (("codes", "--json", "alice"), ""), (("remove", "alice"), ""),
                        (("import", "--replace", "uri", "-", "alice"), URI)):
        assert each_step(m, argv, as_it_was, lambda: stdin, again) > 0, argv


@suite.scenario("ENR-12")
def disk_full_for_locks_and_clocks(m):
    skip_unless(shutil.which("strace"), "strace is not installed")
    m.configure("lockout_tries = 2")
    stack = "auth required pam_kling.so\naccount required pam_kling.so\n"
    m.stack("code-only", stack)
    account = m.enrolled("alice")

    def lock():
        for answer in ("000000", "000001") if shutil.which("pamtester") else ():
            m.run("pamtester", "-I", "rhost=203.0.113.9", "code-only", "alice", "authenticate",
                  stdin=answer + "\n")
        return ""

    def locked_still(got):
        assert bool(got) != m.status(account.user)["locked"]

    lock()
    skip_unless(m.status(account.user)["locked"], "pamtester is not installed")
    assert each_step(m, ("unlock", "alice"), locked_still, end=lock) > 1
    m.kling("unlock", "alice")

    def two_codes():
        step = account.token.step() - 200
        return "%s\n%s\n" % (account.token.at(step), account.token.at(step + 1))

    def right_by_the_old_clock(got):
        code = account.token.at(account.token.step())
        assert is_right(m, "alice", code) == (not got)

    def again():
        nonlocal account
        account = m.enroll(account.user, "--replace")

    assert each_step(m, ("resync", "alice"), right_by_the_old_clock, two_codes, again) > 2


@suite.scenario("ENR-12")
def disk_full_for_the_rest(m):
    skip_unless(shutil.which("strace"), "strace is not installed")
    m.add_user("bob")

    def from_nothing():
        for place in (m.state_dir, m.key_dir):
            shutil.rmtree(place, ignore_errors=True)
        return ""

    assert each_step(m, ("init",), lambda got: None, from_nothing) > 5
    m.kling("grace", "--end", "bob")

    def still_over(got):
        assert ("over" in m.run(m.tool, "status", "bob").stdout) == (not got)

    each_step(m, ("grace", "--extend", "2d", "bob"), still_over,
              end=lambda: m.kling("grace", "--end", "bob"))
    accounts = [m.enrolled(name) for name in ("carol", "dave", "erin")]

    def all_there(got):
        assert all(holds(m, account) for account in accounts)
        assert got is None or len(os.listdir(m.key_dir)) == 1, os.listdir(m.key_dir)

    assert each_step(m, ("rekey",), all_there, many=True) > 10
    with open("/etc/passwd") as passwd:
        write("/etc/passwd", "".join(li for li in passwd if not li.startswith("carol:")))

    def in_the_trash(got):
        assert os.path.exists(m.state_dir + "/users/carol") == (not got)

    def back():
        for number in os.listdir(m.state_dir + "/trash"):
            place = "%s/trash/%s/carol" % (m.state_dir, number)
            if os.path.exists(place):
                os.rename(place, m.state_dir + "/users/carol")

    assert each_step(m, ("prune", "--yes", "--force"), in_the_trash, end=back) > 2


@suite.scenario("ENR-12")
def disk_full_for_a_sheet(m):
    """A file system without room, and one without inodes: nothing of the sheet is left."""
    account = m.enrolled("alice")
    os.makedirs("/mnt/full")
    for options in ("size=4k,mode=0700", "size=1m,nr_inodes=2,mode=0700"):
        got = m.run("mount", "-t", "tmpfs", "-o", options, "none", "/mnt/full")
        skip_unless(got.returncode == 0, got.stderr)
        write("/mnt/full/ballast", "x" * 4096)
        before = m.store()
        for argv in (("add", "--no-confirm", "--replace", "--sheet", "/mnt/full/a.txt", "alice"),
                     ("codes", "--sheet", "/mnt/full/a.txt", "alice"),
                     ("add", "--no-confirm", "--replace", "--users", "-", "--sheet-dir",
                      "/mnt/full", "--json")):
            got = m.run(m.tool, *argv, stdin="alice\n")
            assert got.returncode in (1, 5) and "No space" in got.stderr, (argv, got)
            assert os.listdir("/mnt/full") == ["ballast"], os.listdir("/mnt/full")
        assert m.store() == before and holds(m, account)
        m.run("umount", "/mnt/full")


# what it is, its standard input, and whether everything must be as it was
PRINTING = ((("add", "--no-confirm", "--json", "--replace", "alice"), "", True),
            (("codes", "--json", "alice"), "", True),
            (("import", "--json", "--count", "2", "--replace", "uri", "-", "alice"), URI, True),
            (("status", "alice"), "", True), (("status", "--json"), "", True),
            (("list",), "", True), (("list", "--json"), "", True), (("check",), "", True),
            (("check", "--json", "--user", "alice"), "", True),
            (("add", "--no-confirm", "--replace", "--json", "--users", "-"), "alice\n", True),
            (("password",), "short\n", True), (("--help",), "", True), (("--version",), "", True),
            (("help",), "", True), (("add", "--help"), "", True))


@suite.scenario("ENR-12")
def output_that_does_not_arrive(m):
    account = m.enrolled("alice")
    for argv, stdin, _ in PRINTING:
        for how in ('exec "$0" "$@" >/dev/full', 'exec "$0" "$@" >&-', 'exec "$0" "$@" 1</dev/null'):
            got = subprocess.run(["sh", "-c", how, m.tool, *argv], input=stdin, text=True,
                                 stderr=subprocess.PIPE)
            assert got.returncode not in (0, -signal.SIGPIPE) and got.stderr, (argv, how, got)
            assert holds(m, account), (argv, how, "it does not hold any more")
            assert m.status(account.user)["codes_left"] == 10
    everything = ("init", "add", "codes", "verify", "status", "list", "unlock", "remove", "grace",
                  "resync", "import", "rekey", "prune", "password", "check")
    for command in everything:  # with nothing open at all it neither hangs nor crashes
        got = subprocess.run(["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', m.tool, command],
                             timeout=20)
        assert 0 <= got.returncode <= 5, (command, got)


def kept(dialogue):
    dialogue.expect("Enter, when they are kept: $")


def phone_code(dialogue):
    dialogue.expect("Code from the phone: $")


def confirmed(dialogue):
    """Past the first question of add."""
    from lab.screen import Screen
    import re
    phone_code(dialogue)
    text = Screen().feed(dialogue.text).text()
    groups = re.findall(r"(?<![A-Z0-9])(?:[A-Z2-7]{4} ){3}[A-Z2-7]{4}(?![A-Z0-9])", text)
    dialogue.type(Token("".join(groups).replace(" ", "")).fresh() + "\r")
    kept(dialogue)


def first_code(dialogue):
    dialogue.expect("[Cc]ode.*: $")


def second_code(dialogue):
    first_code(dialogue)
    dialogue.type("123456\r")
    first_code(dialogue)


# command, how to get to the question, whether something is stored by then
QUESTIONS = ((("add", "--replace", "alice"), phone_code, False),
             (("add", "--replace", "alice"), confirmed, True),
             (("add", "--replace", "--plain", "alice"), phone_code, False),
             (("codes", "alice"), kept, True),
             (("verify", "alice"), first_code, False),
             (("resync", "alice"), first_code, False),
             (("resync", "alice"), second_code, False),
             (("password",), lambda dialogue: dialogue.expect("assword.*: $"), False))


@suite.scenario("CLI-07", "ENR-04")
def a_signal_at_every_question(m):
    account = m.enrolled("alice")
    pair = pty.openpty()
    modes = termios.tcgetattr(pair[0])  # of a terminal that nobody has touched
    for argv, reach, stored in QUESTIONS:
        for how in ("\x03", "\x1c", signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            before = m.store()
            dialogue = m.talk(m.tool, *argv, env=XTERM)
            reach(dialogue)
            assert not termios.tcgetattr(dialogue.master)[3] & termios.ICANON
            if isinstance(how, str):
                dialogue.type(how)
                number = signal.SIGINT if how == "\x03" else signal.SIGQUIT
            else:
                dialogue.kill(how)
                number = how
            assert dialogue.end() == -number, (argv, how, dialogue.status)
            assert termios.tcgetattr(dialogue.master) == modes, (argv, how, "modes are not back")
            assert dialogue.text.count("\x1b[?1049h") == dialogue.text.count("\x1b[?1049l")
            if not stored:
                assert m.store() == before, (argv, how)
            os.close(dialogue.master)
    dialogue = m.talk(m.tool, "add", "--replace", "alice", env=XTERM)
    phone_code(dialogue)
    before = m.store()
    dialogue.hang_up()
    for _ in range(200):
        if dialogue._poll():
            break
        time.sleep(0.02)
    assert dialogue.status == -signal.SIGHUP and m.store() == before
    account = m.enroll(account.user, "--replace")
    assert holds(m, account)
    assert not [name for name in os.listdir("/root") if name.startswith(".kling")]


@suite.scenario("CLI-10")
def many_tools_at_once(m):
    """Every writing command against every other, on one user: each says done or not, nothing is
    damaged, and what was said last holds."""
    account = m.enrolled("alice")
    writers = (("codes", "--json", "alice"), ("unlock", "alice"), ("rekey",),
               ("add", "--no-confirm", "--json", "--replace", "alice"),
               ("add", "--no-confirm", "--json", "--label", "second", "alice"),
               ("remove", "--label", "second", "alice"), ("list",), ("status", "alice"))
    for number in range(12 if LONG else 4):
        children = [subprocess.Popen([m.tool, *argv], stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, text=True) for argv in writers * 2]
        ended = [child.communicate() + (child.returncode,) for child in children]
        for argv, (_, error, code) in zip(writers * 2, ended):
            assert code in (0, 1), (argv, error, code)
        status = m.status(account.user)
        assert status["codes_left"] == 10 and status["tokens"], status
        assert len({token["label"] for token in status["tokens"]}) == len(status["tokens"])
    answer = json.loads(m.kling("codes", "--json", "alice"))
    assert is_right(m, "alice", answer["backup_codes"][9])
    for _ in range(4):  # and who is told that it holds must be right about it
        argv = [m.tool, "codes", "--json", "alice"]
        children = [subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     text=True) for _ in range(4)]
        answers = [child.communicate()[0] for child in children]
        sets = [json.loads(text) for text, child in zip(answers, children) if not child.returncode]
        last = max(sets, key=lambda one: one["set_id"])
        assert is_right(m, "alice", last["backup_codes"][0])
        assert len({one["set_id"] for one in sets}) == len(sets), "two sets of one number"


if __name__ == "__main__":
    suite.main()
