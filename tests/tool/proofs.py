#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""What kling-enroll hands out lets people in: its codes and what it takes over, by real logins."""

import base64
import json
import re
import shutil
import time

from lab import LONG
from lab.hotp import totp
from lab.screen import Screen, read_code
from harness.log import parse
from harness.machine import write
from harness.oath import Token
from harness.suite import Suite, skip_unless

suite = Suite("proofs", needs=("oathtool", "pamtester"))


def stack(m):
    """A service that asks for the code alone."""
    m.stack("code-only", "auth required pam_kling.so\naccount required pam_kling.so\n")


def logs_in(m, user, answer, service="code-only"):
    """Through libpam and the module as built; the answer comes from a conversation."""
    got = m.run("pamtester", "-I", "rhost=203.0.113.9", service, user, "authenticate",
                "acct_mgmt", stdin=answer + "\n")
    assert answer not in got.stdout + got.stderr, got
    return got.returncode == 0


def reason(m):
    time.sleep(0.05)
    lines = [parse(line) for line in m.log.since() if "pam_kling" in line]
    return [fields["reason"] for fields in lines if fields][-1]


KINDS = [(a, d, p) for a in ("sha1", "sha256", "sha512") for d in (6, 7, 8)
         for p in (15, 30, 60, 300)]


@suite.scenario("TIM-01", "ENR-07")
def every_kind_of_token_logs_in(m):
    """By a code of hmac and the next one of oathtool, both made from the URI alone."""
    stack(m)
    m.add_user("alice")
    for algorithm, digits, period in KINDS:
        answer = json.loads(m.kling("add", "--no-confirm", "--replace", "--json", "--algorithm",
                                    algorithm, "--digits", str(digits), "--period", str(period),
                                    "alice"))
        token = Token.from_uri(answer["uri"])
        assert (token.algorithm, token.digits, token.period) == (algorithm, digits, period)
        step = token.step()
        first = totp(token.secret, step, digits, algorithm)
        assert len(first) == digits and first == token.at(step), "the two implementations differ"
        assert logs_in(m, "alice", first), (algorithm, digits, period, reason(m))
        assert logs_in(m, "alice", token.at(step + 1)), (algorithm, digits, period, reason(m))
    assert not logs_in(m, "alice", token.at(step + 1)) and reason(m) == "replay"


@suite.scenario("TIM-13")
def one_secret_on_two_hosts(m):
    """Each host knows what it accepted, and nothing of the other: the limit SECURITY.md states."""
    stack(m)
    m.add_user("alice")
    uri = json.loads(m.kling("add", "--no-confirm", "--json", "alice"))["uri"]
    other = ("--config", "/etc/kling/other.conf")
    write(other[1], "state_dir = /var/lib/other\nkey_dir = /etc/kling/other-keys\n")
    m.stack("other-host", "auth required pam_kling.so conf=%s\naccount required pam_kling.so conf=%s\n"
            % (other[1], other[1]))
    m.kling(*other, "init")
    m.kling(*other, "import", "uri", "-", "alice", stdin=uri + "\n")
    code = Token.from_uri(uri).fresh()
    assert logs_in(m, "alice", code) and logs_in(m, "alice", code, "other-host")
    for service in ("code-only", "other-host"):
        assert not logs_in(m, "alice", code, service) and reason(m) == "replay"


@suite.scenario("ENR-05")
def the_code_that_confirmed_is_spent(m):
    stack(m)
    m.add_user("alice")
    dialogue = m.talk(m.tool, "add", "--plain", "--qr", "none", "alice", env={"TERM": "xterm"})
    dialogue.expect("Code from the phone: $")
    groups = re.findall(r"(?<![A-Z0-9])(?:[A-Z2-7]{4} ){3}[A-Z2-7]{4}(?![A-Z0-9])", dialogue.text)
    token = Token("".join(groups).replace(" ", ""))
    code = token.fresh()
    dialogue.type(code + "\r")
    dialogue.expect("Enter, when they are kept: ")
    dialogue.type("\r")
    assert dialogue.end() == 0
    assert not logs_in(m, "alice", code) and reason(m) == "replay"
    assert logs_in(m, "alice", token.fresh()), reason(m)


@suite.scenario("ENR-05")
def from_google_authenticator(m):
    """The file the real tool makes and the real module has used: the secret goes on, what was used
    there is used here."""
    skip_unless(shutil.which("google-authenticator"), "google-authenticator is not installed")
    stack(m)
    m.stack("google", "auth required pam_google_authenticator.so user=root secret=/root/ga-${USER}\n"
            "account required pam_permit.so\n")
    for name, options in (("alice", ("-d", "-r", "3", "-R", "30", "-w", "3", "-e", "5")),
                          ("bob", ("-D", "-u", "-W", "-e", "1")),
                          ("carol", ("-d", "-u", "-w", "17", "-S", "60"))):
        m.add_user(name)
        got = m.run("google-authenticator", "-t", "-f", "-q", "-C", *options, "-s",
                    "/root/ga-" + name)
        assert got.returncode == 0, got
        with open("/root/ga-" + name) as file:
            text = file.read()
        token = Token(text.split("\n")[0], period=60 if "-S" in options else 30)
        scratch = [line for line in text.splitlines() if re.fullmatch(r"\d{8}", line)]
        assert scratch
        used = token.fresh()
        assert logs_in(m, name, used, "google"), "the real module refuses its own"
        got = m.run(m.tool, "import", "google-authenticator", "/root/ga-" + name, name)
        assert got.returncode == 0 and re.search("scratch codes? (is|are) not kept", got.stderr), got
        assert token.secret not in got.stdout + got.stderr and used not in got.stderr
        if "-d" in options:
            assert not logs_in(m, name, used) and reason(m) == "replay", name
        assert logs_in(m, name, token.fresh()), (name, reason(m))
        assert not logs_in(m, name, scratch[0]), "a scratch code lives on"
    got = m.run("google-authenticator", "-c", "-f", "-q", "-C", "-u", "-w", "3", "-s", "/root/hotp")
    assert got.returncode == 0, got
    m.add_user("dave")
    got = m.run(m.tool, "import", "google-authenticator", "/root/hotp", "dave")
    assert got.returncode == 1 and "HOTP" in got.stderr, got
    assert m.run(m.tool, "status", "dave").returncode == 4


@suite.scenario("ENR-05")
def from_pam_oath(m):
    """users.oath as the real module writes it."""
    stack(m)
    m.stack("oath", "auth required pam_oath.so usersfile=/root/users.oath window=3 digits=6\n"
            "account required pam_permit.so\n")
    tokens, lines = {}, []
    for number, name in enumerate(("alice", "bob", "carol", "dave")):
        m.add_user(name)
        key = bytes(range(number, number + 20))
        lines.append("%s\t%s\t-\t%s\n" % ("HOTP" if name == "dave" else "HOTP/T30", name, key.hex()))
        tokens[name] = Token(base64.b32encode(key).decode())
    write("/root/users.oath", "".join(lines), 0o600)
    used = {}
    for name in ("alice", "bob"):
        used[name] = tokens[name].at(tokens[name].step())
        if not logs_in(m, name, used[name], "oath"):
            skip_unless(False, "pam_oath does not let its own users in here")
    with open("/root/users.oath") as file:
        text = file.read()
    assert re.search(r"alice\t-\t[0-9a-f]{40}\t\d+\t%s\t\d{4}-\d\d-\d\dT" % used["alice"], text), text
    got = m.run(m.tool, "import", "users.oath", "/root/users.oath")
    assert got.returncode == 1 and "dave" in got.stderr and "HOTP" in got.stderr, got
    assert m.run(m.tool, "status", "dave").returncode == 4
    for name in ("alice", "bob"):
        assert not logs_in(m, name, used[name]) and reason(m) == "replay"
    assert logs_in(m, "carol", tokens["carol"].fresh()), reason(m)
    if not LONG:
        return
    step = tokens["alice"].step()  # pam_oath writes when, not which: the next step counts as used
    while tokens["alice"].step() == step:
        time.sleep(0.1)
    assert logs_in(m, "alice", tokens["alice"].at(step + 2)), reason(m)


def in_tmux(m, name, *options, env=None):
    """What add shows in an 80x24 window of tmux, with its colours, as a Screen."""
    socket = "/root/tmux-" + name
    write("/root/tmux.conf", "set -g status off\nset -g default-terminal tmux-256color\n")
    m.run("tmux", "-S", socket, "-f", "/root/tmux.conf", "new-session", "-d", "-x", "80", "-y",
          "24", " ".join((m.tool, "add") + options + (name,)), env=env)
    for _ in range(100):
        got = m.run("tmux", "-S", socket, "capture-pane", "-e", "-N", "-p", env=env)
        if "Code from the phone:" in got.stdout:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("no prompt in tmux: %r" % got)
    assert len(got.stdout.splitlines()) == 24, "not 24 rows"
    m.run("tmux", "-S", socket, "send-keys", "C-c", env=env)
    for _ in range(100):
        if m.run("tmux", "-S", socket, "has-session").returncode:
            break
        time.sleep(0.05)
    return Screen().feed(got.stdout.rstrip("\n").replace("\n", "\r\n"))


@suite.scenario("ENR-08")
def in_a_window_of_tmux(m):
    skip_unless(shutil.which("tmux") and shutil.which("zbarimg"), "no tmux or no zbarimg")
    m.add_user("alice")
    m.set_host_name("mail.intra.example.c")
    seen = set()
    for options, env, light in (((), {}, True), ((), {"NO_COLOR": "1", "COLORFGBG": "15;0"}, True),
                                ((), {"NO_COLOR": "1", "COLORFGBG": "0;15"}, False)):
        screen = in_tmux(m, "alice", *options, env=dict(env, LANG="C.UTF-8", TERM="tmux-256color"))
        uri = read_code(screen.cells, light)
        assert uri.startswith("otpauth://totp/mail.intra.example.c:alice@mail.intra"), screen.text()
        groups = re.findall(r"(?:[A-Z2-7]{4} ){3}[A-Z2-7]{4}", screen.text())
        assert Token.from_uri(uri).secret == "".join(groups).replace(" ", ""), screen.text()
        seen.add(uri)
    assert len(seen) == 3 and m.run(m.tool, "status", "alice").returncode == 4


WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<')


def words_of(m, path):
    """Every word of a page with its box, and the page's own size."""
    got = m.run("pdftotext", "-bbox", path, "-")
    page = re.search(r'<page width="([\d.]+)" height="([\d.]+)"', got.stdout)
    words = [(*map(float, found[:4]), found[4]) for found in WORD.findall(got.stdout)]
    return words, float(page.group(1)), float(page.group(2))


def touch(one, other):
    """Boxes are as high as their line; letters are not."""
    return (min(one[2], other[2]) - max(one[0], other[0]) > 0.5 and
            min(one[3], other[3]) - max(one[1], other[1]) > 0.4 * (one[3] - one[1]))


@suite.scenario()
def sheets_of_every_shape(m):
    """Nothing lies over anything, nothing is off the page, every code is there."""
    skip_unless(shutil.which("pdftotext"), "no pdftotext")
    label = "J\u00f6rg\u2019s T\u00e9l\u00e9phone \u03a9\u03bc\u03ad\u03b3\u03b1"
    m.add_user("alice")
    m.add_user("a-user-with-a-long-name-of-32-chr")
    for host in ("web1", "a-long-host-name-of-a-machine.department.institute.example.org"):
        m.set_host_name(host)
        for user in m.users:
            for options in (("--paper", "a4"), ("--paper", "letter", "--count", "20"),
                            ("--paper", "a4", "--count", "20", "--label", label),
                            ("--paper", "letter", "--count", "1", "--qr", "none")):
                got = m.run(m.tool, "add", "--no-confirm", "--replace", "--force", "--json",
                            "--sheet", "/root/a.pdf", *options, user)
                skip_unless("without cairo" not in got.stderr, "built without cairo")
                codes = json.loads(got.stdout)["backup_codes"]
                words, width, height = words_of(m, "/root/a.pdf")
                assert set(codes) <= {word[4] for word in words}, options
                text = "".join(word[4] for word in words)
                assert host in text and user in text, (options, text)
                for word in words:
                    assert 20 < word[0] < word[2] < width - 20 and 20 < word[1] < word[3] < height, word
                over = [(a[4], b[4]) for i, a in enumerate(words) for b in words[:i] if touch(a, b)]
                assert not over, (options, over)


if __name__ == "__main__":
    suite.main()
