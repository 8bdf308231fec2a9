#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a login costs: Kling beside its peers, an empty stack and a floor program, in one run.

bench.py BUILD_DIR [--samples N] [--users N,N,...] [--json FILE] [--scratch DIR]

Each figure is one PAM transaction in a fresh process; the modules take turns, A B C A B C. Needs
root (a private mount namespace with users, /dev/log and stacks of its own); touches nothing else.
Prints a Markdown table; times are medians with the quartiles, ratios are of medians in this run.
"""
import argparse
import base64
import hashlib
import hmac
import json
import os
import platform
import re
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

STEP = 30
WRONG = "000001"


def run(*words, **options):
    return subprocess.run(words, check=True, text=True, capture_output=True, **options).stdout


def secret_of(name):
    return hashlib.sha1(b"bench " + name.encode()).digest()


def code_of(secret, step):
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000)


class Stage:
    """Users, /dev/log, stacks and the modules' files, in a mount namespace of this process."""

    def __init__(self, build, scratch, samples, enrolled):
        self.build, self.samples = build, samples
        self.top = tempfile.mkdtemp(prefix="kling-bench-", dir=scratch)
        self.names = ["b%d" % i for i in range(samples + 4)]
        self.others = ["o%d" % i for i in range(enrolled - samples - 4)]
        self.secrets, self.backup = {}, {}
        self.own_users(self.names + self.others)
        self.own_dev()
        os.makedirs(self.top + "/pam.d")
        os.makedirs(self.top + "/google", mode=0o700)

    def write_users(self, names):
        with open(self.top + "/passwd", "w") as file:
            file.write("root:x:0:0:root:/root:/bin/sh\n")
            for i, name in enumerate(names):
                file.write("%s:x:%d:100::/nonexistent:/bin/sh\n" % (name, 100000 + i))

    def own_users(self, names):
        self.write_users(names)
        with open(self.top + "/nsswitch.conf", "w") as file:
            file.write("passwd: files\ngroup: files\nshadow: files\n")
        for name in ("passwd", "nsswitch.conf"):
            run("mount", "--bind", self.top + "/" + name, "/etc/" + name)

    def own_dev(self):
        """A listener, because without one each line goes to the console and doubles everything."""
        run("mount", "-t", "tmpfs", "-o", "mode=0755", "none", "/dev")
        for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)):
            os.mknod("/dev/" + name, 0o20666, os.makedev(1, minor))
        os.mkdir("/dev/shm")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind("/dev/log")
        threading.Thread(target=lambda: [listener.recv(65536) for _ in iter(int, 1)],
                         daemon=True).start()

    def service(self, name, *lines):
        with open(self.top + "/pam.d/" + name, "w") as file:
            file.write("".join(line + "\n" for line in lines))

    def tool(self, *words, **options):
        return run(self.build + "/kling-enroll/kling-enroll", "--config", self.top + "/kling.conf",
                   *words, **options)

    def serve_kling(self, service, state):
        conf = "%s/%s.conf" % (self.top, service)
        with open(conf, "w") as file:
            file.write("state_dir = %s/%s\nkey_dir = %s/keys\n" % (self.top, state, self.top))
        os.chmod(conf, 0o644)
        module = "%s/pam_kling/.libs/pam_kling.so conf=%s" % (self.build, conf)
        self.service(service, "auth required " + module, "account required " + module)

    def add_others(self):
        """Many more users, beside a copy of the store as it was without them."""
        shutil.copytree(self.top + "/state", self.top + "/few")
        self.serve_kling("few", "few")
        self.tool("add", "--no-confirm", "--json", "--count", "1", "--users", "-",
                  input="\n".join(self.others) + "\n")
        # The C library looks through /etc/passwd line by line; that is not what is measured.
        self.write_users(self.names)

    def set_up_kling(self):
        self.serve_kling("kling", "state")
        self.tool("init")
        lines = self.tool("add", "--no-confirm", "--json", "--users", "-",
                          input="\n".join(self.names) + "\n")
        for line in lines.splitlines():
            one = json.loads(line)
            text = one["secret"].replace(" ", "")
            self.secrets[one["user"]] = base64.b32decode(text + "=" * (-len(text) % 8))
            self.backup[one["user"]] = one.get("backup_codes")
        if self.others:
            self.add_others()

    def set_up_peers(self):
        for name in self.names:
            with open("%s/google/%s" % (self.top, name), "w") as file:
                text = base64.b32encode(self.secrets[name]).decode().rstrip("=")
                file.write('%s\n" RATE_LIMIT 3 30\n" WINDOW_SIZE 3\n" DISALLOW_REUSE\n'
                           '" TOTP_AUTH\n' % text)
            os.chmod("%s/google/%s" % (self.top, name), 0o600)
        with open(self.top + "/users.oath", "w") as file:
            for name in self.names + self.others:
                secret = self.secrets.get(name) or secret_of(name)
                file.write("HOTP/T30/6 %s - %s\n" % (name, secret.hex()))
        os.chmod(self.top + "/users.oath", 0o600)
        self.service("google", "auth required pam_google_authenticator.so user=root "
                     "secret=%s/google/${USER}" % self.top, "account required pam_permit.so")
        self.service("oath", "auth required pam_oath.so window=3 digits=6 usersfile=%s/users.oath"
                     % self.top, "account required pam_permit.so")
        self.service("needed", "auth required %s/tests/bench/.libs/pam_needed.so %s/floor"
                     % (self.build, self.top), "account required pam_permit.so")
        self.service("empty", "auth required pam_permit.so", "account required pam_permit.so")
        self.service("other", "auth required pam_deny.so", "account required pam_deny.so")
        with open(self.top + "/floor", "wb") as file:
            file.write(os.urandom(8192))

    def code(self, name, steps=0):
        return code_of(self.secrets[name], int(time.time()) // STEP + steps)

    def command(self, service, user, answer, host):
        if service == "floor":
            return [self.build + "/tests/bench/floor", self.top + "/floor"]
        words = [self.build + "/tests/bench/transaction", self.top + "/pam.d", service, user, answer]
        return words + (["host"] if host else [])

    def close(self):
        for path in ("/etc/passwd", "/etc/nsswitch.conf", "/dev"):
            subprocess.run(["umount", "-l", path], capture_output=True)
        shutil.rmtree(self.top, ignore_errors=True)


def once(stage, service, user, answer, host):
    micros, faults, kib, result = run(*stage.command(service, user, answer, host)).split()
    return float(micros), int(faults), int(kib), int(result)


def wait_for_fresh_step():
    """All modules must see the same step, and none the end of it."""
    left = STEP - time.time() % STEP
    if left < 4:
        time.sleep(left + 0.1)


def wait_for_next_step():
    time.sleep(STEP - time.time() % STEP + 0.1)


def measure(stage, title, services, answer_of, host, wanted):
    """Interleaved samples of one scenario; {service: [(micros, faults, kib)]}"""
    seen = {service: [] for service in services}
    for i in range(-1, stage.samples):
        name = stage.names[i if i >= 0 else stage.samples]
        wait_for_fresh_step()
        for service in services:
            *figures, result = once(stage, service, name, answer_of(name, service), host)
            if service in wanted and result not in wanted[service]:
                sys.exit("bench: %s: %s answered %d" % (title, service, result))
            if i >= 0:  # the first one warms the caches
                seen[service].append(figures)
    return seen


def median(samples, which=0):
    return statistics.median(sample[which] for sample in samples)


def spread(samples):
    low, _, high = statistics.quantiles((sample[0] for sample in samples), n=4)
    return "%.0f-%.0f" % (low, high)


def rows_of(title, host, seen, base):
    rows = []
    for service, samples in seen.items():
        rows.append({"case": title, "host": "libcrypto" if host else "bare", "module": service,
                     "us": round(median(samples), 1), "quartiles": spread(samples),
                     "best": round(min(sample[0] for sample in samples)),
                     "ratio": round(median(samples) / median(seen[base]), 2),
                     "faults": median(samples, 1), "kib": median(samples, 2)})
    return rows


def refresh(stage):
    """Nobody locked, every step free: as after a quiet day."""
    for name in stage.names:
        stage.tool("unlock", name)


def scenarios(stage):
    peers = ["empty", "floor", "needed", "kling", "google", "oath"]
    rows, fresh = [], [0]

    def accepted(name, service):
        return stage.code(name, fresh[0])

    # Users log in from where they logged in before; a new address costs Kling one more write a day.
    known = ["kling", "few"] if stage.others else ["kling"]
    for name in stage.names:
        for service in known:
            once(stage, service, name, stage.code(name, -1), True)
    for host in (True, False):
        ok = {"needed": (0,), "kling": (0,), "google": (0,), "oath": (0,)}
        rows += rows_of("accepted", host, measure(stage, "accepted", peers, accepted, host, ok),
                        "google")
        fresh[0] = 1
    if stage.others:
        ok = {"few": (0,), "kling": (0,)}
        wait_for_next_step()
        rows += rows_of("accepted, by turns", True, measure(
            stage, "by turns", ["few", "kling"], accepted, True, ok), "few")
    rows += rows_of("wrong", True, measure(stage, "wrong", ["empty", "floor", "kling", "google",
                                                            "oath"],
                                           lambda *_: WRONG, True, {"kling": (7,)}), "google")
    rows += rows_of("unknown", True,
                    measure(stage, "unknown", ["empty", "kling"], lambda *_: WRONG, True, {}),
                    "empty")
    rows += rows_of("backup code", True,
                    measure(stage, "backup", ["empty", "floor", "kling"],
                            lambda name, _: stage.backup[name][0], True, {"kling": (0,)}), "empty")
    for name in stage.names[:stage.samples + 1]:
        for _ in range(5):
            once(stage, "kling", name, WRONG, True)
    rows += rows_of("locked", True,
                    measure(stage, "locked", ["empty", "kling"], lambda *_: WRONG, True,
                            {"kling": (7,)}), "empty")
    refresh(stage)
    return rows


FLUSHES = ("fsync", "fdatasync", "sync", "syncfs")


def calls_of(stage, service, name, answer):
    """[(call, the functions and files that led to it)], or None without a strace that can say."""
    if not shutil.which("strace"):
        return None
    trace = stage.top + "/trace"
    done = subprocess.run(["strace", "-f", "-k", "-o", trace] +
                          stage.command(service, name, answer, True), capture_output=True)
    if done.returncode != 0:
        return None
    calls = []
    with open(trace) as file:
        for line in file:
            begins = re.match(r"^\d+ +(\w+)\(", line)
            if begins:
                calls.append((begins.group(1), []))
            elif line.startswith(" >") and calls:
                calls[-1][1].append(line)
    return calls


def maker_of(stack):
    """Who asked the kernel: the module itself, or the C library and the linker on its behalf."""
    text = "".join(stack)
    if not re.search(r"pam_(kling|google_authenticator|oath)\.so", text):
        return "others"
    if re.search(r"ld-linux|\(dlopen", text):
        return "others"
    if re.search(r"\((getpw|getgr|_nss|__nss)", text):
        return "look-up"
    return "log" if re.search(r"\((__)?v?syslog", text) else "own"


def instructions_of(stage, service, name, answer):
    if not shutil.which("valgrind"):
        return None
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] +
                          stage.command(service, name, answer, True), check=True,
                          capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    return int(found.group(1)) if found else None


def count_one(stage, title, service, names, answer_of, empty):
    """Repeatable figures of one transaction, beyond the empty stack."""
    wait_for_fresh_step()
    calls = calls_of(stage, service, names[0], answer_of(names[0]))
    wait_for_fresh_step()
    work = instructions_of(stage, service, names[1], answer_of(names[1]))
    row = {"case": title, "module": service}
    if calls is not None and empty["calls"] is not None:
        makers = [maker_of(stack) for _, stack in calls]
        row["calls"] = len(calls) - len(empty["calls"])
        for maker in ("own", "look-up", "log"):
            row[maker] = makers.count(maker)
        row["flushes"] = sum(call in FLUSHES for call, _ in calls)
    if work is not None and empty["work"] is not None:
        row["instructions"] = work - empty["work"]
    return row


def counts(stage):
    names = stage.names[stage.samples + 1:stage.samples + 3]
    empty = {"calls": calls_of(stage, "empty", names[0], "x"),
             "work": instructions_of(stage, "empty", names[0], "x")}
    rows = [count_one(stage, "accepted", service, names, stage.code, empty)
            for service in ("kling", "google", "oath")]
    rows += [count_one(stage, "wrong", service, names, lambda _: WRONG, empty)
             for service in ("kling", "google", "oath")]
    rows.append(count_one(stage, "backup code", "kling", names,
                          lambda name: stage.backup[name][1], empty))
    rows.append(count_one(stage, "unknown", "kling", ["nobody-here", "nobody-there"],
                          lambda _: WRONG, empty))
    for name in names:
        for _ in range(5):
            once(stage, "kling", name, WRONG, True)
    rows.append(count_one(stage, "locked", "kling", names, lambda _: WRONG, empty))
    return rows


def crowd(stage, service, names):
    """Seconds for one login of each, all cores busy, a process each; and how many got in."""
    lines = "".join("%s %s\n" % (name, stage.code(name, 1)) for name in names)
    seconds, accepted, _ = run(stage.build + "/tests/bench/crowd", stage.top + "/pam.d", service,
                               str(os.cpu_count() or 1), input=lines).split()
    return float(seconds), int(accepted)


def in_parallel(stage):
    """Accepted logins of distinct users per second; the modules take turns, ten users a turn."""
    seen = {service: [0.0, 0] for service in ("empty", "needed", "kling", "google", "oath")}
    # All codes so far belong to steps before, and pam_google_authenticator's 30 seconds for three
    # tries are over.
    time.sleep(2 * STEP - time.time() % STEP + 0.1)
    for first in range(0, stage.samples, 10):
        for service, sums in seen.items():
            seconds, accepted = crowd(stage, service, stage.names[first:first + 10])
            sums[0] += seconds
            sums[1] += accepted
    return [{"module": service, "accepted per second": round(accepted / seconds),
             "accepted": accepted, "of": stage.samples}
            for service, (seconds, accepted) in seen.items()]


def table(rows, columns):
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(str(row.get(column, "")) for column in columns) + " |"
              for row in rows]
    return "\n".join(lines)


def machine():
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    return "%s, %d cores, Linux %s, %s" % (model.group(1) if model else platform.machine(),
                                           os.cpu_count(), platform.release(),
                                           time.strftime("%Y-%m-%d"))


def versions():
    """Of what is compared and what it stands on, where dpkg knows them."""
    packages = ("libc6", "libpam0g", "libssl3", "liboath0", "libpam-google-authenticator",
                "libpam-oath")
    if not shutil.which("dpkg-query"):
        return ""
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages],
                           capture_output=True, text=True).stdout
    return found.strip(", ")


TIMED = ["case", "host", "module", "us", "quartiles", "best", "ratio", "faults", "kib"]
COUNTED = ["case", "module", "calls", "own", "look-up", "log", "flushes", "instructions"]
CROWD = ["module", "accepted per second"]
GOALS = ["goal", "at most", "at least", "is"]


def one_size(arguments, enrolled):
    stage = Stage(os.path.abspath(arguments.build), arguments.scratch, arguments.samples, enrolled)
    try:
        stage.set_up_kling()
        stage.set_up_peers()
        result = {"enrolled": enrolled, "rows": scenarios(stage), "counts": counts(stage),
                  "parallel": in_parallel(stage)}
    finally:
        stage.close()
    print("\n## %d enrolled\n" % enrolled)
    print(table(result["rows"], TIMED))
    print("\nOne transaction beyond the empty stack, counted (host with libcrypto):\n")
    print(table(result["counts"], COUNTED))
    print("\nDistinct users in parallel, processes of their own:\n")
    print(table(result["parallel"], CROWD), flush=True)
    return result


def goals(sizes, few):
    """The figures that matter; times and counts from the first size."""
    def pick(case, host, module, what="us", size=0):
        return next(row.get(what, 0) for row in sizes[size]["rows"]
                    if (row["case"], row["host"], row["module"]) == (case, host, module))

    def count(case, what):
        return next((row.get(what) for row in sizes[0]["counts"]
                     if (row["case"], row["module"]) == (case, "kling")), None)
    kling = pick("accepted", "libcrypto", "kling")
    google = pick("accepted", "libcrypto", "google")
    empty = pick("accepted", "libcrypto", "empty")
    memory = pick("accepted", "libcrypto", "kling", "kib") - pick("accepted", "libcrypto", "empty",
                                                                  "kib")
    rows = [
        {"goal": "accepted, host with libcrypto, against google", "at most": 0.60,
         "is": round(kling / google, 2)},
        {"goal": "accepted, bare host, against google", "at most": 2.0,
         "is": round(pick("accepted", "bare", "kling") / pick("accepted", "bare", "google"), 2)},
        {"goal": "wrong, against google", "at most": 0.25,
         "is": round(pick("wrong", "libcrypto", "kling") / pick("wrong", "libcrypto", "google"), 2)},
        {"goal": "beyond the empty stack, against the floor", "at most": 2.0,
         "is": round((kling - empty) / pick("accepted", "libcrypto", "floor"), 2)},
        {"goal": "system calls of its own, accepted", "at most": 45, "is": count("accepted", "own")},
        {"goal": "flushes, accepted or wrong", "at most": 1,
         "is": max(count("accepted", "flushes") or 0, count("wrong", "flushes") or 0)},
        {"goal": "flushes, backup code", "at most": 2, "is": count("backup code", "flushes")},
        {"goal": "peak memory beyond the empty stack, KiB", "at most": 1024, "is": round(memory)},
    ]
    speed = {row["module"]: row["accepted per second"] for row in sizes[0]["parallel"]}
    rows.append({"goal": "parallel distinct users, against the best peer", "at least": 1.4,
                 "is": round(speed["kling"] / max(speed["google"], speed["oath"], 1), 2)})
    for i in range(1, len(sizes)):
        rows.append({"goal": "accepted, %d users against %d" % (sizes[i]["enrolled"], few),
                     "at most": 1.05,
                     "is": pick("accepted, by turns", "libcrypto", "kling", "ratio", i)})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--samples", type=int, default=40)
    parser.add_argument("--users", default="1")
    parser.add_argument("--json")
    parser.add_argument("--scratch", default="/var/tmp")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("bench: needs root, for a private mount namespace")
    if "KLING_BENCH_INSIDE" not in os.environ:
        os.environ["KLING_BENCH_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable,
                              os.path.abspath(__file__)] + sys.argv[1:])
    print("# %s" % machine())
    sizes = [one_size(arguments, int(size)) for size in arguments.users.split(",")]
    summary = goals(sizes, arguments.samples + 4)
    print("\n## Goals\n\n" + table(summary, GOALS))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"machine": machine(), "versions": versions(), "samples": arguments.samples,
                       "sizes": sizes, "goals": summary}, file, indent=1)


if __name__ == "__main__":
    main()
