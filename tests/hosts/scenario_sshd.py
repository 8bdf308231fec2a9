#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Kling inside OpenSSH's sshd."""

import os
import signal
import time

from harness import sshd, steps
from harness.steps import CODE, INSIDE, PASSWORD, REFUSED
from harness.suite import Suite

suite = Suite("sshd", needs=("sshd", "ssh", "oathtool"))
KEY_AND_CODE = "pam.d/sshd-key-and-code"
ONE_TRY = ["NumberOfPasswordPrompts=1"]  # then the client leaves no password prompt unanswered


def server(m, *options, stack="pam.d/sshd", drop_in="10-kling.conf"):
    """sshd set up as docs/DEPLOY.md says, with the scenario's own options in front."""
    m.example(stack, "/etc/pam.d/sshd")
    m.example("ssh/sshd_config.d/" + drop_in, "/etc/ssh/sshd_config.d/10-kling.conf")
    return sshd.Server(m, *options)


def with_key(m, account):
    return ["IdentityFile=" + sshd.user_key(m, account.user),
            "PreferredAuthentications=publickey,keyboard-interactive"]


def denied_without_question(client):
    client.expect("Permission denied")
    assert client.end() == 255 and "code" not in client.text


@suite.scenario("PAM-18")
def password_and_code(m):
    """Right: in. The same code again: a replay. The next code: in. A backup code: once."""
    alice, host = m.enrolled("alice"), server(m)
    first = alice.token.fresh()
    steps.enters(host.client(alice.user), alice, first)
    m.log.wait(event="accept", user="alice", service="sshd", factor="totp", rhost="127.0.0.1")
    again = host.client(alice.user)
    steps.is_refused(again, alice, first)
    again.hang_up()
    m.log.wait(event="deny", user="alice", reason="replay")
    steps.enters(host.client(alice.user), alice, alice.token.fresh())
    steps.enters(host.client(alice.user), alice, alice.backup[0])
    spent = host.client(alice.user)
    steps.is_refused(spent, alice, alice.backup[0])
    assert m.status(alice.user)["codes_left"] == 9


@suite.scenario("PAM-18")
def wrong_code_then_right(m):
    """A wrong code costs a try of the same connection, not the connection."""
    alice, host = m.enrolled("alice"), server(m)
    client = host.client(alice.user)
    steps.is_refused(client, alice, alice.token.wrong())
    assert m.ledger(alice.user, "strangers")[1] == 1
    steps.enters(client, alice, alice.token.fresh())
    m.log.wait(event="deny", reason="bad-code", user="alice")
    assert m.ledger(alice.user, "strangers")[1] == 0


@suite.scenario("PAM-18")
def wrong_password_never_reaches_the_code(m):
    alice, host = m.enrolled("alice"), server(m)
    client = host.client(alice.user)
    client.answer(PASSWORD, "not-the-password")
    client.expect(PASSWORD)
    assert "code" not in client.text
    client.hang_up()
    assert not m.log.events(reason="bad-code")


@suite.scenario("PAM-18")
def key_and_code(m):
    """AuthenticationMethods publickey,keyboard-interactive: the key first, then the code alone."""
    alice = m.enrolled("alice")
    host = server(m, stack=KEY_AND_CODE, drop_in="10-kling-key-and-code.conf")
    options = with_key(m, alice)
    denied_without_question(host.client(alice.user))
    assert not m.log.events(), "the module was asked before the key"
    client = host.client(alice.user, options=options)
    client.answer(CODE, alice.token.wrong())
    client.expect(REFUSED)
    client.answer(CODE, alice.token.fresh())
    client.expect(INSIDE)
    assert client.end() == 0 and "assword" not in client.text
    m.log.wait(event="deny", reason="bad-code", ledger="keyed")
    m.log.wait(event="accept", user="alice", ledger="keyed")


@suite.scenario("PAM-18", "LCK-11")
def key_only(m):
    """public_key = accept: the key is enough and nothing is written. needs_code: refused."""
    alice, host = m.enrolled("alice"), server(m)
    options = with_key(m, alice)
    with steps.untouched(m):
        client = host.client(alice.user, options=options)
        client.expect(INSIDE)
        assert client.end() == 0 and "code" not in client.text
        m.configure("public_key = needs_code")
        refused = host.client(alice.user, options=options)
        refused.expect("closed|denied")
        assert refused.end() == 255 and INSIDE not in refused.text
    m.log.wait(event="deny", reason="public-key", user="alice", rhost="127.0.0.1")


@suite.scenario("LCK-11")
def key_only_while_locked(m):
    alice, host = m.enrolled("alice"), server(m)
    options = with_key(m, alice)
    m.configure("lockout_tries = 1")
    client = host.client(alice.user, options=ONE_TRY)
    steps.is_refused(client, alice, alice.token.wrong())
    assert client.end() == 255
    assert m.ledger(alice.user, "strangers")[2]
    with steps.untouched(m):
        inside = host.client(alice.user, options=options)
        inside.expect(INSIDE)
        assert inside.end() == 0


@suite.scenario("PAM-18", "PAM-12")
def password_authentication(m):
    """sshd answers the code prompt with the password: refused, charged to nobody, logged once."""
    alice = m.enrolled("alice")
    host = server(m, "PasswordAuthentication=yes")
    client = host.client(alice.user, options=["PreferredAuthentications=password"])
    for _ in range(2):
        client.answer("password: $", alice.user.password)
        client.expect("(Permission denied, please try again|Permission denied)")
    client.hang_up()
    m.log.wait(event="deny", reason="blind-conversation", user="alice")
    time.sleep(0.3)
    assert len(m.log.events(reason="blind-conversation")) == 1
    assert m.ledger(alice.user, "strangers")[1] == 0
    steps.enters(host.client(alice.user), alice, alice.token.fresh())


@suite.scenario("PAM-18")
def keyboard_interactive_off(m):
    """Nobody can be asked, so nobody gets in by password."""
    alice = m.enrolled("alice")
    host = server(m, "KbdInteractiveAuthentication=no")
    with steps.untouched(m):
        denied_without_question(host.client(alice.user))
    assert not m.log.events()


@suite.scenario("PAM-18")
def many_devices(m):
    """KbdInteractiveDevices=pam,pam,... buys no tries: at most MaxAuthTries (6) are judged."""
    alice, host = m.enrolled("alice"), server(m)
    m.configure("lockout_tries = 15")
    client = host.client(alice.user, options=["NumberOfPasswordPrompts=60",
                                              "KbdInteractiveDevices=" + ",".join(["pam"] * 60)])
    wrong, judged = alice.token.wrong(), 0
    while client.expect(PASSWORD, "(?i)too many|closed|disconnect|denied \\(")[0] == 0:
        client.wait_until_hidden()
        client.send(alice.user.password)
        client.answer(CODE, wrong)
        judged += 1
    assert client.end() == 255 and 1 <= judged <= 6, judged
    assert m.ledger(alice.user, "strangers")[1] == judged


@suite.scenario("PAM-18")
def max_auth_tries(m):
    alice = m.enrolled("alice")
    host = server(m, "MaxAuthTries=2")
    client = host.client(alice.user, options=["NumberOfPasswordPrompts=9"])
    steps.answer_both(client, alice, alice.token.wrong())
    steps.answer_both(client, alice, alice.token.wrong())
    client.expect("Too many authentication failures|Connection closed|Disconnected")
    assert client.end() == 255
    assert m.ledger(alice.user, "strangers")[1] == 2


@suite.scenario("PAM-18")
def lockout_at_the_prompt(m):
    """The last allowed wrong code locks; then the right one is refused too, in the same words."""
    alice, host = m.enrolled("alice"), server(m)
    m.configure("lockout_tries = 2")
    client = host.client(alice.user)
    steps.use_up(client, alice, alice.token.wrong(), 2)
    m.log.wait(event="lock", user="alice", ledger="strangers")
    right = alice.token.fresh()
    steps.is_refused(client, alice, right)
    client.hang_up()
    m.log.wait(event="deny", reason="locked", user="alice")
    m.kling("unlock", "alice")
    steps.enters(host.client(alice.user), alice, right)


@suite.scenario("LCK-09", "PAM-13", "PAM-18")
def root_refused_by_sshd(m):
    """PermitRootLogin no and prohibit-password: sshd sends junk instead of the answer. It is known
    for what it is and costs root nothing; at the console he gets in."""
    root = m.enroll_root()
    m.example_stacks("login")
    for value in ("no", "prohibit-password"):
        host = server(m, "PermitRootLogin=" + value)
        m.stack("sshd", "auth required pam_kling.so\naccount required pam_kling.so\n")
        mark = m.log.mark()
        with steps.untouched(m, "users"):
            client = host.client("root")
            for length in (6, 19, 3):
                client.answer(CODE, root.backup[0][:length])
            client.expect("Permission denied")
            assert client.end() == 255
        host.stop()
        m.log.wait(mark, event="deny", reason="host-refused", user="root")
    assert m.status(root.user)["codes_left"] == 10
    console = m.talk("login", console=m.console())
    console.answer("login: ", "root")
    steps.answer_both(console, root, root.token.fresh())
    console.expect("# ")
    console.send("exit")
    console.end()


@suite.scenario("LCK-09", "PAM-18")
def root_behind_a_password(m):
    """The shipped stack: a refused root fails at the password, and no code is ever charged. With
    PermitRootLogin yes he gets in by password and code."""
    root = m.enroll_root()
    host = server(m, "PermitRootLogin=no")
    client = host.client("root")
    for _ in range(3):
        client.answer(PASSWORD, root.user.password)
    client.expect("Permission denied")
    assert client.end() == 255 and "code" not in client.text
    host.stop()
    passwords, codes, _ = m.ledger(root.user, "strangers")
    assert passwords <= 3 and codes == 0, (passwords, codes)
    steps.enters(server(m, "PermitRootLogin=yes").client("root"), root, root.token.fresh())


def wait_too_long(m, host, account):
    """Until LoginGraceTime ends sshd's processes; sshd does not always log that."""
    client = host.client(account.user)
    client.answer(PASSWORD, account.user.password)
    client.expect(CODE)
    assert steps.process_named("[pam]")
    steps.eventually(lambda: not steps.process_named("[pam]"))
    steps.no_lock_left(m)
    client.kill()


@suite.scenario("DUR-10")
def login_grace_time_at_the_prompt(m):
    """sshd kills the waiting child: no lock stays; without preauth nothing is written at all, with
    it one ticket is left, which counts as a wrong password."""
    alice = m.enrolled("alice")
    host = server(m, "LoginGraceTime=2")
    wait_too_long(m, host, alice)
    with open("/etc/pam.d/sshd") as stack:
        m.stack("sshd", "".join(line for line in stack if "preauth" not in line))
    with steps.untouched(m):
        wait_too_long(m, host, alice)
    passwords, codes, locked = m.ledger(alice.user, "strangers")
    assert (passwords, codes, locked) == (1, 0, None), (passwords, codes, locked)
    steps.enters(host.client(alice.user), alice, alice.token.fresh())


@suite.scenario("DUR-10", "RES-09")
def client_drops(m):
    """At the password, at the code, and right behind the answer: no lock, no code charged, and the
    next login works; a code that was sent may be spent, never charged."""
    alice, host = m.enrolled("alice", period=15), server(m)
    client = host.client(alice.user)
    client.expect(PASSWORD)
    client.kill()
    client = host.client(alice.user)
    client.answer(PASSWORD, alice.user.password)
    client.expect(CODE)
    client.kill(signal.SIGTERM)
    client = host.client(alice.user)
    steps.answer_both(client, alice, alice.token.fresh())
    client.kill()
    time.sleep(0.5)
    steps.no_lock_left(m)
    assert m.ledger(alice.user, "strangers")[1:] == (0, None)
    steps.enters(host.client(alice.user), alice, alice.token.fresh())


@suite.scenario("PAM-18")
def copies_over_one_connection(m):
    """One code opens a master connection; scp and sftp ride on it and ask nothing."""
    alice, host = m.enrolled("alice"), server(m)
    shared = ["ControlPath=/tmp/master", "ControlMaster=auto"]
    batch = host.batch(alice.user, "/etc/hostname", "127.0.0.1:x", program="scp",
                       options=["BatchMode=yes"])
    assert batch.returncode and "Permission denied" in batch.stderr, batch.stderr
    assert not m.log.events(), "BatchMode asked the module"
    master = host.client(alice.user, "echo", "logged-in;", "sleep", "60", options=shared)
    steps.answer_both(master, alice, alice.token.fresh())
    master.expect(INSIDE)
    count = len(m.log.events(event="accept"))
    for argv, stdin in ((("/etc/hostname", "127.0.0.1:by-scp"), ""),
                        (("-b", "-", "127.0.0.1"), "put /etc/hostname by-sftp\n")):
        program = "sftp" if stdin else "scp"
        copied = host.batch(alice.user, *argv, program=program, stdin=stdin, options=shared)
        assert copied.returncode == 0, copied.stderr
    for name in ("by-scp", "by-sftp"):
        assert os.path.getsize(os.path.join(alice.user.home, name)) > 0
    assert len(m.log.events(event="accept")) == count == 1
    master.kill()


@suite.scenario("PAM-18")
def forced_command(m):
    alice = m.enrolled("alice")
    host = server(m, "ForceCommand=echo logged-in forced")
    client = host.client(alice.user, "echo", "never")
    steps.answer_both(client, alice, alice.token.fresh())
    client.expect("logged-in forced")
    assert client.end() == 0 and "never\n" not in client.text.replace("echo never", "")
    host.stop()
    confined = server(m, "ForceCommand=internal-sftp")
    transfer = m.talk(*confined.argv(alice.user, "127.0.0.1", program="sftp"))
    steps.answer_both(transfer, alice, alice.token.fresh())
    transfer.answer("sftp> ", "pwd")
    transfer.expect("/home/alice")
    transfer.kill()


@suite.scenario("PAM-18")
def two_clients_one_code(m):
    """Both wait at the code prompt, both send the same right code: exactly one gets in."""
    alice, host = m.enrolled("alice"), server(m)
    clients = [host.client(alice.user) for _ in range(2)]
    for client in clients:
        client.answer(PASSWORD, alice.user.password)
    for client in clients:
        client.expect(CODE)
    code = alice.token.fresh()
    for client in clients:
        client.send(code)
    outcomes = sorted(client.expect(INSIDE, REFUSED)[0] for client in clients)
    assert outcomes == [0, 1], outcomes
    m.log.wait(event="accept", user="alice")
    m.log.wait(event="deny", reason="replay", user="alice")
    assert len(m.log.events(event="accept")) == 1


@suite.scenario("CON-03", "PAM-18")
def eight_guesses_side_by_side(m):
    """Eight clients wait at the code prompt before the first of them guesses: lockout_tries guesses
    are judged all the same, for the lock is tested when the answer is there."""
    alice, host = m.enrolled("alice"), server(m)
    m.configure("lockout_tries = 3")
    clients = [host.client(alice.user, options=ONE_TRY) for _ in range(8)]
    for client in clients:
        client.answer(PASSWORD, alice.user.password)
    for client in clients:
        client.expect(CODE)
        client.wait_until_hidden()
    for client in clients:
        client.send(alice.token.wrong())
    for client in clients:
        client.expect(REFUSED)
    judged = len(m.log.events(event="deny", reason="bad-code"))
    locked = len(m.log.events(event="deny", reason="locked"))
    assert (judged, locked) == (3, 5), (judged, locked)


@suite.scenario("LCK-07", "LCK-08")
def strangers_cannot_lock_the_admin_out(m):
    """Wrong codes from many addresses close `strangers`; the admin still gets in from his usual
    address, with his key, at the console and by sudo."""
    admin, host = m.enrolled("admin", period=15), server(m)
    m.allow_sudo(admin.user)
    m.example_stacks("login", "sudo")
    m.configure("lockout_tries = 3", "lockout_cap = 4")
    steps.enters(host.client(admin.user, source="127.0.0.10"), admin, admin.token.fresh())
    for number in range(8):
        attacker = host.client(admin.user, source="127.0.1.%d" % (number + 1), options=ONE_TRY)
        steps.is_refused(attacker, admin, admin.token.wrong())
        assert attacker.end() == 255
    assert m.ledger(admin.user, "strangers")[2], "strangers are not locked"
    stranger = host.client(admin.user, source="127.0.2.1", options=ONE_TRY)
    steps.is_refused(stranger, admin, admin.backup[9])
    steps.enters(host.client(admin.user, source="127.0.0.10"), admin, admin.token.fresh())
    steps.enters(m.talk("sudo", "echo", INSIDE, user=admin.user), admin, admin.backup[0])
    console = m.talk("login", console=m.console())
    console.answer("login: ", "admin")
    steps.answer_both(console, admin, admin.backup[1])
    console.expect(r"\$ ")
    console.send("exit")
    console.end()
    host.stop()
    keyed = server(m, stack=KEY_AND_CODE, drop_in="10-kling-key-and-code.conf")
    client = keyed.client(admin.user, options=with_key(m, admin), source="127.0.2.1")
    client.answer(CODE, admin.backup[2])
    client.expect(INSIDE)
    assert {e["ledger"] for e in m.log.events(event="accept")} >= {"known", "local", "console",
                                                                    "keyed"}


@suite.scenario("RES-09")
def without_syslog(m):
    """/dev/log is gone: the same answers, the same charges."""
    alice, host = m.enrolled("alice"), server(m)
    m.log.stop()
    client = host.client(alice.user)
    steps.is_refused(client, alice, alice.token.wrong())
    assert m.ledger(alice.user, "strangers")[1] == 1
    code = alice.token.fresh()
    steps.enters(client, alice, code)
    again = host.client(alice.user)
    steps.is_refused(again, alice, code)
    assert m.code_failures(alice.user) == 1


@suite.scenario("INP-01", "PAM-18")
def unknown_and_not_enrolled_look_alike(m):
    """Unknown user, user past the grace, wrong code: same prompts and text; the log knows."""
    m.kling("init")
    m.add_user("bob")
    m.configure("enroll_grace = 0")
    host, told = server(m), []
    alice = m.enrolled("alice")
    m.stack("sshd", "auth required pam_kling.so\naccount required pam_kling.so\n")
    for name in ("alice", "bob", "nobody-here"):
        client = host.client(name)
        client.answer(CODE, alice.token.wrong())
        client.expect(REFUSED)
        client.expect(CODE)
        told.append(client.text.replace(name, "NAME"))
        client.kill()
    assert told[0] == told[1] == told[2], told
    # For an unknown user sshd sends junk.
    for reason in ("bad-code", "not-enrolled", "host-refused"):
        m.log.wait(event="deny", reason=reason)
    assert not any("nobody-here" in line for line in m.log.since() if "pam_kling" in line)


@suite.scenario("NET-04", "NET-01")
def allowed_addresses(m):
    """allow_from: from outside refused in the usual words; a host name (UseDNS) never decides."""
    alice, host = m.enrolled("alice"), server(m)
    m.configure("allow_from = 127.0.0.8/29")
    steps.enters(host.client(alice.user, source="127.0.0.9"), alice, alice.token.fresh())
    outside = host.client(alice.user, source="127.0.0.20")
    steps.is_refused(outside, alice, alice.backup[0])
    outside.kill()
    m.log.wait(event="deny", reason="rhost-denied", rhost="127.0.0.20")
    host.stop()
    named = server(m, "UseDNS=yes")
    client = named.client(alice.user)
    steps.is_refused(client, alice, alice.backup[0])
    m.log.wait(event="deny", reason="rhost-name", rhost="localhost")
    assert m.status(alice.user)["codes_left"] == 10


suite.main()
