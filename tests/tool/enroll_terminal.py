#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""kling-enroll add and codes with somebody at the terminal."""

import json
import os
import re
import shutil
import signal
import termios

from lab.screen import Screen, read_code
from harness.machine import write
from harness.oath import Token
from harness.suite import Suite, skip_unless

suite = Suite("enroll_terminal", needs=("oathtool", "zbarimg"))
XTERM = {"TERM": "xterm-256color"}
PROMPT = r"Code from the phone: $"
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")


def screen_of(dialogue, rows=24, columns=80):
    return Screen(rows, columns).feed(dialogue.text)


def secret_on(text):
    groups = re.findall(r"(?<![A-Z0-9])(?:[A-Z2-7]{4} ){3}[A-Z2-7]{4}(?![A-Z0-9])", text)
    return "".join(groups).replace(" ", "")


def begin(m, *options, user="alice", size=(24, 80), env=XTERM):
    if user not in m.users:
        m.add_user(user)
    dialogue = m.talk(m.tool, "add", *options, user, size=size, env=env)
    dialogue.expect(PROMPT)
    return dialogue


def phone(dialogue, rows=24, columns=80):
    return Token(secret_on(screen_of(dialogue, rows, columns).text()))


def is_enrolled(m, name="alice"):
    return m.run(m.tool, "status", "--json", name).returncode == 0


def confirm(dialogue, token):
    code = token.fresh()
    dialogue.type(code + "\r")
    dialogue.expect("Enter, when they are kept: ")
    return code


@suite.scenario("ENR-05", "ENR-08", "SEC-15")
def from_picture_to_login(m):
    m.add_user("alice")
    m.set_host_name("mail.intra.example.c")
    dialogue = begin(m)
    screen = screen_of(dialogue)
    uri = read_code(screen.cells)
    token = Token.from_uri(uri)
    assert uri.startswith("otpauth://totp/mail.intra.example.c:alice@mail.intra.example.c?"), uri
    assert token.secret == secret_on(screen.text()), screen.text()
    assert len(screen.scrolled) == 0, "does not fit 80x24"
    assert not is_enrolled(m), "stored before it was confirmed"
    code = confirm(dialogue, token)
    codes = CODE.findall(screen_of(dialogue).text())
    assert len(codes) == 10, codes
    dialogue.type("\r")
    assert dialogue.end() == 0
    after = screen_of(dialogue)
    assert not CODE.search(after.text()) and token.secret[:4] not in after.text(), after.text()
    assert after.erased_scrollback and after.main is not None
    assert "alice is enrolled" in after.text()
    got = m.run(m.tool, "verify", "alice", stdin=code + "\n")
    assert got.returncode == 1 and "used already" in got.stderr, got
    got = m.run(m.tool, "verify", "alice", stdin=codes[9].lower() + "\n")
    assert got.returncode == 0 and "backup code 10 of set 1" in got.stderr, got


@suite.scenario("ENR-08")
def dark_and_light(m):
    for style, look, light in (("utf8", {"COLORFGBG": "15;0", "NO_COLOR": "1"}, True),
                               ("utf8", {"COLORFGBG": "0;15", "NO_COLOR": "1"}, False),
                               ("utf8", {}, True),
                               ("ansi", {}, True), ("ansi", {}, False),
                               ("ascii", {"COLORFGBG": "0;15"}, False),
                               ("ascii", {"COLORFGBG": "15;0"}, True)):
        dialogue = begin(m, "--qr", style, size=(60, 140), env=dict(XTERM, **look))
        screen = screen_of(dialogue, 60, 140)
        uri = read_code(screen.cells, light)
        assert Token.from_uri(uri).secret == phone(dialogue, 60, 140).secret, (style, look, uri)
        assert ("NO_COLOR" in look) <= ("38;5" not in dialogue.text)
        dialogue.type("\x03")
        assert dialogue.end() == -signal.SIGINT


@suite.scenario("ENR-08")
def turned_round(m):
    dialogue = begin(m)
    dialogue.type("i\r")
    dialogue.expect(PROMPT)
    screen = screen_of(dialogue)
    assert Token.from_uri(read_code(screen.cells, light=False)).secret == phone(dialogue).secret
    dialogue.type("\x04")
    assert dialogue.end() == 1


def last_page(dialogue):
    return dialogue.text[dialogue.text.rindex("\x1b[2J") + 4:]


@suite.scenario("ENR-08", "ENR-09")
def resized(m):
    """The window is measured again when it changes and with each page that is drawn."""
    dialogue = begin(m, size=(12, 50))
    small = last_page(dialogue)
    assert "needs" in small and "scan?" not in small, small
    dialogue.type("12")
    dialogue.resize(24, 80)
    dialogue.expect(PROMPT[:-1] + "12$")
    screen = Screen().feed(last_page(dialogue))
    token = Token(secret_on(screen.text()))
    assert Token.from_uri(read_code(screen.cells)).secret == token.secret, screen.text()
    assert "does not scan?" in last_page(dialogue)
    dialogue.resize(10, 30)
    dialogue.expect(PROMPT[:-1] + "12$")
    assert secret_on(last_page(dialogue)) == token.secret, last_page(dialogue)
    dialogue.resize(60, 140)
    dialogue.expect(PROMPT[:-1] + "12$")
    dialogue.type("\x15" + token.fresh() + "\r")
    dialogue.expect("Enter, when they are kept: ")
    dialogue.resize(8, 60)
    dialogue.expect("Enter, when they are kept: ")
    low = last_page(dialogue)
    assert len(CODE.findall(Screen(8, 60).feed(low).text())) == 10, low
    dialogue.type("\r")
    assert dialogue.end() == 0


@suite.scenario("ENR-08", "ENR-09")
def long_host_names(m):
    """What does not fit says what to do, and that does fit."""
    m.add_user("alice")
    m.set_host_name("web01.production.eu-west-1.example.com")
    dialogue = begin(m)
    page = last_page(dialogue).replace("\n", " ")
    assert "scan?" not in page and "make it larger" in page and "--qr-file" in page, page
    advice = re.search(r"with `(--issuer [^`]*)`: then it fits", page).group(1)
    dialogue.type("\x04")
    dialogue.end()
    dialogue = begin(m, *advice.split())
    screen = screen_of(dialogue)
    uri = read_code(screen.cells)
    assert "issuer=web01" in uri and Token.from_uri(uri).secret == phone(dialogue).secret, uri
    dialogue.resize(24, 150)
    dialogue.type("\x04")
    dialogue.end()
    dialogue = begin(m, size=(30, 85))
    screen = screen_of(dialogue, 30, 85)
    uri = read_code(screen.cells)
    assert uri.endswith("issuer=web01.production.eu-west-1.example.com"), uri
    dialogue.type("\x04")
    dialogue.end()


@suite.scenario("ENR-08", "ENR-09")
def another_locale(m):
    """A locale without UTF-8 on a terminal that has it."""
    dialogue = begin(m, env=dict(XTERM, LANG="C"))
    page = last_page(dialogue).replace("\n", " ")
    assert "`--qr utf8`" in page and "LC_ALL" in page, page
    dialogue.type("\x04")
    dialogue.end()
    dialogue = begin(m, "--qr", "utf8", env=dict(XTERM, LANG="C"))
    assert Token.from_uri(read_code(screen_of(dialogue).cells)).secret == phone(dialogue).secret
    dialogue.type("\x04")
    dialogue.end()


@suite.scenario("ENR-04")
def what_is_no_code_costs_no_try(m):
    dialogue = begin(m)
    token = phone(dialogue)
    dialogue.type(token.wrong() + "\r")
    dialogue.expect(r"\(2 tries left\). Code: $")
    for keys in ("\r", "  \r"):
        dialogue.type(keys)
        dialogue.expect(PROMPT)
        assert "left" not in last_page(dialogue), last_page(dialogue)
    for keys in ("12345\r", "1234567\r", "hello\r", "\x1b", "\x1b[A\r"):
        dialogue.type(keys)
        dialogue.quiet(0.1)
    dialogue.type(token.wrong() + "\r")
    dialogue.expect(r"\(1 try left\). Code: $")
    dialogue.type(token.wrong() + "\r")
    assert dialogue.end() == 1
    assert "no right code in 3 tries" in dialogue.text.replace("\n", " "), dialogue.text


@suite.scenario("ENR-09")
def small_and_simple_terminals(m):
    for size, env, options in (((24, 80), {"TERM": "dumb"}, ()),
                               ((20, 60), XTERM, ()),
                               ((24, 80), dict(XTERM, LANG="C"), ()),
                               ((10, 30), XTERM, ()),
                               ((24, 80), XTERM, ("--qr", "none"))):
        dialogue = begin(m, *options, size=size, env=env)
        plain = env["TERM"] == "dumb"
        assert ("\x1b" not in dialogue.text) or not plain, "escape sequences on a dumb terminal"
        if env.get("LANG") == "C":
            assert dialogue.text.isascii(), dialogue.text
        flat = dialogue.text.replace("\n", " ")
        assert secret_on(flat) or read_code(screen_of(dialogue, *size).cells), dialogue.text
        assert options or plain or "needs" in flat, flat
        dialogue.type("\x04")
        assert dialogue.end() == 1
        assert not is_enrolled(m)


@suite.scenario("ENR-04", "CLI-07")
def unconfirmed(m):
    m.add_user("alice")
    m.kling("init")
    before = m.store()
    ways = [("\x03", -signal.SIGINT), ("\x04", 1), ("\x1c", -signal.SIGQUIT),
            ("111111\r222222\r333333\r", 1)]
    for keys, status in ways:
        dialogue = begin(m, "--sheet", "/root/alice.txt")
        dialogue.type(keys)
        assert dialogue.end() == status, (keys, dialogue.status)
        assert termios.tcgetattr(dialogue.master)[3] & termios.ECHO, "no echo left behind"
        assert "nothing was stored" in dialogue.text
        assert "\x1b[?1049l" in dialogue.text
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
                   signal.SIGVTALRM, signal.SIGPROF, signal.SIGIO):
        dialogue = begin(m, "--sheet", "/root/alice.txt")
        dialogue.kill(number)
        assert dialogue.end() == -number
        assert termios.tcgetattr(dialogue.master)[3] & termios.ECHO
    dialogue = begin(m, "--sheet", "/root/alice.txt")
    dialogue.kill(signal.SIGKILL)
    dialogue.end()
    dialogue = begin(m, "--sheet", "/root/alice.txt")
    dialogue.hang_up()
    assert m.store() == before, "something was stored"
    assert os.listdir("/root") == [n for n in os.listdir("/root") if "alice" not in n]
    assert not [n for n in os.listdir("/root") if n.startswith(".kling")]


@suite.scenario("ENR-04")
def wrong_then_right(m):
    dialogue = begin(m)
    token = phone(dialogue)
    dialogue.type(token.wrong() + "\r")
    dialogue.expect(r"That is not it \(2 tries left\). Code: $")
    dialogue.type(token.at(token.step() + 20) + "\r")
    dialogue.expect(r"clock is 600 seconds ahead \(1 try left\). Code: $")
    dialogue.type("12\x7f\x15\x1b[A" + token.fresh()[:3] + " ")
    dialogue.type(token.at(token.used)[3:] + "\r")
    dialogue.expect("Enter, when they are kept: ")
    dialogue.type("\x03")
    assert dialogue.end() == -signal.SIGINT
    assert is_enrolled(m), "the enrollment was stored before the codes were shown"


@suite.scenario("ENR-03")
def replaced_when_confirmed(m):
    old = m.enrolled("alice")
    got = m.run(m.tool, "add", "--no-confirm", "--json", "alice")
    assert got.returncode == 1 and "--replace" in got.stderr
    dialogue = begin(m, "--replace")
    assert m.run(m.tool, "verify", "alice", stdin=old.token.fresh() + "\n").returncode == 0
    new = phone(dialogue)
    confirm(dialogue, new)
    dialogue.type("\r")
    assert dialogue.end() == 0
    old.token.used = 0
    assert m.run(m.tool, "verify", "alice", stdin=old.token.fresh() + "\n").returncode == 1
    assert m.run(m.tool, "verify", "alice", stdin=old.backup[0] + "\n").returncode == 1
    assert m.run(m.tool, "verify", "alice", stdin=new.fresh() + "\n").returncode == 0


@suite.scenario("ENR-14", "CLI-10")
def changed_in_between(m):
    m.add_user("alice")
    dialogue = begin(m)
    m.enroll(m.users["alice"])
    dialogue.type(phone(dialogue).fresh() + "\r")
    assert dialogue.end() == 1
    assert "changed" in dialogue.text, dialogue.text
    assert m.status(m.users["alice"])["set_id"] == 1


@suite.scenario("SEC-14")
def recorded(m):
    m.add_user("alice")
    dialogue = m.talk("script", "-q", "-c", m.tool + " add alice", "/dev/null", env=XTERM)
    dialogue.expect("script is recording this terminal")
    dialogue.expect(PROMPT)
    dialogue.type("\x04")
    dialogue.end()


@suite.scenario("SEC-14")
def recorded_by_sudo(m):
    skip_unless(shutil.which("sudo"), "sudo is not installed")
    for name in ("sudo", "sudo-i"):
        write("/etc/pam.d/" + name, "auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n"
              "session optional pam_permit.so\n")
    alice = m.add_user("alice")
    for defaults, recorded in (("", False), ("Defaults log_output\n", True)):
        write("/etc/sudoers.d/alice", defaults + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n", 0o440)
        dialogue = m.talk("sudo", m.tool, "add", "alice", user=alice, env=XTERM)
        dialogue.expect(PROMPT)
        assert ("sudo is recording this terminal" in dialogue.text) == recorded, dialogue.text
        dialogue.type("\x04")
        assert dialogue.end() == 1


@suite.scenario("SEC-15")
def plain_stays(m):
    dialogue = begin(m, "--plain")
    assert "\x1b[?1049h" not in dialogue.text
    token = phone(dialogue, 200)
    confirm(dialogue, token)
    dialogue.type("\r")
    assert dialogue.end() == 0
    assert len(CODE.findall(screen_of(dialogue, 200).text())) == 10


@suite.scenario("CLI-07")
def stopped_and_continued(m):
    write("/root/run", "#!/bin/bash\nset -m\n%s add alice\necho suspended\nfg\n" % m.tool, 0o755)
    m.add_user("alice")
    dialogue = m.talk("bash", "/root/run", env=XTERM)
    dialogue.expect(PROMPT)
    token = phone(dialogue)
    dialogue.type("\x1a")
    dialogue.expect("suspended")
    dialogue.expect(PROMPT)
    assert token.secret[:4] in screen_of(dialogue).text()
    confirm(dialogue, token)
    dialogue.type("\r")
    assert dialogue.end() == 0


@suite.scenario("SEC-14")
def json_in_a_file_and_a_person_at_the_terminal(m):
    m.add_user("alice")
    dialogue = m.talk("sh", "-c", m.tool + " add --json alice > /root/out.json", env=XTERM)
    dialogue.expect(PROMPT)
    token = phone(dialogue)
    dialogue.type(token.fresh() + "\r")
    assert dialogue.end() == 0
    with open("/root/out.json") as out:
        answer = json.load(out)
    assert answer["secret"] == token.secret and len(answer["backup_codes"]) == 10
    assert answer["backup_codes"][0] not in dialogue.text
    dialogue = m.talk("sh", "-c", m.tool + " add --replace alice > /root/out.txt", env=XTERM)
    assert dialogue.end() == 2 and os.path.getsize("/root/out.txt") == 0


@suite.scenario("CLI-07")
def every_other_question(m):
    account = m.enrolled("alice")
    before = m.store()
    for command in ("verify", "resync"):
        for keys, status in (("\x03", -signal.SIGINT), ("12\x7f\x7f\x04", 1), ("\r", 1)):
            dialogue = m.talk(m.tool, command, "alice", env=XTERM)
            dialogue.expect("ode(?: from the phone)?: $")
            dialogue.type(keys)
            assert dialogue.end() == status, (command, keys, dialogue.status)
            said = "interrupted" if status < 0 else "nothing was answered"
            assert said + "; nothing was changed" in dialogue.text, dialogue.text
            assert "\n\n" not in dialogue.text, dialogue.text
            assert termios.tcgetattr(dialogue.master)[3] & termios.ECHO
        for number in (signal.SIGTERM, signal.SIGHUP):
            dialogue = m.talk(m.tool, command, "alice", env=XTERM)
            dialogue.expect("ode(?: from the phone)?: $")
            dialogue.kill(number)
            assert dialogue.end() == -number
            assert termios.tcgetattr(dialogue.master)[3] & termios.ECHO
    assert m.store() == before
    dialogue = m.talk(m.tool, "verify", "alice", env=XTERM)
    dialogue.expect("Code: $")
    dialogue.type(account.token.fresh() + "\r")
    assert dialogue.end() == 0 and "right" in dialogue.text


@suite.scenario()
def a_password_at_the_terminal(m):
    for candidate, status, said in (("Brisk-Otter7", 0, "every rule is met"),
                                    ("heron", 1, "at least 12 characters")):
        dialogue = m.talk(m.tool, "password", env=XTERM)
        dialogue.answer("try: $", candidate)
        assert dialogue.end() == status and said in dialogue.text, dialogue.text
        assert candidate not in dialogue.text
    dialogue = m.talk(m.tool, "password", env=XTERM)
    dialogue.expect("try: $")
    dialogue.press("\x03")
    assert dialogue.end() == -signal.SIGINT and "interrupted" in dialogue.text


@suite.scenario()
def long_lines_of_status(m):
    m.add_user("alice")
    m.kling("add", "--no-confirm", "--json", "--label", "the phone in the drawer of alice", "alice")
    dialogue = m.talk(m.tool, "status", "alice", env=XTERM, size=(24, 60))
    assert dialogue.end() == 0
    lines = dialogue.text.rstrip("\n").split("\n")
    assert all(len(line) <= 60 for line in lines), lines
    assert any(line.startswith(" " * 19) and "used" in line for line in lines), lines


@suite.scenario()
def words_stay_whole(m):
    """Lines that are longer than the terminal break between words."""
    m.enrolled("alice")
    os.rename(m.key_dir, "/root/keys")
    said = m.run(m.tool, "status", "alice").stderr
    assert said.count("\n") == 1, said
    for columns in (80, 50):
        dialogue = m.talk(m.tool, "status", "alice", env=XTERM, size=(24, columns))
        assert dialogue.end() == 5
        lines = dialogue.text.rstrip("\n").split("\n")
        assert len(lines) > 4 and all(len(line) <= columns for line in lines), lines
        assert " ".join(lines) == said.rstrip("\n"), lines


@suite.scenario("SEC-15")
def codes_at_the_terminal(m):
    account = m.enrolled("alice")
    dialogue = m.talk(m.tool, "codes", "--count", "20", "alice", env=XTERM)
    dialogue.expect("Enter, when they are kept: ")
    codes = CODE.findall(screen_of(dialogue).text())
    assert len(codes) == 20 and not set(codes) & set(account.backup)
    dialogue.type("\r")
    assert dialogue.end() == 0
    assert not CODE.search(screen_of(dialogue).text())


if __name__ == "__main__":
    suite.main()
