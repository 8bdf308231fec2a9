#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""kling-enroll import from the real tools' files, and add for many users at once."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import time

from lab.screen import read_picture
from harness.machine import append, write
from harness.oath import Token, code
from harness.suite import Suite, skip_unless

suite = Suite("takeover", needs=("oathtool",))
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def accepts(m, user, token):
    token.used = 0
    return m.run(m.tool, "verify", user, stdin=token.fresh() + "\n").returncode == 0


@suite.scenario()
def google_authenticator(m):
    skip_unless(shutil.which("google-authenticator"), "google-authenticator is not installed")
    m.add_user("alice")
    got = m.run("google-authenticator", "-t", "-d", "-f", "-q", "-C", "-r", "3", "-R", "30", "-w",
                "17", "-s", "/root/ga")
    assert got.returncode == 0, got
    with open("/root/ga") as lines:
        token = Token(lines.readline().strip())
    assert m.run(m.tool, "import", "google-authenticator", "/root/ga").returncode == 2
    got = m.run(m.tool, "import", "google-authenticator", "/root/ga", "alice")
    assert got.returncode == 0, got
    for word in ("scratch codes are not kept", "window", "rate limit"):
        assert word in got.stderr, got.stderr
    assert token.secret not in got.stdout + got.stderr
    assert accepts(m, "alice", token)
    assert m.status(m.users["alice"])["set_id"] is None
    got = m.run(m.tool, "import", "google-authenticator", "/root/ga", "alice")
    assert got.returncode == 1 and "already" in got.stderr
    out = m.kling("import", "--replace", "--json", "--count", "4", "google-authenticator",
                  "/root/ga", "alice")
    answer = json.loads(out)
    assert len(answer["backup_codes"]) == 4 and "secret" not in answer and "uri" not in answer


@suite.scenario()
def its_options(m):
    m.add_user("alice")
    token = Token(SECRET, period=60)
    used = token.step()
    write("/root/ga", '%s\n" DISALLOW_REUSE %d %d\n" TOTP_AUTH\n" STEP_SIZE 60\n'
          '" TIME_SKEW 3\n12345678\n' % (SECRET, used - 4, used + 3))
    m.kling("import", "google-authenticator", "/root/ga", "alice")
    assert m.status(m.users["alice"])["tokens"][0]["period"] == 60
    for step, right in ((used + 3, False), (used + 4, True), (used, False)):
        got = m.run(m.tool, "verify", "alice", stdin=token.at(step) + "\n")
        assert (got.returncode == 0) == right, (step - used, got)


@suite.scenario("ENR-10")
def refused_files(m):
    m.add_user("alice")
    m.kling("init")
    before = m.store()
    cases = [("google-authenticator", "", "empty"),
             ("google-authenticator", "GEZDGNBVGY3TQOJQ\n\" TOTP_AUTH\n", "128 bits"),
             ("google-authenticator", "GEZDGNBVGY3TQOJQGEZDGNBV1\n\" TOTP_AUTH\n", "base32"),
             ("google-authenticator", SECRET + "A\n\" TOTP_AUTH\n", "base32"),
             ("google-authenticator", "A" * 2000 + "\n\" TOTP_AUTH\n", "512 bits"),
             ("google-authenticator", "A" * 1000000 + "\n\" TOTP_AUTH\n", "understood"),
             ("google-authenticator", SECRET + "\n\" HOTP_COUNTER 1\n", "HOTP"),
             ("google-authenticator", SECRET + "\n", "HOTP"),
             ("google-authenticator", SECRET + "\n\" TOTP_AUTH\n\" STEP_SIZE 5\n", "15 to 300"),
             ("google-authenticator", SECRET + "\n\" TOTP_AUTH\nwhat is this\n", "understood"),
             ("uri", "otpauth://totp/alice?secret=GEZDGNBV\n", "128 bits"),
             ("uri", "otpauth://hotp/alice?secret=%s&counter=1\n" % SECRET, "HOTP"),
             ("uri", "https://example.com/\n", "otpauth"),
             ("uri", "otpauth://totp/alice?secret=%s\0\n" % SECRET, "understood"),
             ("uri", "", "nothing"),
             ("users.oath", "HOTP alice - " + "31" * 20 + "\n", "HOTP"),
             ("users.oath", "HOTP/E/6 alice - " + "31" * 20 + "\n", "HOTP"),
             ("users.oath", "HOTP/T30 alice - 313\n", "hex"),
             ("users.oath", "HOTP/T30 alice - " + "31" * 15 + "\n", "128 bits"),
             ("users.oath", "HOTP/T30/9 alice - " + "31" * 20 + "\n", "digits"),
             ("users.oath", "HOTP/T30 alice\n", "understood")]
    for form, text, word in cases:
        write("/root/file", text, 0o600)
        got = m.run(m.tool, "import", form, "/root/file", "alice")
        assert m.store() == before, got
        assert got.returncode == 1 and word in got.stderr, (form, text[:60], got)
        assert SECRET not in got.stderr + got.stdout
    assert m.run(m.tool, "import", "uri", "/root/none", "alice").returncode == 5
    assert m.run(m.tool, "import", "uri", "/root", "alice").returncode == 5


@suite.scenario("ENR-10")
def oath_file(m):
    for name in ("alice", "bob", "carol", "dave"):
        m.add_user(name)
    keys = {n: (n * 10)[:20].encode() for n in ("alice", "bob", "carol", "dave")}
    lines = ["# users", "HOTP/T30\talice\t-\t" + keys["alice"].hex(),
             "HOTP/T60/8 bob + %s 0 12345678 2026-01-01T00:00:00L" % keys["bob"].hex(),
             "HOTP carol - " + keys["carol"].hex(), "HOTP/T30 ghost - " + "41" * 20,
             "HOTP/T30 dave - " + keys["alice"].hex(), ""]
    write("/root/users.oath", "\n".join(lines), 0o600)
    got = m.run(m.tool, "import", "users.oath", "/root/users.oath")
    assert got.returncode == 1
    for word in ("carol: /root/users.oath:4: HOTP", "ghost: no such user",
                 "dave: this secret was imported already"):
        assert word in got.stderr, got.stderr
    tokens = {n: base64.b32encode(k).decode() for n, k in keys.items()}
    assert accepts(m, "alice", Token(tokens["alice"]))
    assert accepts(m, "bob", Token(tokens["bob"], period=60, digits=8))
    for name in ("carol", "dave"):
        assert m.run(m.tool, "status", name).returncode == 4
    write("/root/users.oath", "HOTP/T30 dave - %s\nHOTP/T30 carol - %s\n"
          % (keys["dave"].hex(), keys["carol"].hex()), 0o600)
    m.kling("import", "users.oath", "/root/users.oath", "dave")
    assert m.run(m.tool, "status", "carol").returncode == 4
    assert accepts(m, "dave", Token(tokens["dave"]))


@suite.scenario()
def uris(m):
    for name in ("alice", "bob"):
        m.add_user(name)
    other = base64.b32encode(b"01234567890123456789").decode()
    m.kling("import", "uri", "-", stdin="otpauth://totp/Example:alice@web1?secret=%s&issuer=E\n"
            "# a note\n\notpauth://totp/alice?secret=%s&digits=8&period=60\n" % (SECRET, other))
    labels = [t["label"] for t in m.status(m.users["alice"])["tokens"]]
    assert labels == ["alice@web1", "alice"]
    assert accepts(m, "alice", Token(SECRET)) and accepts(m, "alice", Token(other, 60, 8))
    m.kling("import", "uri", "-", "bob", stdin="otpauth://totp/who?secret=%s\n" % SECRET)
    assert accepts(m, "bob", Token(SECRET))
    third = base64.b32encode(b"x" * 20).decode()
    m.kling("import", "--replace", "uri", "-", "alice",
            stdin="otpauth://totp/alice?secret=%s\n" % third)
    assert len(m.status(m.users["alice"])["tokens"]) == 2
    assert not accepts(m, "alice", Token(other, 60, 8)) and accepts(m, "alice", Token(third))


@suite.scenario()
def exit_of_one_user(m):
    """With a USER import ends as any command for one user does; several are a batch."""
    m.add_user("alice")
    line = "otpauth://totp/ghost?secret=%s\n" % SECRET
    write("/root/ga", SECRET + '\n" TOTP_AUTH\n')
    assert m.run(m.tool, "import", "google-authenticator", "/root/ga", "ghost").returncode == 4
    assert m.run(m.tool, "import", "uri", "-", "ghost", stdin=line).returncode == 4
    assert m.run(m.tool, "import", "uri", "-", stdin=line).returncode == 1
    assert m.run(m.tool, "import", "uri", "-", "root", stdin=line).returncode == 1
    m.kling("import", "uri", "-", "alice", stdin=line)
    os.truncate("/var/lib/kling/users/alice/enrollment", 10)
    got = m.run(m.tool, "import", "--label", "b", "google-authenticator", "/root/ga", "alice")
    assert got.returncode == 5, got


@suite.scenario()
def many_at_once(m):
    names = ["user%03d" % number for number in range(60)]
    for number, name in enumerate(names):
        append("/etc/passwd", "%s:x:%d:6000::/:/bin/sh\n" % (name, 6000 + number))
    append("/etc/group", "staff-of-test:x:6000:\n")
    m.enroll(m.add_user("alice"))
    write("/root/names", "\n".join(names + ["# note", "", "ghost", "alice", "root"]) + "\n")
    got = m.run(m.tool, "add", "--json", "--users", "/root/names")
    assert got.returncode == 1 and "60 enrolled, 3 failed" in got.stderr, got.stderr
    answers = [json.loads(line) for line in got.stdout.splitlines()]
    good = {a["user"]: a for a in answers if "uri" in a}
    bad = {a["user"]: a["exit"] for a in answers if "error" in a}
    assert set(good) == set(names) and bad == {"ghost": 4, "alice": 1, "root": 1}, bad
    for name in names[::20]:
        assert accepts(m, name, Token.from_uri(good[name]["uri"]))
    listed = [json.loads(line)["user"] for line in m.kling("list", "--json", "--group",
                                                           "staff-of-test").splitlines()]
    assert listed == names
    assert m.run(m.tool, "list", "--group", "no-such-group").returncode == 4
    for argv in (("--users", "-"), ("--users", "-", "--json", "alice"),
                 ("--users", "-", "--group", "root", "--json"),
                 ("--users", "-", "--json", "--sheet", "/root/x.txt")):
        assert m.run(m.tool, "add", *argv, stdin="bob\n").returncode == 2, argv


@suite.scenario()
def sheets_for_many(m):
    names = ["user%02d" % number for number in range(8)]
    for name in names:
        m.add_user(name)
    m.kling("add", "--users", "-", "--sheet-dir", "/root/sheets", stdin="\n".join(names) + "\n")
    files = sorted(os.listdir("/root/sheets"))
    assert [f.split(".")[0] for f in files] == names, files
    assert os.stat("/root/sheets").st_mode & 0o777 == 0o700
    assert all(os.stat("/root/sheets/" + f).st_mode & 0o777 == 0o600 for f in files)
    if not files[0].endswith(".pdf") or not shutil.which("pdftoppm"):
        return
    m.run("pdftoppm", "-r", "100", "-png", "-singlefile", "/root/sheets/user03.pdf", "/root/page")
    if shutil.which("zbarimg"):
        with open("/root/page.png", "rb") as page:
            uri = read_picture(page.read(), ".png")
        assert "user03@private" in uri and accepts(m, "user03", Token.from_uri(uri))


@suite.scenario()
def other_algorithms(m):
    m.add_user("alice")
    for algorithm in ("sha256", "sha512"):
        out = json.loads(m.kling("add", "--no-confirm", "--json", "--replace", "--algorithm",
                                 algorithm, "alice"))
        now = int(time.time())
        right = code(out["secret"], now, algorithm=algorithm)
        assert m.run(m.tool, "verify", "alice", stdin=right + "\n").returncode == 0
        assert re.search("algorithm=" + algorithm.upper(), out["uri"])


@suite.scenario("CLI-07")
def many_cut_short(m):
    """A signal: who is begun is finished, the rest is counted, nothing lies about."""
    names = ["user%03d" % number for number in range(250)]
    for name in names:
        m.add_user(name)
    os.mkdir("/root/sheets")
    write("/root/names", "\n".join(names) + "\n")
    for number in (signal.SIGINT, signal.SIGTERM):
        with open("/root/out", "w") as out:
            child = subprocess.Popen([m.tool, "add", "--replace", "--json", "--force", "--users",
                                      "/root/names", "--sheet-dir", "/root/sheets"], stdout=out,
                                     stderr=subprocess.PIPE, text=True)
        while not os.path.getsize("/root/out") and child.poll() is None:
            time.sleep(0.01)
        child.send_signal(number)
        error = child.communicate()[1]
        with open("/root/out") as out:
            said = [json.loads(line) for line in out]
        done = [one["user"] for one in said if "error" not in one]
        assert child.returncode == -number, (child.returncode, error)
        found = re.search(r"(\d+) enrolled, 0 failed\n.*interrupted: (\d+) w", error)
        assert found and int(found[1]) == len(done), (len(done), error)
        assert int(found[2]) == len(names) - len(done), error
        assert not [name for name in os.listdir("/root/sheets") if name.startswith(".")]
        for name in done[-3:]:
            assert m.run(m.tool, "status", name).returncode == 0


if __name__ == "__main__":
    suite.main()
