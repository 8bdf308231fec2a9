#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""docs/DEPLOY.md: what it quotes is what it ships, and what it promises about each stack is so."""

import json
import os
import re
import shutil
import subprocess

from harness import build, sshd, steps
from harness.machine import append, write
from harness.steps import CODE, INSIDE, PASSWORD, REFUSED
from harness.suite import Suite, skip_unless

suite = Suite("deploy", needs=("sshd", "sudo", "pamtester", "oathtool", "pam-auth-update"))
STACK_LINE = re.compile(r"^ {4,}(-?(auth|account|password|session)\s+\S|@include)")
COMMON = ("common-auth", "common-account", "common-password", "common-session")


def document():
    with open(os.path.join(build.SOURCE, "docs/DEPLOY.md")) as text:
        return text.read()


def plain(lines):
    """Stack lines without comments and with single blanks."""
    return [" ".join(line.split()) for line in lines if line.strip() and line.strip()[0] != "#"]


def stack_lines(path):
    with open(path) as lines:
        return plain(lines)


def use_pam_auth_update(m, switch):
    for name in ("kling", "kling-preauth"):
        m.example("pam-configs/" + name, "/usr/share/pam-configs/" + name)
    got = m.run("pam-auth-update", "--force", switch, "kling", "kling-preauth",
                env={"DEBIAN_FRONTEND": "noninteractive"})
    assert got.returncode == 0, got.stderr


@suite.scenario(kling=False)
def what_is_quoted_is_what_is_shipped(m):
    text = document()
    for link in re.findall(r"\]\((examples/[^)]+)\)", text):
        assert os.path.isfile(os.path.join(build.SOURCE, "docs", link)), link
    use_pam_auth_update(m, "--enable")
    known = set()
    for name in COMMON:
        known.update(stack_lines("/etc/pam.d/" + name))
    for top, _, files in os.walk(build.EXAMPLES):
        for name in files:
            known.update(stack_lines(os.path.join(top, name)))
    quoted = plain(line for line in text.split("\n") if STACK_LINE.match(line))
    assert len(quoted) > 12
    assert not [line for line in quoted if line not in known], set(quoted) - known


@suite.scenario(kling=False)
def debian_lines_are_kept(m):
    """Each of Debian's lines is in our file, in its order; only Kling's are new, and the include of
    common-password gives way to the two lines that check and store."""
    with open("/etc/os-release") as release:
        skip_unless('VERSION_ID="12"' in release.read(), "the files follow Debian 12")
    for service in ("sshd", "sudo", "sudo-i", "login", "su"):
        original = "/etc/pam.d/" + service
        changed = subprocess.run(["dpkg", "--verify", owner_of(original)], capture_output=True,
                                 text=True).stdout
        skip_unless(original not in changed, original + " is not Debian's any more")
        theirs = [re.sub(r" # \[1\]", "", line) for line in stack_lines(original)
                  if line != "@include common-password"]
        ours = [line for line in stack_lines(build.EXAMPLES + "/pam.d/" + service)
                if "pam_kling.so" not in line and not line.startswith("password")]
        for kind in ("auth", "account", "session"):
            assert of_kind(theirs, kind) == of_kind(ours, kind), (service, kind)


def owner_of(path):
    got = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True, check=True)
    return got.stdout.split(":")[0]


def of_kind(lines, kind):
    return [line for line in lines if line.split()[0] in (kind, "@include") and
            (line[0] != "@" or "common-" + kind in line)]


def found(m):
    """The problems that `kling-enroll check` names; notes are none."""
    lines = m.kling("check", "--json", expect=(0, 1)).splitlines()
    findings = [f for line in lines for f in json.loads(line).get("findings", [])]
    return [f for f in findings if f["severity"] != "note"]


@suite.scenario("CFG-12")
def check_finds_nothing(m):
    """Each set-up of DEPLOY, installed as it says: nothing to mend."""
    m.enrolled("alice")
    drop_in = "/etc/ssh/sshd_config.d/10-kling.conf"
    assert found(m), "Debian as it comes cannot ask for a code"
    m.example_stacks("sshd", "sudo", "sudo-i", "su", "login", "passwd", "kling-test")
    m.example("ssh/sshd_config.d/10-kling.conf", drop_in)
    assert not found(m), found(m)
    m.example("pam.d/sshd-key-and-code", "/etc/pam.d/sshd")
    m.example("ssh/sshd_config.d/10-kling-key-and-code.conf", drop_in)
    assert not found(m), found(m)


@suite.scenario("CFG-12")
def check_knows_pam_auth_update(m):
    """The lines of pam-auth-update alone: nothing to mend; together with ours: named."""
    m.enrolled("alice")
    m.example("ssh/sshd_config.d/10-kling.conf", "/etc/ssh/sshd_config.d/10-kling.conf")
    use_pam_auth_update(m, "--enable")
    assert not found(m), found(m)
    m.example_stacks("sshd")
    assert [f for f in found(m) if f["file"] == "/etc/pam.d/sshd"], found(m)


@suite.scenario("PAM-20", "PAM-21")
def pam_auth_update(m):
    """On for everything, and off again."""
    alice = m.enrolled("alice")
    m.allow_sudo(alice.user)
    m.example("ssh/sshd_config.d/10-kling.conf", "/etc/ssh/sshd_config.d/10-kling.conf")
    use_pam_auth_update(m, "--enable")
    host = sshd.Server(m)
    client = host.client(alice.user)
    client.answer(PASSWORD, "not-the-password")
    steps.is_refused(client, alice, alice.token.wrong())
    steps.enters(client, alice, alice.token.fresh())
    steps.enters(m.talk("sudo", "echo", INSIDE, user=alice.user), alice, alice.backup[0])
    steps.enters(m.talk("su", "-c", "echo " + INSIDE, "alice", user=m.add_user("bob")), alice,
                 alice.backup[1])
    use_pam_auth_update(m, "--disable")
    client = host.client(alice.user)
    client.answer(PASSWORD, alice.user.password)
    client.expect(INSIDE)
    assert client.end() == 0


@suite.scenario("PAM-20")
def a_screen_locker_without_root(m):
    """A program that runs as the user is refused by the lines of pam-auth-update, whatever is
    typed; with the file that DEPLOY gives it, the password unlocks."""
    alice = m.enrolled("alice")
    use_pam_auth_update(m, "--enable")
    m.stack("i3lock", "@include common-auth\n@include common-account\n")
    answers = "%s\n%s\n" % (alice.user.password, alice.token.fresh())
    refused = m.run("pamtester", "i3lock", "alice", "authenticate", user=alice.user, stdin=answers)
    assert refused.returncode == 1, refused
    m.example("pam.d/screen-locker", "/etc/pam.d/i3lock")
    opened = m.run("pamtester", "i3lock", "alice", "authenticate", user=alice.user, stdin=answers)
    assert opened.returncode == 0, opened
    wrong = m.run("pamtester", "i3lock", "alice", "authenticate", user=alice.user, stdin="no\n")
    assert wrong.returncode == 1, wrong


@suite.scenario("PAM-20")
def the_test_service(m):
    alice = m.enrolled("alice")
    m.example_stacks("kling-test")
    for code, wanted in ((alice.token.wrong(), 1), (alice.token.fresh(), 0)):
        trial = m.talk("pamtester", "kling-test", "alice", "authenticate", "acct_mgmt")
        steps.answer_both(trial, alice, code)
        assert trial.end() == wanted, trial.transcript()


@suite.scenario("PAM-20", "PAM-22")
def an_expired_password_skips_no_account_line(m):
    """common-account ends at an expired password: our line must stand in front of it, and does."""
    m.kling("init")
    bob = m.add_user("bob", last_change=0)
    m.configure("enroll_grace = 0", "public_key = needs_code")
    m.example_stacks("sshd")
    m.example("ssh/sshd_config.d/10-kling.conf", "/etc/ssh/sshd_config.d/10-kling.conf")
    host = sshd.Server(m)
    key = ["IdentityFile=" + sshd.user_key(m, bob)]
    refused = host.client(bob, options=key)
    refused.expect("closed|denied|Verification failed")
    assert refused.end() == 255 and "New password" not in refused.text
    m.log.wait(event="deny", reason="public-key", user="bob")


@suite.scenario("PAM-18", "PAM-21")
def users_in_grace_behind_a_key(m):
    """sshd-key-and-code: within the grace the key is enough (the pam_permit line), an enrolled user
    is asked, a wrong code is not saved by pam_permit, after the grace the key alone is refused."""
    alice, bob = m.enrolled("alice"), m.add_user("bob")
    m.configure("enroll_at_login = no")
    m.example("pam.d/sshd-key-and-code", "/etc/pam.d/sshd")
    m.example("ssh/sshd_config.d/10-kling-key-and-code.conf",
              "/etc/ssh/sshd_config.d/10-kling.conf")
    host = sshd.Server(m)
    in_grace = host.client(bob, options=["IdentityFile=" + sshd.user_key(m, bob)])
    in_grace.expect(INSIDE)
    assert in_grace.end() == 0 and "Verification code" not in in_grace.text
    asked = host.client(alice.user, options=["IdentityFile=" + sshd.user_key(m, alice.user)])
    asked.answer(CODE, alice.token.wrong())
    asked.expect(REFUSED)
    asked.answer(CODE, alice.token.fresh())
    asked.expect(INSIDE)
    m.configure("enroll_at_login = no", "enroll_grace = 0")
    late = host.client(bob, options=["IdentityFile=/root/key-bob"])
    late.answer(CODE, "123456")
    late.expect(REFUSED)
    late.kill()


@suite.scenario("PAM-18")
def a_password_tried_before_the_key(m):
    """What docs/DEPLOY.md says of the orders in which Kling runs behind a wrong password: with a key,
    too, it lets a user in grace in. In the order of the examples it does not."""
    m.kling("init")
    bob = m.add_user("bob")
    m.configure("public_key = needs_code", "enroll_at_login = no")
    m.example("ssh/sshd_config.d/10-kling.conf", "/etc/ssh/sshd_config.d/10-kling.conf")
    for word, end in (("required", INSIDE), ("requisite", "closed|denied")):
        m.stack("sshd", "auth %s pam_unix.so\nauth required pam_kling.so\n"
                "account required pam_kling.so\naccount required pam_permit.so\n"
                "session required pam_permit.so\n" % word)
        host = sshd.Server(m, "PasswordAuthentication=yes")
        key = ["IdentityFile=" + sshd.user_key(m, bob)]
        alone = host.client(bob, options=key + ["PreferredAuthentications=publickey"])
        alone.expect("closed|denied")
        assert alone.end() == 255
        both = host.client(bob, options=key + ["NumberOfPasswordPrompts=1",
                                               "PreferredAuthentications=password,publickey"])
        both.answer("password: $", "not-the-password")
        both.expect(end)
        both.end()
        host.stop()


@suite.scenario("PAM-22")
def grace_behind_one_field(m):
    """prompt_style = combined: Kling asks nothing of a user in grace; try_first_pass asks him then."""
    skip_unless(shutil.which("pamtester"), "pamtester is not installed")
    m.kling("init")
    bob = m.add_user("bob")
    m.configure("prompt_style = combined", "enroll_at_login = no")
    for option, wanted in (("try_first_pass", 0), ("use_first_pass", 1)):
        m.stack("one-field", "auth required pam_kling.so\nauth required pam_unix.so %s\n" % option)
        got = m.run("pamtester", "one-field", bob.name, "authenticate", stdin=bob.password + "\n")
        assert got.returncode == wanted, (option, got)


@suite.scenario("CFG-03")
def a_typing_error_leaves_a_way_back(m):
    """kling.conf does not load: everybody is refused, root at the console gets in with a code."""
    root = m.enroll_root()
    m.enrolled("alice")
    m.example_stacks("login")
    append(m.conf_path, "\nsecond_facter = off\n")
    console = m.talk("login", console=m.console())
    console.answer("login: ", "alice")
    console.expect("incorrect")
    console.answer("login: ", "root")
    steps.answer_both(console, root, root.token.fresh())
    console.expect("# $")
    console.send("exit")
    console.end()
    m.log.wait(event="deny", reason="config", user="alice", word="second_facter")
    m.log.wait(event="accept", user="root", ledger="console")


SUBSTACKS = {
    "fedora sshd": "auth substack password-auth\nauth include postlogin\n"
                   "account required pam_nologin.so\naccount include password-auth\n",
    "fedora sudo": "auth include system-auth\naccount include system-auth\n",
}


def judge_service(m, alice, name):
    """By pamtester: right and right, wrong password, wrong code."""
    wrong = m.run("pamtester", "trial", "alice", "authenticate", stdin="nonsense\n123456\n")
    assert wrong.returncode == 1 and "Verification" not in wrong.stdout, (name, wrong)
    for code, wanted in ((alice.token.wrong(), 1), (alice.backup.pop(), 0)):
        got = m.run("pamtester", "trial", "alice", "authenticate", "acct_mgmt",
                    stdin="%s\n%s\n" % (alice.user.password, code))
        assert got.returncode == wanted, (name, got)


@suite.scenario("PAM-21")
def fedora_stacks(m):
    """Fedora's lines, with sshd's substack and sudo's include, under this machine's Linux-PAM."""
    alice = m.enrolled("alice")
    with open(os.path.join(build.SOURCE, "docs/examples/fedora/system-auth")) as profile:
        text = profile.read()
    for name in ("system-auth", "password-auth"):
        m.stack(name, text)
    m.stack("postlogin", "session optional pam_permit.so\n")
    for name, stack in SUBSTACKS.items():
        write("/etc/pam.d/trial", stack)
        judge_service(m, alice, name)


@suite.scenario("PAM-21")
def arch_and_alpine_stacks(m):
    """Arch's system-auth and Alpine's base files as they are there, around our files."""
    alice = m.enrolled("alice")
    m.stack("system-auth", """\
auth [success=1 default=bad] pam_unix.so try_first_pass nullok
auth [default=die] pam_faillock.so authfail
auth optional pam_permit.so
auth required pam_env.so
auth required pam_faillock.so authsucc
account required pam_unix.so
session required pam_unix.so
""")
    m.stack("system-remote-login", "auth include system-auth\naccount include system-auth\n"
                                   "session include system-auth\n")
    m.stack("base-account", "account required pam_unix.so\n")
    m.stack("base-session", "session required pam_unix.so\n")
    for name in ("arch/pam.d/sshd", "arch/pam.d/sudo", "alpine/pam.d/sshd"):
        with open(os.path.join(build.SOURCE, "docs/examples", name)) as stack:
            write("/etc/pam.d/trial", stack.read())
        judge_service(m, alice, name)


suite.main()
