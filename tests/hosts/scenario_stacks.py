#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Every trouble inside real stacks, by pamtester: the stack as a whole never says yes."""

import concurrent.futures
import os
import shutil

from harness import steps
from harness.machine import append, write
from harness.steps import CODE
from harness.suite import Suite

suite = Suite("stacks", needs=("pamtester", "oathtool"))

STACKS = {
    "alone": "auth required pam_kling.so\n",
    "behind required": "auth required pam_unix.so\nauth required pam_kling.so\n",
    "behind requisite": "auth requisite pam_unix.so\nauth required pam_kling.so\n",
    "behind Debian's": "@include common-auth\nauth required pam_kling.so\n",
    "before permit": "auth requisite pam_unix.so\nauth required pam_kling.so\n"
                     "auth required pam_permit.so\n",
    "with preauth": "auth requisite pam_kling.so preauth\nauth requisite pam_unix.so\n"
                    "auth required pam_kling.so\nauth required pam_permit.so\n",
}


def lost_store(m, _account):
    os.rename(m.state_dir, m.state_dir + ".away")


def lost_marker_and_users(m, _account):
    for name in os.listdir(m.state_dir):
        path = os.path.join(m.state_dir, name)
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)


def lost_keys(m, _account):
    os.rename(m.key_dir, m.key_dir + ".away")


def readable_key(m, _account):
    for name in os.listdir(m.key_dir):
        os.chmod(os.path.join(m.key_dir, name), 0o644)


def user_file(m, account, name):
    return os.path.join(m.state_dir, "users", account.user.name, name)


def damaged_enrollment(m, account):
    with open(user_file(m, account, "enrollment"), "r+b") as record:
        record.seek(-5, os.SEEK_END)
        record.write(b"XXXXX")


def missing_state(m, account):
    os.unlink(user_file(m, account, "state"))


def damaged_state(m, account):
    with open(user_file(m, account, "state"), "r+b") as state:
        state.write(b"\xff" * os.fstat(state.fileno()).st_size)


def open_state(m, account):
    os.chmod(user_file(m, account, "state"), 0o644)


def linked_state(m, account):
    path = user_file(m, account, "state")
    os.rename(path, path + ".real")
    os.symlink(path + ".real", path)


def fifo_for_state(m, account):
    path = user_file(m, account, "state")
    os.unlink(path)
    os.mkfifo(path, 0o600)


def foreign_enrollment(m, account):
    other = m.enrolled("other")
    shutil.copy(user_file(m, other, "enrollment"), user_file(m, account, "enrollment"))


def typing_error_in_conf(m, _account):
    append(m.conf_path, "\n[user alice]\nsecond_facter = off\n")


def writable_conf(m, _account):
    os.chmod(m.conf_path, 0o666)


def state_dir_for_all(m, _account):
    os.chmod(m.state_dir, 0o777)


TROUBLES = (lost_store, lost_marker_and_users, lost_keys, readable_key, damaged_enrollment,
            missing_state, damaged_state, open_state, linked_state, fifo_for_state,
            foreign_enrollment, typing_error_in_conf, writable_conf, state_dir_for_all)


def attempt(m, account, lines):
    return m.run("pamtester", "-I", "rhost=203.0.113.9", "trial", account.user.name, "authenticate",
                 stdin="".join(line + "\n" for line in lines), timeout=20)


def answers(name, account):
    password = [] if name == "alone" else [account.user.password]
    return password + [account.backup.pop()]


@suite.scenario("PAM-21")
def no_trouble_at_all(m):
    """The control: without trouble each of these stacks lets the same answers in."""
    account = m.enrolled("alice")
    for name, stack in STACKS.items():
        write("/etc/pam.d/trial", stack)
        got = attempt(m, account, answers(name, account))
        assert got.returncode == 0, (name, got.stdout, got.stderr)


def with_trouble(trouble):
    def scenario(m):
        account = m.enrolled("alice")
        trouble(m, account)
        for name, stack in STACKS.items():
            write("/etc/pam.d/trial", stack)
            mark = m.log.mark()
            got = attempt(m, account, answers(name, account))
            assert got.returncode == 1, (name, got.returncode, got.stdout, got.stderr)
            m.log.wait(mark, event="deny")

    scenario.__name__ = trouble.__name__
    suite.scenario("PAM-21")(scenario)


for each in TROUBLES:
    with_trouble(each)


@suite.scenario("PAM-21")
def sufficient_in_front(m):
    """`sufficient pam_unix` lets a right password pass without us (check names it); a wrong one
    must not get in by trouble."""
    account = m.enrolled("alice")
    write("/etc/pam.d/trial", "auth sufficient pam_unix.so\nauth required pam_kling.so\n")
    lost_store(m, account)
    got = attempt(m, account, ["wrong-password", account.backup.pop()])
    assert got.returncode == 1, (got.stdout, got.stderr)


@suite.scenario("RES-09")
def a_syslog_that_hangs(m):
    """/dev/log is full and nobody reads it. pamtester, which logs nothing itself: the charge is
    durable before the log call, and no lock is held in it."""
    account = m.enrolled("alice")
    write("/etc/pam.d/trial", STACKS["alone"])
    m.log.hang()
    stuck = m.talk("pamtester", "-I", "rhost=203.0.113.9", "trial", "alice", "authenticate")
    stuck.answer(CODE, account.token.wrong())
    steps.eventually(lambda: m.code_failures(account.user) == 1)
    steps.no_lock_left(m)
    assert not stuck.quiet(0.3).strip(), "did not wait for syslog: nothing was tried"
    stuck.kill()
    stuck.end()


@suite.scenario("LCK-07", "LCK-10")
def a_thousand_addresses(m):
    """Wrong codes from 1,000 addresses: lockout_tries of them are judged; then the administrator
    logs in from an address of his, and at a console."""
    account = m.enrolled("alice")
    write("/etc/pam.d/trial", STACKS["alone"] + "account required pam_kling.so\n")
    write("/etc/pam.d/login", STACKS["alone"] + "account required pam_kling.so\n")
    m.configure("lockout_cap = 4")
    usual = ("pamtester", "-I", "rhost=198.51.100.4", "trial", "alice", "authenticate", "acct_mgmt")
    assert m.run(*usual, stdin=account.backup.pop() + "\n").returncode == 0
    wrong = account.token.wrong() + "\n"

    def attack(number):
        address = "10.1.%d.%d" % divmod(number, 250)
        return m.run("pamtester", "-I", "rhost=" + address, "trial", "alice", "authenticate",
                     stdin=wrong, timeout=60).returncode

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert set(pool.map(attack, range(1000))) == {1}
    judged = len(m.log.events(event="deny", reason="bad-code"))
    assert judged == 4, judged
    assert m.run(*usual, stdin=account.backup.pop() + "\n").returncode == 0
    console = m.run("pamtester", "login", "alice", "authenticate", "acct_mgmt",
                    stdin=account.backup.pop() + "\n")
    assert console.returncode == 0, console


suite.main()
