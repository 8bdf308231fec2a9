#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Enrollment inside a real login: offered within the grace, held in sshd's and login's dialogue."""

import re

from harness import qr, sshd, steps
from harness.machine import Account
from harness.oath import Token
from harness.steps import CODE, INSIDE, PASSWORD
from harness.suite import Suite, skip_unless

suite = Suite("enrollment", needs=("sshd", "login", "oathtool"))
OFFER = r"Set it up now .*: $"
CONFIRM = r"Code that the app shows now .*: $"
STORED = r"Type yes when you have stored them .*: $"


def newcomer(m, *settings):
    """bob, who is not enrolled, and sshd as DEPLOY sets it up."""
    m.kling("init")
    m.configure(*settings)
    m.example_stacks("sshd", "login", "sudo")
    m.example("ssh/sshd_config.d/10-kling.conf", "/etc/ssh/sshd_config.d/10-kling.conf")
    return m.add_user("bob"), sshd.Server(m)


def accept_offer(dialogue, bob):
    """Up to the question for the phone's code; returns what a phone would hold."""
    dialogue.answer(PASSWORD, bob.password)
    dialogue.expect(OFFER)
    dialogue.send("yes")
    dialogue.expect(CONFIRM)
    return re.search(r"otpauth://\S+", dialogue.text).group(0)


def store_codes(dialogue):
    """Reads the backup codes, says yes."""
    dialogue.expect(STORED)
    dialogue.send("yes")
    dialogue.expect("is set up")
    rows = re.findall(r"(\d+)  ([0-9A-Z-]{19})\b", dialogue.text)
    return [code for _, code in sorted((int(number), code) for number, code in rows)]


def is_enrolled(m, user):
    return bool(m.status(user)["enrolled"])


@suite.scenario("ENR-16", "ENR-05")
def inside_ssh(m):
    """QR, code, backup codes, yes; then the next login asks, and not for the first code."""
    bob, host = newcomer(m)
    client = host.client(bob)
    uri = accept_offer(client, bob)
    token = Token.from_uri(uri)
    first = token.fresh()
    client.send(first)
    backup = store_codes(client)
    client.expect(INSIDE)
    assert client.end() == 0 and len(backup) == 10, backup
    m.log.wait(event="enroll", reason="ok", user="bob", rhost="127.0.0.1")
    account = Account(bob, token, backup, uri, None)
    again = host.client(bob)
    steps.is_refused(again, account, first)
    again.kill()
    steps.enters(host.client(bob), account, backup[0])
    steps.enters(host.client(bob), account, token.fresh())
    skip_unless(qr.available(), "enrolled and logged in; no zbarimg to read the QR code")
    assert qr.read(client.text) == uri, "zbar reads %r" % qr.read(client.text)


@suite.scenario("ENR-16")
def at_the_console(m):
    bob, _ = newcomer(m)
    console = m.talk("login", console=m.console(), size=(50, 100))
    console.answer("login: ", "bob")
    uri = accept_offer(console, bob)
    console.send(Token.from_uri(uri).fresh())
    store_codes(console)
    console.expect(r"\$ $")
    console.send("exit")
    console.end()
    assert is_enrolled(m, bob)
    assert not qr.available() or qr.read(console.text) == uri


@suite.scenario("ENR-16")
def behind_a_wrong_password(m):
    """No QR code, nothing stored, no grace begun."""
    bob, host = newcomer(m)
    with steps.untouched(m, "users"):
        client = host.client(bob)
        client.answer(PASSWORD, "not-the-password")
        client.expect(PASSWORD)
        client.kill()
    assert "otpauth" not in client.text and "set it up" not in client.text.lower()


@suite.scenario("ENR-17")
def declined_or_cut_off(m):
    """Enter, a hang-up at each prompt, wrong codes: nothing is stored, the grace goes on."""
    bob, host = newcomer(m)
    declined = host.client(bob)
    declined.answer(PASSWORD, bob.password)
    declined.expect(OFFER)
    declined.send("")
    declined.expect(INSIDE)
    deadline = m.status(bob)["deadline"]
    assert declined.end() == 0 and deadline, m.status(bob)
    for stop in ("offer", "code", "codes"):
        client = host.client(bob)
        client.answer(PASSWORD, bob.password)
        client.expect(OFFER)
        if stop != "offer":
            client.send("yes")
            client.expect(CONFIRM)
        if stop == "codes":
            uri = re.search(r"otpauth://\S+", client.text).group(0)
            client.send(Token.from_uri(uri).fresh())
            client.expect(STORED)
        client.kill()
        steps.eventually(lambda: not steps.process_named("[pam]"))
        steps.no_lock_left(m)
        assert not is_enrolled(m, bob) and m.status(bob)["deadline"] == deadline
    wrong = host.client(bob)
    token = Token.from_uri(accept_offer(wrong, bob))
    for _ in range(3):
        wrong.send(token.wrong())
        wrong.expect("not the current code")
    wrong.expect("Nothing was set up")
    wrong.expect(INSIDE)
    assert wrong.end() == 0 and not is_enrolled(m, bob)


@suite.scenario("ENR-16")
def two_at_once(m):
    """Two sessions enroll at once: the first that confirms wins, the other is told."""
    bob, host = newcomer(m)
    slow, quick = host.client(bob), host.client(bob)
    slow_token = Token.from_uri(accept_offer(slow, bob))
    quick_token = Token.from_uri(accept_offer(quick, bob))
    quick.send(quick_token.fresh())
    store_codes(quick)
    quick.expect(INSIDE)
    slow.send(slow_token.fresh())
    slow.expect(STORED)
    slow.send("yes")
    slow.expect("elsewhere")
    slow.expect(INSIDE)
    account = Account(bob, quick_token, [], "", None)
    steps.enters(host.client(bob), account, quick_token.fresh())


@suite.scenario("ENR-16")
def where_it_is_not_offered(m):
    """Not in sudo, with enroll_at_login = no, = key without a key, nor after the grace."""
    bob, host = newcomer(m)
    m.allow_sudo(bob)
    reminded = m.talk("sudo", "echo", INSIDE, user=bob)
    reminded.answer(PASSWORD, bob.password)
    reminded.expect("\n" + INSIDE)
    assert reminded.end() == 0 and "Set it up now" not in reminded.text
    for setting in ("no", "key"):
        m.configure("enroll_at_login = " + setting)
        client = host.client(bob)
        client.answer(PASSWORD, bob.password)
        client.expect(INSIDE)
        assert client.end() == 0 and "Set it up now" not in client.text
    m.configure("enroll_grace = 0")
    late = host.client(bob)
    late.answer(PASSWORD, bob.password)
    late.answer(CODE, "123456")
    late.expect(steps.REFUSED)
    late.kill()
    m.log.wait(event="deny", user="bob", reason="not-enrolled")


@suite.scenario("ENR-16", "ENR-17")
def with_the_password_method(m):
    """sshd's `password` method cannot carry the dialogue: no enrollment by blind answers."""
    m.kling("init")
    m.example_stacks("sshd")
    bob, host = m.add_user("bob"), sshd.Server(m, "PasswordAuthentication=yes")
    client = host.client(bob, options=["PreferredAuthentications=password"])
    client.answer("password: $", bob.password)
    client.expect(INSIDE)
    assert client.end() == 0 and not is_enrolled(m, bob)


suite.main()
