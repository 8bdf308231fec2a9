#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""kling-enroll over many users, and what every command lets others see."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

from lab import LONG
from harness.machine import append, write
from harness.suite import Suite, skip_unless

suite = Suite("everybody", needs=("oathtool",))
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def crowd(m, count):
    """That many users beside those of the system; returns their names."""
    names = ["u%06d" % number for number in range(count)]
    with open("/etc/passwd") as passwd:
        kept = [line for line in passwd if not re.match(r"u\d{6}:", line)]
    write("/etc/passwd", "".join(kept) + "".join(
        "%s:x:%d:100::/:/bin/sh\n" % (name, 100000 + i) for i, name in enumerate(names)))
    return names


def enroll(m, names):
    """{user: what add said}"""
    out = m.kling("add", "--no-confirm", "--json", "--users", "-", stdin="\n".join(names) + "\n")
    answers = {one["user"]: one for one in map(json.loads, out.splitlines())}
    assert set(answers) == set(names)
    return answers


def listed(m, *argv):
    """How many lines, and the peak memory of the process itself in KiB."""
    with open("/root/out", "w") as out:
        child = subprocess.Popen([m.tool, *argv], stdout=out)
        peak = 0
        while child.poll() is None:
            with open("/proc/%d/status" % child.pid) as status:
                found = re.search(r"VmHWM:\s+(\d+)", status.read())
            peak = max(peak, int(found.group(1)) if found else 0)
            time.sleep(0.002)
    assert child.returncode == 0
    with open("/root/out") as out:
        return sum(1 for _ in out), peak


def calls(m, *argv, expect=(0,)):
    got = m.run("strace", "-f", "-c", "-o", "/root/calls", m.tool, *argv)
    assert got.returncode in expect, got
    with open("/root/calls") as table:
        return int(re.search(r"(\d+)\s+(?:\d+\s+)?total", table.read()).group(1))


@suite.scenario("CLI-09")
def a_hundred_thousand_users(m):
    """What a user costs does not grow with their number, and memory not at all."""
    names = crowd(m, 2000)
    enroll(m, names[:1000])
    lines, few = listed(m, "list", "--json")
    assert lines >= 2000
    if shutil.which("strace"):
        enrolled = calls(m, "list", "--enrolled") / 1000
        crowd(m, 1000)
        base, half = calls(m, "list", "--json"), calls(m, "status", "--json")
        crowd(m, 2000)
        others = (calls(m, "list", "--json") - base) / 1000
        assert enrolled < 40, enrolled
        assert others < 16, others
        assert abs(calls(m, "status", "--json") - half) < 3000, "a walk over who is not enrolled"
    crowd(m, 100000)
    for argv, least in ((("list", "--json"), 100000), (("list", "--enrolled"), 1000),
                        (("status", "--json"), 1000)):
        lines, many = listed(m, *argv)
        assert lines >= least, (argv, lines)
        assert many < few + 1024, (argv, few, many)


@suite.scenario("CLI-09")
def looking_at_all_their_records(m):
    """check and prune read the user database once for all of them, not once for each: what a record
    costs does not grow with the number of users."""
    skip_unless(shutil.which("strace"), "strace is not installed")
    names = crowd(m, 4000)
    enroll(m, names[3600:])
    for command, most in (("check", 36), ("prune", 24)):
        made = calls(m, command, expect=(0, 1))
        print("%s: %d calls" % (command, made))
        assert made < 4000 + 400 * most, (command, made)  # each of 4000 is looked for in the store


@suite.scenario("CLI-06", "CLI-09")
def some_of_whom_cannot_be_read(m):
    """A damaged record is named and the others are listed, in order; so they are when no process
    can be begun, or one is killed."""
    names = crowd(m, 300)
    enroll(m, names)
    whole = m.kling("list", "--json", "--enrolled")
    assert [json.loads(line)["user"] for line in whole.splitlines()] == names
    for trouble in ("clone,clone3,vfork:error=EAGAIN", "pread64:signal=KILL:when=250") \
            if shutil.which("strace") else ():
        # strace counts in each process: the parent, which reads what a dead child did not, may come
        # to that number, too. Then it was not a child that was killed.
        for _ in range(20):
            got = m.run("strace", "-f", "-qq", "-o", "/root/trace", "-e", "inject=" + trouble,
                        m.tool, "list", "--json", "--enrolled")
            if got.returncode != -signal.SIGKILL:
                break
        assert got.returncode == 0 and got.stdout == whole, (trouble, got.returncode, got.stderr)
        with open("/root/trace") as trace:
            assert re.search("INJECTED|SIGKILL", trace.read()), trouble
    for name in names[7], names[299]:
        with open("%s/users/%s/enrollment" % (m.state_dir, name), "r+b") as record:
            record.seek(-4, os.SEEK_END)
            record.write(b"\0\0\0\0")
    for command in ("list", "status"):
        got = m.run(m.tool, command, "--json")
        answers = [json.loads(line) for line in got.stdout.splitlines()]
        bad = {one["user"]: one["exit"] for one in answers if "error" in one}
        assert got.returncode == 5 and bad == {names[7]: 5, names[299]: 5}, (command, bad)
        good = [one["user"] for one in answers if "error" not in one and one["user"] in names]
        assert good == names[:7] + names[8:299]
        assert got.stderr.count("\n") == 2, got.stderr


@suite.scenario("ENR-18")
def a_new_key_for_a_thousand(m):
    """Killed at any point every record opens, and the next run ends it; a key goes when no file
    names it."""
    skip_unless(shutil.which("strace"), "strace is not installed")
    names = crowd(m, 1000)
    answers = enroll(m, names)
    probe = names[::100]

    def all_open():
        lines = m.kling("list", "--json", "--enrolled").splitlines()
        assert len(lines) == 1000
        for name in probe:
            code = answers[name]["backup_codes"][3]
            assert m.run(m.tool, "verify", name, stdin=code + "\n").returncode == 0, name

    points = [("renameat", 1), ("pwrite64", 1), ("renameat", 400), ("pwrite64", 1700),
              ("fdatasync", 900), ("unlinkat", 1001)]
    if LONG:
        points += [(call, number) for call in ("renameat", "pwrite64", "fdatasync", "unlinkat")
                   for number in [2, 3, 5, 8] + list(range(20, 2100, 520))]
    killed = 0
    for call, number in points:
        got = m.run("strace", "-f", "-qq", "-o", "/dev/null", "-e",
                    "inject=%s:signal=KILL:when=%d" % (call, number), m.tool, "rekey", timeout=120)
        killed += got.returncode != 0
        keys = os.listdir(m.key_dir)
        assert len([key for key in keys if key.endswith(".key")]) <= 2, (call, number, keys)
        all_open()
        m.kling("rekey")
        assert len(os.listdir(m.key_dir)) == 1, (call, number, os.listdir(m.key_dir))
        all_open()
    assert killed > len(points) / 2, killed


def every_command(m, alice):
    """Each command with what it reads, as it is used; the secrets that may not be seen."""
    token = alice.token
    step = token.step()
    pair = "%s\n%s\n" % (token.at(step), token.at(step + 1))
    yield ("init",), ""
    yield ("verify", "alice"), token.at(step) + "\n"
    yield ("verify", "alice"), alice.backup[0] + "\n"
    yield ("status", "alice"), ""
    yield ("status", "--json"), ""
    yield ("list",), ""
    yield ("unlock", "alice"), ""
    yield ("grace", "--extend", "1d", "bob"), ""
    yield ("resync", "alice"), pair
    yield ("import", "uri", "-", "carol"), "otpauth://totp/carol?secret=%s\n" % SECRET
    yield ("password", "--user", "bob"), "Brisk-Otter7\n"
    yield ("check",), ""
    yield ("check", "--user", "alice", "--service", "sshd"), ""
    yield ("rekey",), ""
    yield ("prune",), ""
    yield ("codes", "--json", "alice"), ""
    yield ("add", "--no-confirm", "--json", "--replace", "alice"), ""
    yield ("add", "--no-confirm", "--json", "--replace", "--sheet", "/root/a.pdf", "--qr-file",
           "/root/a.png", "alice"), ""
    yield ("add", "--no-confirm", "--json", "--users", "-"), "dave\n"
    yield ("remove", "alice"), ""


SOCKET = re.compile(r"socket\((\w+), [^,]*, (\w+)\)")
PLACES = re.compile(r'sun_path="([^"]*)"')
KNOWN = ("/dev/log", "/var/run/nscd/socket", "/run/nscd/socket", "/var/lib/sss/pipes/",
         "/run/systemd/userdb/")


@suite.scenario("ENR-11", "SEC-13")
def what_every_command_shows(m):
    """No socket but syslog's, audit's and the name service's; nothing secret in an argument or in
    the environment of it or of what it runs; none in the log."""
    skip_unless(shutil.which("strace"), "strace is not installed")
    alice = m.enrolled("alice")
    for name in ("bob", "carol", "dave"):
        m.add_user(name)
    secrets = {SECRET, alice.token.secret, *alice.backup, "Brisk-Otter7"}
    done = set()
    for argv, stdin in every_command(m, alice):
        got = m.run("strace", "-f", "-v", "-s", "10000", "-e", "trace=execve,%network", "-o",
                    "/root/trace", m.tool, *argv, stdin=stdin)
        assert got.returncode in (0, 1) or argv[0] == "init", (argv, got)
        done.add(argv[0])
        for line in got.stdout.splitlines() if "--json" in argv and argv[0] in ("add", "codes") \
                else ():
            answer = json.loads(line)
            secrets |= {answer.get("secret", SECRET), *answer.get("backup_codes", ())}
        typed = [line for line in stdin.split() if line.isdigit()]
        with open("/root/trace") as trace:
            seen = trace.read()
        sshd = set(re.findall(r'^(\d+) +execve\("[^"]*/sshd"', seen, re.M))  # check asks sshd -T
        for line in seen.splitlines():
            if line.split()[0] in sshd:
                continue
            for family, protocol in SOCKET.findall(line):
                assert family in ("AF_UNIX", "AF_LOCAL") or protocol == "NETLINK_AUDIT", line
            for place in PLACES.findall(line):
                assert place.startswith(KNOWN), line
        texts = [line for line in seen.splitlines() if "execve(" in line] + m.log.since()
        for secret in secrets | set(typed):
            assert not [text for text in texts if secret in text], (argv, secret)
        assert "otpauth" not in "".join(texts), argv
    with open("/root/help", "w") as out:
        subprocess.run([m.tool, "--help"], stdout=out, check=True)
    with open("/root/help") as text:
        commands = re.findall(r"^  ([a-z]+) ", text.read().split("Options:")[0], re.M)
    assert set(commands) - {"help"} <= done, set(commands) - done


@suite.scenario("SEC-13")
def while_it_waits(m):
    """The same in /proc while a question is open, and secrets as arguments are refused."""
    m.add_user("alice")
    dialogue = m.talk(m.tool, "add", "alice", env={"TERM": "xterm-256color"})
    dialogue.expect("Code from the phone: $")
    groups = re.findall(r"(?:[A-Z2-7]{4} ){3}[A-Z2-7]{4}", dialogue.text)
    secret = "".join(groups).replace(" ", "")
    assert len(secret) >= 32
    for name in ("cmdline", "environ", "comm"):
        with open("/proc/%d/%s" % (dialogue.pid, name), "rb") as shown:
            text = shown.read()
        assert secret.encode() not in text and secret[:16].encode() not in text
    with open("/proc/%d/fd/0" % dialogue.pid, "rb"):
        pass
    for fd in os.listdir("/proc/%d/fd" % dialogue.pid):
        target = os.readlink("/proc/%d/fd/%s" % (dialogue.pid, fd))
        assert "/tmp" not in target and "deleted" not in target, target
    dialogue.type("\x04")
    dialogue.end()
    m.kling("add", "--no-confirm", "--json", "alice")
    append("/root/names", "alice\n")
    for argv in (("verify", "alice", "123456"), ("resync", "alice", "123456", "654321"),
                 ("password", "Brisk-Otter7"), ("import", "uri", "otpauth://totp/a?secret=" + SECRET),
                 ("add", "--secret", SECRET, "alice"), ("add", "--secret=" + SECRET, "alice"),
                 ("codes", "alice", "ABCD-EFGH-JKMN-PQRS")):
        got = m.run(m.tool, *argv)
        assert got.returncode == 2, (argv, got)
        assert SECRET not in got.stderr and "Brisk" not in got.stderr, got.stderr


if __name__ == "__main__":
    suite.main()
