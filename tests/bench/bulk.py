#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What many users cost the administrator: enrolling them in one call, and listing them.

bulk.py BUILD_DIR [--users N] [--rounds N] [--list N] [--json FILE] [--scratch DIR]

Enrolls N users beside two figures of the same run: hashing their backup codes on all cores and
nothing else (no enrollment can take less), and a loop over the google-authenticator tool, which
hashes and flushes nothing. They take turns; the medians are printed. With --list, as many users are
enrolled once, and `list` and `status` are timed over a hundredth of them and over all, with their
peak memory. Needs root (a private mount namespace with users of its own); touches nothing else.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from bench import machine, run, table

CODES, ITERATIONS = 10, 1000


class Place:
    """A user database and a store, in the mount namespace of this process."""

    def __init__(self, build, scratch, users):
        self.tool_path = build + "/kling-enroll/kling-enroll"
        self.top = tempfile.mkdtemp(prefix="kling-bulk-", dir=scratch)
        self.names = ["b%d" % i for i in range(users)]
        self.people(users)
        self.write("nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\n")
        self.turn = 0
        for name in ("passwd", "nsswitch.conf"):
            run("mount", "--bind", self.top + "/" + name, "/etc/" + name)

    def write(self, name, text):
        with open(self.top + "/" + name, "w") as file:
            file.write(text)
        os.chmod(self.top + "/" + name, 0o644)

    def people(self, count):
        """That many users, in the file that is mounted over /etc/passwd."""
        self.write("passwd", "root:x:0:0:root:/root:/bin/sh\n" + "".join(
            "%s:x:%d:100::/nonexistent:/bin/sh\n" % (name, 100000 + i)
            for i, name in enumerate(self.names[:count])))

    def tool(self, *words):
        return [self.tool_path, "--config", self.top + "/kling.conf", *words]

    def empty(self):
        """A new directory each time: for minutes ext4 avoids the inodes of what was deleted."""
        self.turn += 1
        self.here = "%s/%d" % (self.top, self.turn)
        os.mkdir(self.here)
        self.write("kling.conf", "state_dir = %s/state\nkey_dir = %s/keys\n"
                   % (self.here, self.here))
        os.sync()

    def close(self):
        for name in ("passwd", "nsswitch.conf"):
            run("umount", "/etc/" + name)
        shutil.rmtree(self.top, ignore_errors=True)


def timed(words, **options):
    started = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   **options)
    return time.monotonic() - started


def floor(place, build, users):
    return float(run(build + "/tests/bench/hashing", str(users), str(CODES), str(ITERATIONS)))


def enroll(place, build, users, *options):
    place.empty()
    words = place.tool("add", "--no-confirm", "--json", "--users", "-", *options)
    with open(place.here + "/answers", "w") as answers:
        started = time.monotonic()
        subprocess.run(words, input="\n".join(place.names[:users]) + "\n", text=True, check=True,
                       stdout=answers, stderr=subprocess.DEVNULL)
        taken = time.monotonic() - started
    with open(place.here + "/answers") as answers:
        done = sum("uri" in json.loads(line) for line in answers)
    if done != users:
        sys.exit("bulk: %d of %d enrolled" % (done, users))
    return taken


def enroll_with_sheets(place, build, users):
    return enroll(place, build, users, "--sheet-dir", "%s/sheets-%d" % (place.top, place.turn))


def google_loop(place, build, users):
    place.empty()
    os.mkdir(place.here + "/google", 0o700)
    return timed(["sh", "-c", "while read -r user; do google-authenticator -t -d -f -q -C -r 3 "
                  "-R 30 -w 3 -s %s/google/$user || exit 1; done" % place.here],
                 input="".join(name + "\n" for name in place.names[:users]).encode())


WAYS = {"hashing alone": floor, "kling-enroll add --json": enroll,
        "kling-enroll add --json --sheet-dir": enroll_with_sheets,
        "a loop over google-authenticator": google_loop}


def enrolling(place, build, users, rounds):
    ways = dict(WAYS)
    if not shutil.which("google-authenticator"):
        del ways["a loop over google-authenticator"]
    seen = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            seen[name].append(way(place, build, users))
    base = statistics.median(seen["hashing alone"])
    return [{"what": name, "users": users, "seconds": round(statistics.median(times), 2),
             "ms a user": round(1000 * statistics.median(times) / users, 3),
             "to hashing": round(statistics.median(times) / base, 2)}
            for name, times in seen.items()]


def watched(words):
    """Seconds, and the peak memory in KiB of the process itself."""
    started, peak = time.monotonic(), 0
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    while child.poll() is None:
        try:
            with open("/proc/%d/status" % child.pid) as status:
                peak = max([peak] + [int(line.split()[1]) for line in status
                                     if line.startswith("VmHWM")])
        except OSError:
            pass
        time.sleep(0.005)
    return time.monotonic() - started, peak


def listing(place, sizes, rounds):
    rows = []
    place.empty()
    enrolled = 0
    for size in sizes:
        place.people(size)
        names = "\n".join(place.names[enrolled:size]) + "\n"
        subprocess.run(place.tool("add", "--no-confirm", "--json", "--users", "-"), input=names,
                       text=True, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        enrolled = size
        for command in ("list", "status"):
            seen = [watched(place.tool(command, "--json")) for _ in range(rounds)]
            rows.append({"what": command, "users": size,
                         "seconds": round(statistics.median(s for s, _ in seen), 2),
                         "peak KiB": max(k for _, k in seen)})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--list", type=int, default=0)
    parser.add_argument("--json")
    parser.add_argument("--scratch", default="/var/tmp")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("bulk: needs root, for a private mount namespace")
    if "KLING_BENCH_INSIDE" not in os.environ:
        os.environ["KLING_BENCH_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable,
                              os.path.abspath(__file__)] + sys.argv[1:])
    build = os.path.abspath(arguments.build)
    place = Place(build, arguments.scratch, max(arguments.users, arguments.list))
    try:
        result = {"machine": machine(),
                  "enrolling": enrolling(place, build, arguments.users, arguments.rounds)}
        if arguments.list:
            result["listing"] = listing(place, (arguments.list // 100, arguments.list),
                                        arguments.rounds)
    finally:
        place.close()
    print("# %s\n" % result["machine"])
    print(table(result["enrolling"], ["what", "users", "seconds", "ms a user", "to hashing"]))
    if arguments.list:
        print("\n" + table(result["listing"], ["what", "users", "seconds", "peak KiB"]))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(result, file, indent=1)


if __name__ == "__main__":
    main()
