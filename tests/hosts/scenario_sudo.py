#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Kling inside sudo."""

import os

from harness import steps
from harness.steps import CODE, INSIDE, PASSWORD
from harness.suite import Suite

suite = Suite("sudo", needs=("sudo", "oathtool"))


def sudoer(m, rule="ALL=(ALL:ALL) ALL"):
    account = m.enrolled("alice")
    m.allow_sudo(account.user, rule)
    m.example_stacks("sudo", "sudo-i")
    return account


def sudo(m, account, *options):
    return m.talk("sudo", *options, "echo", INSIDE, user=account.user)


def counts(m, account):
    return m.ledger(account.user, "local")


@suite.scenario("PAM-19")
def password_and_code(m):
    """And the second sudo on the terminal: nothing asked, nothing written; -k asks again."""
    alice = sudoer(m)
    shell = m.talk("bash", "--norc", user=alice.user, env={"PS1": "shell> "})
    shell.answer("shell> ", "sudo echo logged-in")
    steps.answer_both(shell, alice, alice.token.fresh())
    shell.expect("\n" + INSIDE)
    m.log.wait(event="accept", user="alice", service="sudo", ledger="local")
    with steps.untouched(m):
        shell.answer("shell> ", "sudo echo again-in")
        shell.expect("\nagain-in")
    shell.answer("shell> ", "sudo -k; sudo -i echo third-in")
    steps.answer_both(shell, alice, alice.token.fresh())
    shell.expect("\nthird-in")
    m.log.wait(event="accept", user="alice", service="sudo-i")


@suite.scenario("PAM-17", "PAM-19")
def three_tries_on_one_handle(m):
    """Wrong, wrong, right: two charges, then cleared."""
    alice = sudoer(m)
    dialogue = sudo(m, alice)
    for tries in (1, 2):
        steps.answer_both(dialogue, alice, alice.token.wrong())
        dialogue.expect("try again")
        assert counts(m, alice)[1] == tries
    steps.enters(dialogue, alice, alice.token.fresh())
    assert counts(m, alice) == (0, 0, None)


@suite.scenario("PAM-19")
def three_wrong(m):
    alice = sudoer(m)
    dialogue = sudo(m, alice)
    for _ in range(3):
        steps.answer_both(dialogue, alice, alice.token.wrong())
    dialogue.expect("3 incorrect password attempts")
    assert dialogue.end() == 1 and counts(m, alice)[1] == 3


@suite.scenario("PAM-19")
def interrupted(m):
    """^C and ^D at the code: no charge, sudo ends, and the ticket of preauth is given back."""
    alice = sudoer(m)
    for key in ("\x03", "\x04"):
        dialogue = sudo(m, alice)
        dialogue.answer(PASSWORD, alice.user.password)
        dialogue.expect(CODE)
        dialogue.press(key)
        assert dialogue.end() == 1 and INSIDE not in dialogue.text
        assert counts(m, alice) == (0, 0, None), counts(m, alice)
    steps.no_lock_left(m)
    assert not m.log.events(reason="bad-code")


@suite.scenario("PAM-19", "CON-08")
def stopped_and_continued(m):
    """^Z at the code, then fg: asked again, and nothing was charged meanwhile."""
    alice = sudoer(m)
    shell = m.talk("bash", "--norc", "-i", user=alice.user, env={"PS1": "shell> "})
    shell.answer("shell> ", "sudo echo logged-in")
    shell.answer(PASSWORD, alice.user.password)
    shell.expect(CODE)
    shell.press("\x1a")
    shell.expect("Stopped")
    steps.no_lock_left(m)
    shell.answer("shell> ", "fg")
    shell.expect(CODE)
    shell.wait_until_hidden()
    shell.send(alice.token.fresh())
    shell.expect("\n" + INSIDE)
    assert counts(m, alice) == (0, 0, None)


@suite.scenario("PAM-19")
def without_a_terminal(m):
    """-n asks nothing; -S takes a line for each question; an empty input is no answer."""
    alice = sudoer(m)
    with steps.untouched(m):
        refused = m.run("sudo", "-n", "echo", INSIDE, user=alice.user)
        assert refused.returncode == 1 and INSIDE not in refused.stdout
    assert not m.log.events()
    nothing = m.run("sudo", "-S", "echo", INSIDE, user=alice.user)
    assert nothing.returncode == 1 and INSIDE not in nothing.stdout
    half = m.run("sudo", "-S", "echo", INSIDE, user=alice.user, stdin=alice.user.password + "\n")
    assert half.returncode == 1 and INSIDE not in half.stdout
    assert counts(m, alice)[1] == 0
    both = m.run("sudo", "-S", "echo", INSIDE, user=alice.user,
                 stdin="%s\n%s\n" % (alice.user.password, alice.token.fresh()))
    assert both.returncode == 0 and both.stdout == INSIDE + "\n", both


@suite.scenario("PAM-19")
def closed_descriptors(m):
    """Without descriptors 0 to 2 nothing hangs, and no file that takes their numbers is written."""
    alice = sudoer(m)
    for closing in ("<&-", "<&- >&-", "<&- >&- 2>&-"):
        got = m.run("bash", "-c", "sudo -S echo %s %s; exit $?" % (INSIDE, closing),
                    user=alice.user)
        assert got.returncode != 0 and INSIDE not in got.stdout
    assert counts(m, alice)[1] == 0
    for path, (digest, *_rest) in m.store().items():
        if digest:
            with open(path, "rb") as data:
                assert b"assword" not in data.read(), path


@suite.scenario("LCK-11")
def without_password_while_locked(m):
    """NOPASSWD sudo passes with the user locked, and changes no byte."""
    alice = sudoer(m, "ALL=(ALL:ALL) NOPASSWD: /usr/bin/id\nalice ALL=(ALL:ALL) /usr/bin/echo")
    m.configure("lockout_tries = 1")
    dialogue = sudo(m, alice)
    steps.answer_both(dialogue, alice, alice.token.wrong())
    dialogue.expect("try again")
    dialogue.kill()
    dialogue.end()
    assert counts(m, alice)[2], "not locked"
    with steps.untouched(m):
        for _ in range(3):
            got = m.run("sudo", "/usr/bin/id", "-u", user=alice.user)
            assert got.stdout == "0\n", got
    locked = sudo(m, alice)
    locked.answer(PASSWORD, alice.user.password)
    if locked.expect(CODE, "try again")[0] == 0:
        locked.send(alice.token.fresh())
        locked.expect("try again")
    assert INSIDE not in locked.text
    m.log.wait(event="deny", reason="locked", user="alice", service="sudo")


@suite.scenario("PAM-19")
def replaced_prompt(m):
    """-p replaces every prompt: only the order tells password from code."""
    alice = sudoer(m)
    dialogue = sudo(m, alice, "-p", "tell me: ")
    dialogue.answer("tell me: $", alice.user.password)
    dialogue.answer("tell me: $", alice.token.fresh())
    dialogue.expect("\n" + INSIDE)
    assert dialogue.end() == 0


@suite.scenario("PAM-14")
def callers_environment_decides_nothing(m):
    """What the caller can set (HOME, OPENSSL_CONF, TZ, LC_ALL, ...) changes no answer."""
    alice = sudoer(m)
    home = os.path.join(alice.user.home, "odd")
    hostile = {"HOME": home, "OPENSSL_CONF": home + "/openssl.cnf", "TZ": ":/etc/passwd",
               "LC_ALL": "tr_TR.UTF-8", "KLING_CONF": home + "/kling.conf", "MALLOC_CHECK_": "3"}
    dialogue = m.talk("sudo", "echo", INSIDE, user=alice.user, env=hostile)
    steps.answer_both(dialogue, alice, alice.token.wrong())
    dialogue.expect("try again")
    steps.enters(dialogue, alice, alice.token.fresh())


suite.main()
