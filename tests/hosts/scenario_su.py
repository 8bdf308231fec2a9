#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Kling inside su."""

import concurrent.futures

from harness import steps
from harness.steps import CODE, INSIDE, PASSWORD
from harness.suite import Suite

suite = Suite("su", needs=("su", "oathtool"))


def become(m, caller, target, *options):
    return m.talk("su", *options, "-c", "echo " + INSIDE, target.user.name, user=caller)


@suite.scenario("PAM-20")
def password_and_code(m):
    """su and su -, by another user: the target's password and code."""
    alice, mallory = m.enrolled("alice"), m.add_user("mallory")
    m.example_stacks("su")
    steps.enters(become(m, mallory, alice), alice, alice.token.fresh())
    m.log.wait(event="accept", user="alice", service="su", ledger="local")
    refused = become(m, mallory, alice)
    steps.answer_both(refused, alice, alice.token.wrong())
    refused.expect("Authentication failure")
    assert refused.end() == 1 and INSIDE not in refused.text
    steps.enters(become(m, mallory, alice, "-"), alice, alice.token.fresh())
    m.log.wait(event="accept", user="alice", service="su-l")


@suite.scenario("LCK-11")
def root_becomes_a_locked_user(m):
    """From root: nothing asked, though the user is locked; no byte of the store changes."""
    alice, mallory = m.enrolled("alice"), m.add_user("mallory")
    m.example_stacks("su")
    m.configure("lockout_tries = 1")
    wrong = become(m, mallory, alice)
    steps.answer_both(wrong, alice, alice.token.wrong())
    assert wrong.end() == 1
    m.log.wait(event="lock", user="alice")
    with steps.untouched(m):
        for options in ((), ("-",)):
            dialogue = become(m, None, alice, *options)
            dialogue.expect(INSIDE)
            assert dialogue.end() == 0 and "code" not in dialogue.text


@suite.scenario("LCK-12", "LCK-07")
def a_hundred_wrong_tries_by_another_user(m):
    """mallory knows admin's password and tries 100 codes by su: that costs mallory's own ledger;
    admin himself is not slowed down, by su to himself or by sudo."""
    admin, mallory = m.enrolled("admin"), m.add_user("mallory")
    m.allow_sudo(admin.user)
    m.example_stacks("su", "sudo")
    wrong = admin.token.wrong()

    def one_try(_number):
        """preauth may end it at the password: too many at once, or locked."""
        dialogue = become(m, mallory, admin)
        dialogue.answer(PASSWORD, admin.user.password)
        if dialogue.expect(CODE, "Authentication failure")[0] == 0:
            dialogue.wait_until_hidden()
            dialogue.send(wrong)
        return dialogue.end(timeout=60)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        assert set(pool.map(one_try, range(100))) == {1}
    judged = m.log.events(event="deny", reason="bad-code", user="admin")
    assert len(judged) == 5, len(judged)
    steps.enters(m.talk("sudo", "echo", INSIDE, user=admin.user), admin, admin.token.fresh())
    steps.enters(become(m, admin.user, admin), admin, admin.token.fresh())


@suite.scenario("PAM-20")
def interrupted(m):
    """^C and ^D at the code: no code charged, no lock left; the abandoned password is a ticket."""
    alice, mallory = m.enrolled("alice"), m.add_user("mallory")
    m.example_stacks("su")
    for key in ("\x03", "\x04"):
        dialogue = become(m, mallory, alice)
        dialogue.answer(PASSWORD, alice.user.password)
        dialogue.expect(CODE)
        dialogue.press(key)
        assert dialogue.end() != 0 and INSIDE not in dialogue.text
        steps.no_lock_left(m)
    assert not m.log.events(reason="bad-code")
    assert m.ledger(alice.user, "local")[1] == 0


@suite.scenario("PAM-20")
def without_a_terminal(m):
    """Answers from a pipe, a line each; an empty pipe is no answer."""
    alice, mallory = m.enrolled("alice"), m.add_user("mallory")
    m.example_stacks("su")
    both = m.run("su", "-c", "echo " + INSIDE, "alice", user=mallory,
                 stdin="%s\n%s\n" % (alice.user.password, alice.token.fresh()))
    assert both.returncode == 0 and both.stdout == INSIDE + "\n", both
    half = m.run("su", "-c", "echo " + INSIDE, "alice", user=mallory,
                 stdin=alice.user.password + "\n")
    assert half.returncode == 1 and INSIDE not in half.stdout, half
    assert m.ledger(alice.user, "local")[1] == 0


suite.main()
