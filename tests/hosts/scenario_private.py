#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""The harness itself: what happens in the private machine stays there, and the dialogues are true.

Runs without Kling, so that a failure here says: not the module, the harness.
"""

import os
import socket

from harness import sshd
from harness.log import parse
from harness.oath import code
from harness.suite import Suite

suite = Suite("private", needs=("sshd", "sudo", "oathtool"))


@suite.scenario(kling=False)
def changes_stay_inside(m):
    """Each scenario starts from the machine's own files, whatever another one did to them."""
    assert not os.path.exists("/etc/left-behind")
    m.add_user("alice")
    m.stack("left-behind", "auth required pam_deny.so\n")
    open("/etc/left-behind", "w").close()
    assert len([p for p in os.listdir("/proc") if p.isdigit()]) < 12, "other processes are visible"


@suite.scenario(kling=False)
def changes_stay_inside_again(m):
    changes_stay_inside(m)


@suite.scenario(kling=False)
def only_loopback(m):
    assert [name for _, name in socket.if_nameindex()] == ["lo"]
    with socket.socket() as probe:
        probe.settimeout(1)
        try:
            probe.connect(("192.0.2.1", 22))
        except OSError:
            return
    raise AssertionError("the network is reachable")


@suite.scenario(kling=False)
def password_in_each_program(m):
    """pam_unix alone: the dialogues with sshd, sudo, su and login work, right and wrong."""
    alice = m.add_user("alice")
    m.allow_sudo(alice)
    server = sshd.Server(m, "KbdInteractiveAuthentication=yes", "PasswordAuthentication=no")
    for dialogue in (server.client(alice), m.talk("sudo", "echo", "logged-in", user=alice),
                     m.talk("su", "-c", "echo logged-in", "alice", user=m.add_user("bob"))):
        dialogue.answer("(?i)password.*: ", alice.password)
        dialogue.expect("logged-in")
        assert dialogue.end() == 0
    refused = m.talk("su", "-c", "echo logged-in", "alice", user=m.users["bob"])
    refused.answer("Password: ", "wrong")
    refused.expect("Authentication failure")
    assert refused.end() != 0 and "logged-in" not in refused.text


@suite.scenario(kling=False)
def console_is_a_console(m):
    alice = m.add_user("alice")
    login = m.talk("login", console=m.console())
    login.answer("login: ", "alice")
    login.answer("Password: ", alice.password)
    login.expect(r"\$ ")
    login.send("tty")
    login.expect("\n/dev/tty1\n")
    login.send("exit")
    assert login.end() == 0


@suite.scenario(kling=False)
def log_lines_are_collected(m):
    m.run("su", "-c", "true", "nobody")
    m.log.wait_text(r"pam_unix\(su:session\)")
    fields = parse(r'sshd[7]: pam_kling(sshd:auth): event=deny user="a\x0a\"b" uid=7')
    assert fields == {"event": "deny", "user": 'a\n"b', "uid": "7"}, fields


@suite.scenario(kling=False)
def oathtool_speaks_rfc_6238(m):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code(secret, 59, digits=8) == "94287082"
    assert code(secret, 1234567890, digits=8) == "89005924"


suite.main()
