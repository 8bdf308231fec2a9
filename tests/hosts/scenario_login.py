#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Kling inside login, on a pseudo-terminal that is /dev/tty1."""

import re
import time

from harness import steps
from harness.steps import CODE, PASSWORD
from harness.suite import Suite

suite = Suite("login", needs=("login", "oathtool"))


def console(m, *options):
    return m.talk("login", *options, console=m.console("tty%d" % (1 + len(m.dialogues))))


def shell_opens(dialogue, name):
    dialogue.expect(r"[$#] $")
    dialogue.send("id -un; exit")
    dialogue.expect("\n%s\n" % name)
    dialogue.end()


@suite.scenario("PAM-20")
def password_and_code(m):
    alice = m.enrolled("alice")
    m.example_stacks("login")
    dialogue = console(m)
    dialogue.answer("login: ", "alice")
    steps.answer_both(dialogue, alice, alice.token.fresh())
    shell_opens(dialogue, "alice")
    m.log.wait(event="accept", user="alice", service="login", ledger="console")


@suite.scenario("PAM-20")
def another_user_on_the_same_handle(m):
    """login asks for the name again in the same PAM handle: what is known about the first user
    serves the second nothing."""
    alice, bob = m.enrolled("alice"), m.enrolled("bob")
    m.example_stacks("login")
    dialogue = console(m)
    dialogue.answer("login: ", "alice")
    steps.answer_both(dialogue, alice, alice.token.wrong())
    dialogue.answer("login: ", "bob")
    steps.answer_both(dialogue, bob, alice.token.fresh())
    dialogue.answer("login: ", "bob")
    steps.answer_both(dialogue, bob, bob.token.fresh())
    shell_opens(dialogue, "bob")
    assert m.ledger(alice.user, "console")[1] == 1
    assert m.ledger(bob.user, "console")[1] == 0


@suite.scenario("PAM-20")
def five_wrong(m):
    """login gives up after its tries; the console's ledger locks, flat; unlock opens it."""
    alice = m.enrolled("alice")
    m.example_stacks("login")
    m.configure("lockout_tries = 2")
    m.set_login_defs(LOGIN_RETRIES=3)
    dialogue = console(m)
    for _ in range(2):
        dialogue.answer("login: ", "alice")
        steps.answer_both(dialogue, alice, alice.token.wrong())
    right = alice.token.fresh(lasting=50)
    dialogue.answer("login: ", "alice")
    steps.answer_both(dialogue, alice, right)
    dialogue.expect("(?i)maximum number of (tries|retries)|incorrect")
    dialogue.end()
    m.log.wait(event="deny", reason="locked", user="alice")
    m.kling("unlock", "alice")
    again = console(m)
    again.answer("login: ", "alice")
    steps.answer_both(again, alice, right)
    shell_opens(again, "alice")


@suite.scenario("PAM-20", "LCK-11")
def already_authenticated(m):
    """login -f asks nothing; account lets it pass and touches nothing."""
    alice = m.enrolled("alice")
    m.example_stacks("login")
    with steps.untouched(m):
        dialogue = console(m, "-f", "alice")
        shell_opens(dialogue, "alice")
        assert "code" not in dialogue.text


@suite.scenario("PAM-20")
def from_another_host(m):
    """login -h ADDRESS is a remote login, whatever terminal it runs on."""
    alice = m.enrolled("alice")
    m.example_stacks("login")
    dialogue = console(m, "-h", "203.0.113.7")
    dialogue.answer("login: ", "alice")
    steps.answer_both(dialogue, alice, alice.token.wrong())
    dialogue.expect("login: ")
    m.log.wait(event="deny", reason="bad-code", rhost="203.0.113.7", ledger="strangers")


@suite.scenario("PAM-20")
def interrupted(m):
    """^C kills login at the code prompt, ^D answers it with nothing, a hang-up ends it: no code is
    charged, no lock is left."""
    alice = m.enrolled("alice")
    m.example_stacks("login")
    for key in ("\x03", "\x04", ""):
        dialogue = console(m)
        dialogue.answer("login: ", "alice")
        dialogue.answer(PASSWORD, alice.user.password)
        dialogue.expect(CODE)
        if key:
            dialogue.press(key)
            dialogue.quiet(0.5)
        dialogue.kill()
        dialogue.end()
        steps.no_lock_left(m)
    assert m.ledger(alice.user, "console")[1] == 0
    assert not m.log.events(reason="bad-code")


@suite.scenario("PAM-20")
def login_timeout_at_the_prompt(m):
    alice = m.enrolled("alice")
    m.example_stacks("login")
    m.set_login_defs(LOGIN_TIMEOUT=2)
    dialogue = console(m)
    dialogue.answer("login: ", "alice")
    dialogue.answer(PASSWORD, alice.user.password)
    dialogue.expect(CODE)
    dialogue.expect("timed out")
    dialogue.end()
    steps.no_lock_left(m)
    assert m.ledger(alice.user, "console")[1] == 0


@suite.scenario("INP-06", "INP-09", "INP-10")
def hostile_names(m):
    """Whatever is typed as a name: asked like everybody, refused, and never in our log lines."""
    m.enrolled("alice")
    m.stack("login", "auth required pam_kling.so\naccount required pam_kling.so\n")
    m.set_login_defs(LOGIN_RETRIES=20)
    dialogue = console(m)
    names = ["../../etc/shadow", "..", "%n%s%n", "a b", "$(id)", "root/../alice", "x" * 40,
             "caf\u00e9", "'\"\\", "event=accept"]
    for name in names:
        dialogue.answer("login: ", name)
        dialogue.answer(CODE, "123456")
    dialogue.expect("login: ")
    for _ in range(100):  # the last line may still be on its way
        ours = [line for line in m.log.since() if "pam_kling" in line]
        if len(ours) >= len(names):
            break
        time.sleep(0.05)
    assert len(ours) == len(names), ours
    for event in m.log.events():
        assert event["event"] == "deny" and event["reason"] in ("unknown", "bad-name"), event
    for name in names:
        assert not any(re.search(r'user="[^"]', line) for line in ours), (name, ours)


suite.main()
