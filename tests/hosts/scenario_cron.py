#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Programs that never ask anybody: cron, systemd's user manager, and account calls alone."""

import os

from harness import steps
from harness.machine import write
from harness.suite import Suite

suite = Suite("cron", needs=("cron", "pamtester", "oathtool", "pam-auth-update"))


def guard_everything(m):
    """Kling in common-*, as pam-auth-update puts it: in cron's way too."""
    for name in ("kling", "kling-preauth"):
        m.example("pam-configs/" + name, "/usr/share/pam-configs/" + name)
    got = m.run("pam-auth-update", "--force", "--enable", "kling", "kling-preauth",
                env={"DEBIAN_FRONTEND": "noninteractive"})
    assert got.returncode == 0, got.stderr
    with open("/etc/pam.d/common-account") as stack:
        assert "pam_kling.so" in stack.read()


def lock(m, account):
    """Five wrong codes as a remote stranger would send them."""
    for _ in range(5):
        m.run("pamtester", "-I", "rhost=203.0.113.9", "kling-test", account.user.name,
              "authenticate", stdin="%s\n%s\n" % (account.user.password, account.token.wrong()))
    assert m.ledger(account.user, "strangers")[2], "not locked"


def run_cron(m, user):
    """cron itself, with a job that it starts at once; True when it ran as the user."""
    done = "/tmp/cron-ran-" + user.name
    for leftover in ("/var/run/crond.reboot", "/run/crond.reboot"):
        if os.path.exists(leftover):
            os.unlink(leftover)
    write("/etc/cron.d/kling", "@reboot %s /usr/bin/id -un > %s\n" % (user.name, done))
    dialogue = m.talk("cron", "-f")
    steps.eventually(lambda: os.path.exists(done) and os.path.getsize(done))
    m.log.wait_text("session closed for user " + user.name)
    dialogue.kill()
    with open(done) as said:
        return said.read().strip() == user.name


@suite.scenario("PAM-20", "LCK-11")
def a_job_of_a_locked_user(m):
    alice = m.enrolled("alice")
    m.example_stacks("kling-test")
    lock(m, alice)
    guard_everything(m)
    with steps.untouched(m):
        assert run_cron(m, alice.user), "the job did not run"
    m.log.wait_text(r"CRON.*pam_unix\(cron:session\): session opened for user alice")


@suite.scenario("PAM-20", "LCK-11")
def a_job_of_a_user_past_the_deadline(m):
    """Not enrolled and without grace: no login, but the machine's own work goes on."""
    m.kling("init")
    bob = m.add_user("bob")
    m.configure("enroll_grace = 0")
    guard_everything(m)
    with steps.untouched(m):
        assert run_cron(m, bob), "the job did not run"
    refused = m.run("pamtester", "-I", "rhost=203.0.113.9", "sshd", "bob", "authenticate",
                    "acct_mgmt", stdin="%s\n123456\n" % bob.password)
    assert refused.returncode != 0


@suite.scenario("PAM-20", "LCK-11", "PAM-16")
def account_and_session_alone(m):
    """systemd-user, atd, cron, runuser by pamtester: pass, and change no byte."""
    alice = m.enrolled("alice")
    m.example_stacks("kling-test")
    lock(m, alice)
    guard_everything(m)
    m.stack("systemd-user", "@include common-account\nsession required pam_limits.so\n"
                            "@include common-session-noninteractive\n")
    m.stack("atd", "@include common-auth\n@include common-account\n"
                   "@include common-session-noninteractive\n")
    with steps.untouched(m):
        for service in ("systemd-user", "atd", "cron"):
            got = m.run("pamtester", service, "alice", "acct_mgmt", "setcred", "open_session",
                        "close_session")
            assert got.returncode == 0, (service, got.stdout, got.stderr)
        for _ in range(3):
            got = m.run("runuser", "-u", "alice", "--", "id", "-un")
            assert got.stdout == "alice\n", got


@suite.scenario("CFG-01", "LCK-11")
def a_job_while_kling_is_broken(m):
    """The store is lost: people are refused, the machine's own work goes on."""
    alice = m.enrolled("alice")
    guard_everything(m)
    os.rename(m.state_dir, m.state_dir + ".away")
    refused = m.run("pamtester", "-I", "rhost=203.0.113.9", "sshd", "alice", "authenticate",
                    stdin="%s\n%s\n" % (alice.user.password, alice.token.fresh()))
    assert refused.returncode != 0
    assert run_cron(m, alice.user), "the job did not run"


suite.main()
