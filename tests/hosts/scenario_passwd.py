#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Kling inside passwd, and an expired password inside a real ssh login."""

from harness import sshd, steps
from harness.steps import CODE, INSIDE
from harness.suite import Suite

suite = Suite("passwd", needs=("passwd", "sshd", "oathtool"))
GOOD = "Quiet-Harbour-7-Lamps"
NEW = "New password: $"
AGAIN = "Retype new password: $"


def shadow(name):
    with open("/etc/shadow") as lines:
        return next(line.split(":")[1] for line in lines if line.startswith(name + ":"))


def change(dialogue, account, code=None):
    """Up to the question for the new password."""
    if code:
        dialogue.answer(CODE, code)
    dialogue.answer("(?i)current password: $", account.user.password)


@suite.scenario("PAM-22", "INP-14")
def rules_and_code(m):
    """The code once, the rules all at once, then the change; what is refused is never stored."""
    alice = m.enrolled("alice")
    m.example_stacks("passwd")
    before = shadow("alice")
    dialogue = m.talk("passwd", user=alice.user)
    change(dialogue, alice, alice.token.fresh())
    dialogue.answer(NEW, "short")
    dialogue.expect(NEW)
    for rule in ("12 characters", "upper-case", "digit", "special"):
        assert rule in dialogue.text, rule
    assert shadow("alice") == before
    dialogue.wait_until_hidden()
    dialogue.send(GOOD)
    dialogue.answer(AGAIN, GOOD)
    assert dialogue.end() == 0
    assert shadow("alice") != before
    assert dialogue.text.count("Verification code") == 1


@suite.scenario("PAM-22", "INP-14")
def former_passwords(m):
    """The password of before last is refused, one that was never used is taken."""
    alice = m.add_user("alice")
    m.kling("init")
    m.configure("second_factor = off", "password_min_changed = 0")
    m.example_stacks("passwd")
    for old, new in ((alice.password, GOOD), (GOOD, "Brisk+Mouse=97")):
        dialogue = m.talk("passwd", user=alice)
        dialogue.answer("(?i)current password: $", old)
        dialogue.answer(NEW, new)
        dialogue.answer(AGAIN, new)
        assert dialogue.end() == 0
    before = shadow("alice")
    dialogue = m.talk("passwd", user=alice)
    dialogue.answer("(?i)current password: $", "Brisk+Mouse=97")
    dialogue.answer(NEW, GOOD)
    dialogue.expect("was not a password of yours before")
    assert shadow("alice") == before
    dialogue.answer(NEW, "Vivid-Jungle-8-Fox")
    dialogue.answer(AGAIN, "Vivid-Jungle-8-Fox")
    assert dialogue.end() == 0 and shadow("alice") != before


@suite.scenario("PAM-22")
def wrong_code_keeps_the_password(m):
    alice = m.enrolled("alice")
    m.example_stacks("passwd")
    before = shadow("alice")
    dialogue = m.talk("passwd", user=alice.user)
    dialogue.answer(CODE, alice.token.wrong())
    assert dialogue.end() != 0
    assert shadow("alice") == before and "ew password" not in dialogue.text
    assert m.ledger(alice.user, "local")[1] == 1


@suite.scenario("PAM-22")
def only_bad_candidates(m):
    """All password_retries spent: nothing is stored though pam_unix stands behind."""
    alice = m.enrolled("alice")
    m.example_stacks("passwd")
    before = shadow("alice")
    dialogue = m.talk("passwd", user=alice.user)
    change(dialogue, alice, alice.token.fresh())
    for candidate in ("alice", "password1234", "aaaaaaaaaaaaaaaaA1!"):
        dialogue.answer(NEW, candidate)
    assert dialogue.end() != 0
    assert shadow("alice") == before


@suite.scenario("PAM-22")
def root_for_another(m):
    """root is asked for no code; the rules hold all the same."""
    alice = m.enrolled("alice")
    m.example_stacks("passwd")
    before = shadow("alice")
    dialogue = m.talk("passwd", "alice")
    dialogue.answer(NEW, "short")
    dialogue.answer(NEW, GOOD)
    dialogue.answer(AGAIN, GOOD)
    assert dialogue.end() == 0 and shadow("alice") != before
    assert "code" not in dialogue.text


@suite.scenario("PAM-22", "PAM-18")
def expired_inside_ssh(m):
    """Password and code, then the change in the same dialogue: no second code, the rules hold, and
    the new password logs in."""
    alice = m.enrolled("alice")
    m.set_password("alice", alice.user.password, last_change=0)
    m.example_stacks("sshd")
    m.example("ssh/sshd_config.d/10-kling.conf", "/etc/ssh/sshd_config.d/10-kling.conf")
    host = sshd.Server(m)
    before = shadow("alice")
    client = host.client(alice.user)
    steps.answer_both(client, alice, alice.token.fresh())
    client.answer("(?i)current password: $", alice.user.password)
    client.answer(NEW, "short")
    client.answer(NEW, GOOD)
    client.answer(AGAIN, GOOD)
    client.expect(INSIDE)
    assert client.end() == 0 and shadow("alice") != before
    assert client.text.count("Verification code") == 1
    steps.enters(host.client(alice.user), alice, alice.token.fresh(), password=GOOD)


suite.main()
