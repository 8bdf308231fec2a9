#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""kling-enroll check: silent on what is shipped, and a word about each thing that is broken."""

import contextlib
import glob
import json
import os
import shutil
import subprocess

from lab import screen  # noqa: F401 (puts tests/hosts on the path)
from harness import build
from harness.machine import append, write
from harness.suite import Suite, skip_unless

suite = Suite("check", needs=("sshd",))
PEOPLE = ("sshd", "sudo", "sudo-i", "login", "su", "passwd")


def install(m, *services):
    """The shipped stacks and drop-in, a host key, an enrolled user."""
    m.example_stacks(*(services or PEOPLE))
    for old in glob.glob("/etc/ssh/sshd_config.d/*"):
        os.unlink(old)
    m.example("ssh/sshd_config.d/10-kling.conf")
    if not glob.glob("/etc/ssh/ssh_host_*_key"):
        m.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/ssh_host_ed25519_key")
    with open("/etc/ssh/sshd_config") as config:
        text = config.read()
    if "Include /etc/ssh/sshd_config.d" not in text:
        write("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n" + text)
    return m.enrolled("alice")


def findings(m, code=None):
    got = m.run(m.tool, "check", "--json")
    answer = json.loads(got.stdout)
    assert list(answer) == ["findings"]
    problems = [f for f in answer["findings"] if f["severity"] != "note"]
    for finding in answer["findings"]:
        assert list(finding) == ["severity", "file", "line", "problem", "fix"], finding
        assert finding["problem"] and finding["fix"]
    assert got.returncode == (1 if problems else 0), got
    assert code is None or got.returncode == code, (got.returncode, problems)
    return problems


@contextlib.contextmanager
def changed(path, old, new):
    with open(path) as current:
        text = current.read()
    assert old in text, (path, old)
    write(path, text.replace(old, new, 1))
    yield
    write(path, text)


@suite.scenario("CFG-12")
def shipped_examples_are_silent(m):
    install(m)
    assert findings(m, 0) == []
    assert m.run(m.tool, "check").returncode == 0
    m.example("pam.d/kling-test")
    assert findings(m, 0) == []
    m.example("pam.d/sshd-key-and-code", "/etc/pam.d/sshd")
    os.unlink("/etc/ssh/sshd_config.d/10-kling.conf")
    m.example("ssh/sshd_config.d/10-kling-key-and-code.conf")
    assert findings(m, 0) == []


@suite.scenario("CFG-12")
def other_systems_examples_are_silent(m):
    install(m)
    examples = os.path.dirname(build.EXAMPLES)
    m.example("../fedora/system-auth", "/etc/pam.d/system-auth")
    for service in ("sudo", "login", "su", "sshd"):
        m.stack(service, "".join("%s include system-auth\n" % t
                                 for t in ("auth", "account", "password", "session")))
    assert findings(m) == []
    if os.path.exists(examples + "/alpine/pam.d/sshd"):
        m.stack("base-account", "account required pam_unix.so\n")
        m.stack("base-session", "session required pam_unix.so\n")
        m.example("../alpine/pam.d/sshd", "/etc/pam.d/sshd")
        assert findings(m) == []


@suite.scenario("CFG-12")
def pam_auth_update_is_silent(m):
    skip_unless(shutil.which("pam-auth-update"), "no pam-auth-update")
    install(m)
    for service in PEOPLE:
        m.stack(service, "@include common-auth\n@include common-account\n"
                "@include common-password\n@include common-session\n")
    for name in ("kling", "kling-preauth"):
        m.example("pam-configs/" + name, "/usr/share/pam-configs/" + name)
    got = m.run("pam-auth-update", "--force", "--enable", "kling", "kling-preauth",
                env={"DEBIAN_FRONTEND": "noninteractive"})
    assert got.returncode == 0, got.stderr
    assert findings(m, 0) == []


# name: file, what is there, what stands there instead, a word of the problem, a word of the fix
CODE = "auth       required     pam_kling.so\n"
PREAUTH = "auth       requisite    pam_kling.so preauth\n"
ACCOUNT = "account    required     pam_kling.so\n"
JUMP = "auth [success=2 default=ignore] pam_unix.so\nauth requisite pam_deny.so\n"
PERMIT = "auth required pam_permit.so\n"
SSHD = "/etc/pam.d/sshd"
DROP_IN = "/etc/ssh/sshd_config.d/10-kling.conf"
BROKEN = {
    "a sufficient line before": (SSHD, CODE, "auth sufficient pam_fprintd.so\n" + CODE,
                                 "pam_fprintd", "before"),
    "sufficient pam_unix": (SSHD, "@include common-auth", "auth sufficient pam_unix.so",
                            "pam_unix", "before"),
    "a jump over it": (SSHD, "@include common-auth\n" + CODE, JUMP + CODE + PERMIT, "pam_unix",
                       "before"),
    "a jump to nowhere": (SSHD, "@include common-auth\n", JUMP, "do not let in", "jump"),
    "default=ignore": (SSHD, CODE, "auth [success=ok default=ignore] pam_kling.so\n",
                       "does not refuse", "required"),
    "optional": (SSHD, CODE, "auth optional pam_kling.so\n", "does not refuse", "required"),
    "sufficient itself": (SSHD, CODE, "auth sufficient pam_kling.so\n", "does not refuse",
                          "required"),
    "a code alone": (SSHD, "@include common-auth", "auth optional pam_unix.so", "wrong password",
                     "requisite"),
    "no account line": (SSHD, ACCOUNT, "", "account", "account required"),
    "account behind common-account": (SSHD, ACCOUNT + "@include common-account",
                                      "@include common-account\n" + ACCOUNT, "pam_unix",
                                      "before"),
    "account optional": (SSHD, ACCOUNT, "account optional pam_kling.so\n", "does not refuse",
                         "required"),
    "grace with kling alone": (SSHD, PREAUTH + "@include common-auth\n", "", "grace",
                               "pam_permit"),
    "two codes": (SSHD, CODE, CODE + CODE, "replay", "leave one"),
    "faillock too": (SSHD, PREAUTH, "auth required pam_faillock.so preauth\n" + PREAUTH,
                     "counts the same", "lines out"),
    "preauth required": (SSHD, PREAUTH, "auth required pam_kling.so preauth\n", "judged",
                         "requisite"),
    "preauth late": (SSHD, PREAUTH + "@include common-auth\n", "@include common-auth\n" + PREAUTH,
                     "before preauth", "first"),
    "preauth without a code": (SSHD, CODE, "", "no line asks", "auth required"),
    "password required": (SSHD, "password   requisite    pam_kling.so",
                          "password required pam_kling.so", "stored all the same", "requisite"),
    "no use_authtok": (SSHD, "use_authtok yescrypt", "yescrypt", "of its own", "use_authtok"),
    "an argument that is wrong": (SSHD, CODE, "auth required pam_kling.so lockout_tries=no\n",
                                  "sshd", "argument"),
    "a missing include": (SSHD, "@include common-account", "account include no-such-file",
                          "not there", "include"),
    "sudo without": ("/etc/pam.d/sudo", CODE, "", "sudo", "DEPLOY"),
    "KbdInteractiveAuthentication": (DROP_IN, "KbdInteractiveAuthentication yes",
                                     "KbdInteractiveAuthentication no", "ever be asked",
                                     "KbdInteractiveAuthentication yes"),
    "UsePAM": (DROP_IN, "UsePAM yes", "UsePAM no", "PAM", "UsePAM yes"),
    "PasswordAuthentication": (DROP_IN, "PasswordAuthentication no", "PasswordAuthentication yes",
                               "with the password", "PasswordAuthentication no"),
    "UseDNS": (DROP_IN, "UsePAM yes", "UsePAM yes\nUseDNS yes", "addresses", "UseDNS no"),
    "key only": (DROP_IN, "UsePAM yes", "UsePAM yes\nAuthenticationMethods publickey",
                 "keyboard-interactive", "AuthenticationMethods"),
}


@suite.scenario("CFG-12")
def broken_stacks(m):
    install(m)
    assert findings(m, 0) == []
    for name, (path, old, new, problem, fix) in BROKEN.items():
        with changed(path, old, new):
            found = findings(m, 1)
        told = [f for f in found if problem in f["problem"] and fix in f["fix"]]
        assert told, (name, found)
        assert all(f["file"].startswith("/etc/") for f in told), told
        if "include" not in name and name not in ("sudo without",) and path != DROP_IN:
            assert told[0]["line"], (name, told)
    assert findings(m, 0) == []


@suite.scenario("CFG-12", "CFG-07", "CFG-09")
def broken_settings_and_stores(m):
    account = install(m)
    state = m.state_dir + "/users/alice/"

    def expect(problem, fix, file=None):
        found = findings(m, 1)
        told = [f for f in found if problem in f["problem"] and fix in f["fix"]]
        assert told and (file is None or any(f["file"] == file for f in told)), found

    m.configure("lockout_tries = many")
    found = findings(m, 1)
    assert found[0]["file"] == m.conf_path and found[0]["line"] == 1, found
    m.configure("public_key = needs_code")
    expect("key alone", "AuthenticationMethods")
    m.configure()
    with open(m.conf_path) as sample:
        shipped = sample.read()
    for service in ("cron",):
        m.stack(service, "@include common-auth\nauth required pam_kling.so\n"
                "account required pam_kling.so\n@include common-account\n")
    assert findings(m, 0) == []
    write(m.conf_path, "")
    expect("cron", "second_factor = off")
    write(m.conf_path, shipped)
    os.unlink("/etc/pam.d/cron")
    with open(state + "enrollment", "r+b") as record:
        record.seek(-5, os.SEEK_END)
        record.write(b"\0\0\0\0\0")
    expect("alice", "remove --force", state[:-1])
    m.kling("remove", "--force", "alice")
    account = m.enroll(account.user)
    os.chmod(state + "enrollment", 0o644)
    expect("alice", "owner", state[:-1])
    os.chmod(state + "enrollment", 0o600)
    with open("/etc/passwd") as passwd:
        everybody = passwd.read()
    write("/etc/passwd", "".join(line for line in everybody.splitlines(True)
                                 if not line.startswith("alice:")))
    expect("1 records", "prune")
    write("/etc/passwd", everybody)
    key = glob.glob(m.key_dir + "/*.key")[0]
    os.chmod(key, 0o644)
    expect("", "key file", m.key_dir)
    os.rename(key, "/root/key")
    expect("", "key file", m.key_dir)
    os.rename("/root/key", key)
    os.chmod(key, 0o400)
    os.rename(m.state_dir + "/marker", "/root/marker")
    expect("", "init --force", m.state_dir)
    os.rename("/root/marker", m.state_dir + "/marker")
    assert findings(m, 0) == []
    os.makedirs("/mnt/memory")
    if m.run("mount", "-t", "tmpfs", "-o", "mode=0700", "none", "/mnt/memory").returncode == 0:
        m.configure("state_dir = /mnt/memory/kling")
        m.kling("init", "--force")
        expect("tmpfs: used codes", "local disk")


@suite.scenario()
def nobody_uses_it(m):
    m.kling("init")
    for service in PEOPLE:
        m.stack(service, "@include common-auth\n@include common-account\n")
    found = findings(m, 1)
    assert [f["file"] for f in found if "no service" in f["problem"]] == ["/etc/pam.d"], found


def forecast(m, *argv):
    got = m.run(m.tool, "check", "--json", *argv)
    answer = json.loads(got.stdout)
    assert got.returncode == (1 if answer["decision"] == "deny" else 0)
    return answer["decision"], answer["reason"], answer["section"]


@suite.scenario()
def forecasts(m):
    install(m)
    m.add_user("bob")
    sections = "[from 10.0.0.0/8]\nsecond_factor = off\n[user bob]\nenroll_grace = 0\n"
    m.configure("allow_from = 10.0.0.0/8 192.0.2.0/24", sections=sections)
    assert forecast(m, "--user", "alice", "--from", "192.0.2.7") == ("ask", "ok", "default")
    decision, reason, section = forecast(m, "--user", "alice", "--from", "203.0.113.7")
    assert (decision, reason) == ("deny", "rhost-denied")
    with open(m.conf_path) as text:
        assert text.read().splitlines()[int(section.split(":")[1]) - 1].startswith("allow_from")
    assert forecast(m, "--user", "alice", "--from", "host.example")[:2] == ("deny", "rhost-name")
    decision, reason, section = forecast(m, "--user", "alice", "--from", "10.1.1.1")
    assert (decision, reason) == ("pass", "off")
    with open(m.conf_path) as text:
        lines = text.read().splitlines()
    assert section.startswith(m.conf_path + ":")
    assert lines[int(section.split(":")[1]) - 1] == "second_factor = off", section
    assert forecast(m, "--user", "bob", "--from", "192.0.2.7")[:2] == ("deny", "not-enrolled")
    assert forecast(m, "--user", "ghost", "--from", "192.0.2.7")[:2] == ("deny", "unknown")
    m.configure()
    assert forecast(m, "--user", "bob")[:2] == ("pass", "grace")
    with changed(SSHD, CODE, "auth required pam_kling.so second_factor=off\n"):
        assert forecast(m, "--user", "alice") == ("pass", "off", "argument")
    assert m.run(m.tool, "check", "--service", "sshd").returncode == 2
    text = m.run(m.tool, "check", "--user", "alice").stdout
    assert "decision  ask" in text and "section" in text, text


@suite.scenario("CFG-12")
def add_says_so_too(m):
    install(m)
    m.add_user("bob")
    with changed(DROP_IN, "KbdInteractiveAuthentication yes", "KbdInteractiveAuthentication no"):
        got = m.run(m.tool, "add", "--no-confirm", "--sheet", "/root/b.txt", "bob")
    assert got.returncode == 0 and "KbdInteractiveAuthentication yes" in got.stderr, got.stderr


@suite.scenario()
def without_cairo_or_sshd(m):
    """What is not there is not complained of."""
    install(m)
    os.unlink(shutil.which("sshd", path="/usr/sbin:/usr/local/sbin"))
    assert findings(m, 0) == []
    assert subprocess.run([m.tool, "check"], stdout=subprocess.DEVNULL).returncode == 0
    append("/etc/pam.d/sshd", "# a note\n")
    assert findings(m, 0) == []


if __name__ == "__main__":
    suite.main()
