#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Where the processor spends a login: samples of its clock, Kling beyond the empty stack.

profile.py BUILD_DIR [--runs N] [--json FILE]

Both are run as often in fresh processes with libcrypto, with a wrong code that locks nobody (the
work is that of a right one but for account), in memory so that the disk is out of it. Needs root and perf; touches nothing else.
"""
import argparse
import collections
import json
import os
import shutil
import subprocess
import sys

from bench import WRONG, Stage, machine, run, table

HERTZ = 15000
LIBRARIES = (("pam_", "the module itself"), ("ld-linux", "the dynamic linker"),
             ("libcrypto", "libcrypto"), ("liboath", "liboath"), ("libc.so", "the C library"))


def frames_of(block):
    """[(function, file)], the innermost first."""
    words = (line.split() for line in block.splitlines() if line.strip())
    return [(word[1].split("+")[0] if len(word) > 2 else "?", word[-1]) for word in words]


def place_of(frames):
    functions = [function for function, _ in frames]
    if "kernel" not in frames[0][1]:
        for part, name in LIBRARIES:
            if part in frames[0][1]:
                return name
        return "libpam and others"
    if any("exc_page_fault" in function for function in functions):
        return "kernel: page faults"
    if any(function.startswith("__x64_sys_open") for function in functions):
        return "kernel: opening files"
    if any(function.startswith(("__x64_sys_mmap", "__x64_sys_mprotect", "__x64_sys_munmap"))
           for function in functions):
        return "kernel: mapping memory"
    return "kernel: all other calls"


def sample(stage, service, runs):
    data = stage.top + "/perf." + service
    command = " ".join(stage.command(service, "b0", WRONG, True))
    loop = "i=0; while [ $i -lt %d ]; do %s >/dev/null; i=$((i+1)); done" % (runs, command)
    subprocess.run(["perf", "record", "-q", "-e", "cpu-clock", "-F", str(HERTZ), "-g", "-o", data,
                    "--", "sh", "-c", loop], check=True, capture_output=True)
    script = run("perf", "script", "-i", data, "--comm", "transaction", "-F", "ip,sym,dso")
    places = collections.Counter()
    for block in script.split("\n\n"):
        frames = frames_of(block)
        if frames:
            places[place_of(frames)] += 1
    return {place: seen * 1e6 / HERTZ / runs for place, seen in places.items()}


def profile(build, runs):
    run("mount", "-t", "tmpfs", "none", "/mnt")
    stage = Stage(build, "/mnt", 1, 1)
    try:
        stage.set_up_kling()
        stage.set_up_peers()
        with open(stage.top + "/kling.conf", "a") as file:
            file.write("lockout_tries = 0\nlockout_cap = 0\n")
        seen = {service: sample(stage, service, runs) for service in ("empty", "kling")}
    finally:
        stage.close()
    names = sorted(set().union(*seen.values()), key=lambda name: -seen["kling"].get(name, 0))
    rows = [{"where": name, "us": round(seen["kling"].get(name, 0) - seen["empty"].get(name, 0))}
            for name in names]
    rows.sort(key=lambda row: -row["us"])
    return rows + [{"where": "sum", "us": sum(row["us"] for row in rows)}]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--runs", type=int, default=1500)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("perf"):
        sys.exit("profile: needs root and perf")
    if "KLING_BENCH_INSIDE" not in os.environ:
        os.environ["KLING_BENCH_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable, "-B",
                              os.path.abspath(__file__)] + sys.argv[1:])
    rows = profile(os.path.abspath(arguments.build), arguments.runs)
    print("# %s\n\n%s" % (machine(), table(rows, ["where", "us"])))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"machine": machine(), "runs": arguments.runs, "profile": rows}, file,
                      indent=1)


if __name__ == "__main__":
    main()
