#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""kling-enroll check: silent on what is shipped, and a word about each thing that is broken."""

import contextlib
import ctypes
import glob
import json
import os
import re
import shutil
import subprocess
import time

from lab import screen  # noqa: F401 (puts tests/hosts on the path)
from harness import build
from harness.log import parse
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
    assert old is None or old in text, (path, old)
    write(path, text.replace(old, new, 1) if old else new)
    yield
    write(path, text)


@contextlib.contextmanager
def kept(*paths):
    """Files are as they were afterwards."""
    before = {}
    for path in paths:
        with open(path) as current:
            before[path] = current.read()
    yield
    for path, text in before.items():
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


# Profiles as Debian's packages bring them.
PROFILES = {
    "fprintd": """Name: Fingerprint authentication
Default: yes
Priority: 260
Auth-Type: Primary
Auth:
	[success=end default=ignore]	pam_fprintd.so max-tries=1 timeout=10
Auth-Initial:
	[success=end default=ignore]	pam_fprintd.so max-tries=1 timeout=10
""",
    "sss": """Name: SSS authentication
Default: yes
Priority: 128
Auth-Type: Primary
Auth:
	[success=end default=ignore]	pam_sss.so use_first_pass
Auth-Initial:
	[success=end default=ignore]	pam_sss.so forward_pass
Account-Type: Additional
Account:
	sufficient			pam_localuser.so
	[default=bad success=ok user_unknown=ignore]	pam_sss.so
Account-Initial:
	[default=bad success=ok user_unknown=ignore]	pam_sss.so
Session-Type: Additional
Session:
	optional			pam_sss.so
Password-Type: Primary
Password:
	sufficient			pam_sss.so use_authtok
Password-Initial:
	sufficient			pam_sss.so
""",
    "krb5": """Name: Kerberos authentication
Default: yes
Priority: 704
Auth-Type: Primary
Auth:
	[success=end default=ignore]	pam_krb5.so minimum_uid=1000 try_first_pass
Auth-Initial:
	[success=end default=ignore]	pam_krb5.so minimum_uid=1000
Account-Type: Additional
Account:
	required			pam_krb5.so minimum_uid=1000
Password-Type: Primary
Password:
	[success=end default=ignore]	pam_krb5.so minimum_uid=1000 try_first_pass use_authtok
Password-Initial:
	[success=end default=ignore]	pam_krb5.so minimum_uid=1000
""",
    "gnome-keyring": """Name: GNOME Keyring Daemon - Login keyring management
Default: yes
Priority: 0
Auth-Type: Additional
Auth:
	optional	pam_gnome_keyring.so
Password-Type: Additional
Password:
	optional	pam_gnome_keyring.so
""",
    "pwquality": """Name: Pwquality password strength checking
Default: yes
Priority: 1024
Conflicts: cracklib
Password-Type: Primary
Password:
	requisite			pam_pwquality.so retry=3
Password-Initial:
	requisite			pam_pwquality.so retry=3
""",
}


@suite.scenario("CFG-12")
def pam_auth_update_beside_others(m):
    """Debian's primary block jumps; Kling stands behind it, among the additional ones."""
    skip_unless(shutil.which("pam-auth-update"), "no pam-auth-update")
    install(m, "kling-test")
    os.unlink("/etc/pam.d/kling-test")
    for name in ("kling", "kling-preauth"):
        m.example("pam-configs/" + name, "/usr/share/pam-configs/" + name)
    for name, text in PROFILES.items():
        write("/usr/share/pam-configs/" + name, text)
    other = sorted(PROFILES)
    for chosen in ([], ["kling-preauth"], ["fprintd"], ["sss"], ["krb5", "kling-preauth"],
                   ["gnome-keyring", "pwquality"], other, other + ["kling-preauth"]):
        got = m.run("pam-auth-update", "--force", "--remove", "kling", "kling-preauth", *other,
                    env={"DEBIAN_FRONTEND": "noninteractive"})
        assert got.returncode == 0, got
        got = m.run("pam-auth-update", "--force", "--enable", "kling", *chosen,
                    env={"DEBIAN_FRONTEND": "noninteractive"})
        assert got.returncode == 0, got
        with open("/etc/pam.d/common-auth") as text:
            common = text.read()
        assert "pam_kling.so" in common and all("pam_%s.so" % c in common for c in chosen
                                                if c in ("fprintd", "sss", "krb5")), common
        found = findings(m)
        assert found == [], (chosen, common, found)
    # The jump that a hand made longer is found.
    with open("/etc/pam.d/common-auth") as text:
        jumps = re.findall(r"success=(\d+)", text.read())
    assert jumps, jumps
    longer = "success=%d " % (int(jumps[0]) + 2)
    with changed("/etc/pam.d/common-auth", "success=%s " % jumps[0], longer):
        told = [f for f in findings(m, 1) if "before pam_kling is asked" in f["problem"]]
        assert told and all(f["file"] == "/etc/pam.d/common-auth" for f in told), told


# name: file, what is there, what stands there instead; how the blamed line begins, severity, a word
# of the problem, a word of the fix, and how that fix is applied (see apply)
CODE = "auth       required     pam_kling.so\n"
PREAUTH = "auth       requisite    pam_kling.so preauth\n"
ACCOUNT = "account    required     pam_kling.so\n"
PASSWORD = "password   requisite    pam_kling.so\n"
STORES = "password   required     pam_unix.so use_authtok yescrypt\n"
JUMP = "auth [success=2 default=ignore] pam_unix.so\nauth requisite pam_deny.so\n"
PERMIT = "auth required pam_permit.so\n"
SSHD = "/etc/pam.d/sshd"
DROP_IN = "/etc/ssh/sshd_config.d/10-kling.conf"
BROKEN = {
    "a sufficient line before": (SSHD, CODE, "auth sufficient pam_fprintd.so\n" + CODE,
                                 "auth sufficient pam_fprintd", "error", "pam_fprintd", "before",
                                 "under the code"),
    "sufficient pam_unix": (SSHD, "@include common-auth", "auth sufficient pam_unix.so",
                            "auth sufficient pam_unix", "error", "pam_unix", "before",
                            "auth requisite pam_unix.so"),
    "sufficient in an include": ("/etc/pam.d/common-auth", "auth    [success=1 default=ignore]",
                                 "auth sufficient ", "auth sufficient", "error", "pam_unix",
                                 "before", "auth [success=1 default=ignore] pam_unix.so"),
    "a jump over it": (SSHD, "@include common-auth\n" + CODE, JUMP + CODE + PERMIT,
                       "auth [success=2", "error", "pam_unix", "before",
                       "auth [success=1 default=ignore] pam_unix.so"),
    "a jump to nowhere": (SSHD, "@include common-auth\n", JUMP, CODE, "error", "do not let in",
                          "jump", None),
    "default=ignore": (SSHD, CODE, "auth [success=ok default=ignore] pam_kling.so\n",
                       "auth [success=ok", "error", "does not refuse", "required", "line"),
    "optional": (SSHD, CODE, "auth optional pam_kling.so\n", "auth optional", "error",
                 "does not refuse", "required", "line"),
    "sufficient itself": (SSHD, CODE, "auth sufficient pam_kling.so\n", "auth sufficient", "error",
                          "does not refuse", "required", "line"),
    "optional with arguments": (SSHD, CODE, "auth optional pam_kling.so lockout_tries=3\n",
                                "auth optional", "error", "does not refuse",
                                "`auth required pam_kling.so lockout_tries=3`", "line"),
    "a code alone": (SSHD, "@include common-auth", "auth optional pam_unix.so nullok",
                     "auth optional pam_unix", "error", "wrong password",
                     "`auth requisite pam_unix.so nullok`", "line"),
    "no account line": (SSHD, None, "auth requisite pam_unix.so\nauth required pam_kling.so\n"
                        "account required pam_unix.so\n", "auth required pam_kling", "error",
                        "keys are not judged", "account required", "account"),
    "preauth without account": (SSHD, ACCOUNT, "", PREAUTH, "error", "right passwords count",
                                "account required", "account"),
    "account behind common-account": (SSHD, ACCOUNT + "@include common-account",
                                      "@include common-account\n" + ACCOUNT,
                                      "account [success=1", "error", "pam_unix", "before",
                                      "account"),
    "account optional": (SSHD, ACCOUNT, "account optional pam_kling.so\n", "account optional",
                         "error", "does not refuse", "required", "line"),
    "grace with kling alone": (SSHD, PREAUTH + "@include common-auth\n", "", CODE, "warning",
                               "grace", "pam_permit", "behind"),
    "two codes": (SSHD, CODE, CODE + CODE, CODE, "error", "replay", "leave one", "out"),
    "faillock too": (SSHD, PREAUTH, "auth required pam_faillock.so preauth\n" + PREAUTH,
                     "auth required pam_faillock", "warning", "counts the same", "lines out",
                     "out"),
    "preauth required": (SSHD, PREAUTH, "auth required pam_kling.so preauth\n",
                         "auth required pam_kling.so preauth", "warning", "judged", "requisite",
                         "line"),
    "preauth late": (SSHD, PREAUTH + "@include common-auth\n", "@include common-auth\n" + PREAUTH,
                     PREAUTH, "warning", "before preauth", "first", "first"),
    "preauth without a code": (SSHD, CODE, "", PREAUTH, "error", "no line asks", "auth required",
                               "under the password"),
    "password required": (SSHD, PASSWORD, "password required pam_kling.so\n", "password required",
                          "error", "stored all the same", "requisite", "line"),
    "password behind pam_unix": (SSHD, PASSWORD + STORES, STORES + PASSWORD, PASSWORD, "error",
                                 "before its rules", "before the line", "swap"),
    "no use_authtok": (SSHD, "use_authtok yescrypt", "yescrypt", "password   required", "error",
                       "of its own", "`password required pam_unix.so yescrypt use_authtok`",
                       "line"),
    "an argument that is wrong": (SSHD, CODE, "auth required pam_kling.so lockout_tries=no\n",
                                  "auth required", "error", "lockout_tries=no", "argument", None),
    "a missing include": (SSHD, "@include common-account", "account include no-such-file",
                          "account include", "error", "no-such-file", "included file", "out"),
    "combined behind the password": (SSHD, CODE,
                                     "auth required pam_kling.so prompt_style=combined\n",
                                     "auth required pam_kling", "error", "together",
                                     "use_first_pass", None),
    "sudo without": ("/etc/pam.d/sudo", CODE + "\n" + ACCOUNT, "", None, "warning", "sudo",
                     "pam_kling(8)", None),
    "sudo -i without": ("/etc/pam.d/sudo-i", CODE + "\n" + ACCOUNT, "", None, "warning", "sudo-i",
                        "pam_kling(8)", None),
    "KbdInteractiveAuthentication": (DROP_IN, "KbdInteractiveAuthentication yes",
                                     "KbdInteractiveAuthentication no",
                                     "KbdInteractiveAuthentication", "error", "ever be asked",
                                     "KbdInteractiveAuthentication yes", "keyword"),
    "UsePAM": (DROP_IN, "UsePAM yes", "UsePAM no", "UsePAM", "error", "PAM", "UsePAM yes",
               "keyword"),
    "PasswordAuthentication": (DROP_IN, "PasswordAuthentication no", "PasswordAuthentication yes",
                               "PasswordAuthentication", "warning", "with the password",
                               "PasswordAuthentication no", "keyword"),
    "UseDNS": (DROP_IN, "UsePAM yes", "UsePAM yes\nUseDNS yes", "UseDNS", "warning", "addresses",
               "UseDNS no", "keyword"),
    "key only": (DROP_IN, "UsePAM yes", "UsePAM yes\nAuthenticationMethods publickey",
                 "AuthenticationMethods", "error", "keyboard-interactive", "AuthenticationMethods",
                 "keyword"),
}


def first_like(lines, *beginnings):
    return next(i for i, line in enumerate(lines)
                if any(" ".join(line.split()).startswith(b) for b in beginnings))


def apply(how, told):
    """Do to the file what the fix says, as printed."""
    with open(told["file"]) as text:
        lines = text.read().splitlines()
    at = (told["line"] or 0) - 1
    written = re.search("`([^`]*)`", told["fix"])
    if how == "line":
        lines[at] = written.group(1)
    elif how == "keyword":
        keyword = lines[at].split()[0]
        lines[at] = re.search("`(%s [^`]*)`" % keyword, told["fix"]).group(1)
    elif how == "out":
        del lines[at]
    elif how == "behind":
        lines.insert(at + 1, written.group(1))
    elif how == "first":
        del lines[at]
        lines.insert(first_like(lines, "auth", "@include common-auth"), written.group(1))
    elif how == "account":
        with open(SSHD) as text:
            lines = [line for line in text.read().splitlines()
                     if not line.startswith("account    required     pam_kling")]
        lines.insert(first_like(lines, "account", "@include common-account"),
                     "account required pam_kling.so")
        told = dict(told, file=SSHD)
    elif how == "under the code":
        code = first_like(lines, "auth required pam_kling.so")
        lines.insert(at, lines.pop(code))
    elif how == "under the password":
        lines.insert(first_like(lines, "@include common-auth") + 1, written.group(1))
    elif how == "swap":
        del lines[at]
        lines.insert(first_like(lines, "password required pam_unix"), written.group(1))
    else: # the line that the test thinks the words mean
        lines[at] = how
    write(told["file"], "\n".join(lines) + "\n")


@suite.scenario("CFG-12")
def broken_stacks(m):
    """Each is found at its line, in its severity; what the fix says takes the finding away."""
    install(m)
    assert findings(m, 0) == []
    for name, (path, old, new, blamed, severity, problem, fix, how) in BROKEN.items():
        with changed(path, old, new), kept(SSHD, "/etc/pam.d/common-auth"):
            found = findings(m, 1)
            told = [f for f in found if problem in f["problem"] and fix in f["fix"]]
            assert told and told[0]["severity"] == severity, (name, found)
            assert all(f["file"].startswith("/etc/") for f in found), found
            with open(told[0]["file"]) as text:
                lines = text.read().splitlines()
            if blamed:
                assert lines[told[0]["line"] - 1].startswith(blamed.rstrip("\n")), (name, told)
            else:
                assert told[0]["file"] == path and told[0]["line"] is None, (name, told)
            if how:
                apply(how, told[0])
                again = findings(m)
                assert not [f for f in again if f["problem"] == told[0]["problem"]], (name, again)
                assert len(again) < len(found), (name, again)
    assert findings(m, 0) == []
    assert len(BROKEN) >= 24


@suite.scenario("CFG-12", "CFG-07", "CFG-09")
def broken_settings_and_stores(m):
    account = install(m)
    state = m.state_dir + "/users/alice/"

    def expect(problem, fix, file=None):
        found = findings(m, 1)
        told = [f for f in found if problem in f["problem"] and fix in f["fix"]]
        assert told and (file is None or any(f["file"] == file for f in told)), found
        return told[0]["fix"]

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
    fix = expect("alice: damaged", "`kling-enroll remove --force alice`", state + "enrollment")
    assert m.run("sh", "-c", command_of(fix)).returncode == 0
    assert findings(m, 0) == []
    account = m.enroll(account.user)
    os.chmod(state + "enrollment", 0o644)
    expect("alice", "chmod 0600", state + "enrollment")
    os.chmod(state + "enrollment", 0o600)
    with open("/etc/passwd") as passwd:
        everybody = passwd.read()
    write("/etc/passwd", "".join(line for line in everybody.splitlines(True)
                                 if not line.startswith("alice:")))
    expect("1 record is", "prune")
    write("/etc/passwd", everybody)
    key = glob.glob(m.key_dir + "/*.key")[0]
    os.chmod(key, 0o644)
    expect("", "chmod 0400", key)
    os.rename(key, "/root/key")
    expect("", "key file", m.key_dir)
    os.rename("/root/key", key)
    os.chmod(key, 0o400)
    os.rename(m.state_dir + "/marker", "/root/marker")
    expect("", "init --force", m.state_dir)
    os.rename("/root/marker", m.state_dir + "/marker")
    assert findings(m, 0) == []
    with open(state + "state", "r+b") as record:
        record.write(b"\0" * 16384)
    fix = expect("alice: damaged", "`kling-enroll unlock alice`", state + "state")
    assert m.run("sh", "-c", command_of(fix)).returncode == 0
    assert findings(m, 0) == []
    os.unlink(state + "state")
    fix = expect("no state beside it", "`kling-enroll unlock alice`", state[:-1])
    assert m.run("sh", "-c", command_of(fix)).returncode == 0
    assert findings(m, 0) == []
    if m.run("mount", "--bind", m.state_dir, m.state_dir).returncode == 0:
        assert m.run("mount", "-o", "remount,ro,bind", m.state_dir).returncode == 0
        assert len(findings(m, 1)) == 1
        expect("read-only", "mount it for writing", m.state_dir)
        assert m.run("umount", m.state_dir).returncode == 0
    m.kling("add", "--no-confirm", "--json", "--label", "tablet", "--digits", "8", "alice")
    assert findings(m, 0) == []
    m.configure(sections="[service imap]\nprompt_style = combined\n")
    m.stack("imap", "auth required pam_kling.so\nauth required pam_unix.so use_first_pass\n"
            "account required pam_kling.so\naccount required pam_unix.so\n")
    assert [f["file"] for f in findings(m, 1)] == [state[:-1]]
    expect("tokens of different lengths", "replace one", state[:-1])
    m.configure(sections="[service imap]\nprompt_style = combined\n[user alice]\n"
                "prompt_style = separate\n")
    assert findings(m, 0) == []
    m.configure()
    os.unlink("/etc/pam.d/imap")
    assert findings(m, 0) == []
    os.makedirs("/mnt/memory")
    if m.run("mount", "-t", "tmpfs", "-o", "mode=0700", "none", "/mnt/memory").returncode == 0:
        m.configure("state_dir = /mnt/memory/kling")
        m.kling("init", "--force")
        expect("tmpfs: used codes", "local disk")


def command_of(fix):
    """The command line that a fix has between backquotes."""
    return re.search("`([^`]*)`", fix).group(1)


def wrong(path, mode=None, owner=None):
    if owner is not None:
        os.chown(path, owner, -1)
    if mode is not None:
        os.chmod(path, mode)


# what: path, mode, owner, words of the problem; whether logins are refused
RIGHTS = {
    "key mode": ("{key}", 0o644, None, "its mode is 0644 and should be 0400", True),
    "key owner": ("{key}", None, 4000, "its owner is alice and should be root", True),
    "key both": ("{key}", 0o440, 4000, "owner alice, mode 0440, and should be of owner root, "
                 "mode 0400", True),
    "keys owner": ("{keys}", None, 4000, "its owner is alice and should be root", True),
    "keys open": ("{keys}", 0o777, None, "its mode is 0777 and should be 0700", True),
    "keys listed": ("{keys}", 0o755, None, "its mode is 0755 and should be 0700", False),
    "conf mode": ("{conf}", 0o666, None, "its mode is 0666 and should be 0644", True),
    "conf owner": ("{conf}", None, 4000, "its owner is alice and should be root", True),
    "conf above": ("{above}", 0o775, None, "its mode is 0775 and should be 0755", True),
    "state owner": ("{state}", None, 4000, "its owner is alice and should be root", True),
    "state open": ("{state}", 0o770, None, "its mode is 0770 and should be 0700", True),
    "state listed": ("{state}", 0o755, None, "its mode is 0755 and should be 0700", False),
    "users owner": ("{state}/users", None, 4000, "its owner is alice", True),
    "users listed": ("{state}/users", 0o711, None, "its mode is 0711 and should be 0700", False),
    "marker": ("{state}/marker", 0o644, None, "its mode is 0644 and should be 0600", True),
    "table": ("{state}/unknown", 0o660, None, "its mode is 0660 and should be 0600", True),
    "user's": ("{state}/users/alice", None, 4000, "its owner is alice and should be root", True),
    "user's listed": ("{state}/users/alice", 0o755, None, "mode is 0755", False),
    "record": ("{state}/users/alice/enrollment", 0o644, None, "its mode is 0644 and should be 0600",
               True),
    "state file": ("{state}/users/alice/state", None, 4000, "its owner is alice and should be root",
                   True),
}


@suite.scenario("CFG-02", "CFG-07", "FIL-02", "FIL-05")
def owners_and_modes(m):
    """The very path, what it has and should have, and a command that mends it as printed."""
    install(m)
    key = glob.glob(m.key_dir + "/*.key")[0]
    places = {"key": key, "keys": m.key_dir, "conf": m.conf_path, "state": m.state_dir,
              "above": os.path.dirname(m.conf_path)}
    for name, (path, mode, owner, problem, refused) in RIGHTS.items():
        path = path.format(**places)
        wrong(path, mode, owner)
        found = findings(m, 1)
        told = [f for f in found if f["file"] == path and problem in f["problem"]]
        assert len(told) == 1 and found == told, (name, found)
        assert told[0]["severity"] == ("error" if refused else "warning"), told
        assert path in told[0]["fix"], told
        got = m.run(m.tool, "status", "alice")
        if not refused:
            assert got.returncode == 0, got
        elif name != "table":
            assert got.returncode == 5, (name, got)
            assert path in got.stderr and command_of(told[0]["fix"]) in got.stderr, (name, got)
        assert m.run("sh", "-c", command_of(told[0]["fix"])).returncode == 0, told
        assert findings(m, 0) == [], name
    assert m.run(m.tool, "status", "alice").returncode == 0


@suite.scenario("FIL-01", "FIL-03", "CFG-06", "CFG-07")
def links_and_guests(m):
    install(m)
    key = glob.glob(m.key_dir + "/*.key")[0]

    def one(path, problem, severity="error"):
        found = findings(m, 1)
        assert [f["file"] for f in found] == [path], found
        assert problem in found[0]["problem"] and found[0]["severity"] == severity, found
        return found[0]["fix"]

    record = m.state_dir + "/users/alice/enrollment"
    os.link(record, "/root/second name")
    fix = one(record, "2 names")
    assert m.run("sh", "-c", command_of(fix)).returncode == 0
    assert findings(m, 0) == []
    os.rename(m.state_dir, "/srv/kling")
    os.symlink("/srv/kling", m.state_dir)
    assert "/srv/kling" in one(m.state_dir, "symbolic link (to /srv/kling)")
    os.unlink(m.state_dir)
    os.rename("/srv/kling", m.state_dir)
    for name in ("1.key.dpkg-old", "key of old host", os.path.basename(key) + "~"):
        guest = m.key_dir + "/" + name
        shutil.copy(key, guest)
        assert m.run(m.tool, "status", "alice").returncode == 0
        fix = one(guest, "not named as a key", "warning")
        assert m.run("sh", "-c", command_of(fix)).returncode == 0
        assert findings(m, 0) == []
    damaged = m.key_dir + "/0123456789abcdef.key"
    write(damaged, "x", 0o400)
    assert "backup" in one(damaged, "damaged")
    got = m.run(m.tool, "status", "alice")
    assert got.returncode == 5 and damaged in got.stderr, got
    os.unlink(damaged)
    shutil.copy(key, damaged)
    os.chmod(damaged, 0o400)
    fix = one(damaged, "does not fit")
    assert m.run("sh", "-c", command_of(fix)).returncode == 0
    assert findings(m, 0) == []


@suite.scenario("CFG-02", "CFG-06")
def configurations_elsewhere(m):
    install(m)
    shutil.copy(m.conf_path, "/srv/other.conf")
    for given in ("other.conf", "./other.conf"):
        got = m.run("sh", "-c", "cd /srv && %s --config %s status alice" % (m.tool, given))
        assert got.returncode == 0, got
    for given in ("../srv/other.conf", "/srv/./other.conf"):
        got = m.run("sh", "-c", "cd /srv && %s --config %s status alice" % (m.tool, given))
        assert got.returncode == 5 and "absolute" in got.stderr, got
    got = m.run(m.tool, "--config", "/srv/none.conf", "check", "--json")
    told = json.loads(got.stdout)["findings"]
    assert any(f["file"] == "/srv/none.conf" and "no such file" in f["problem"] for f in told), told
    os.chmod("/srv/other.conf", 0o662)
    got = m.run(m.tool, "--config", "/srv/other.conf", "status", "alice")
    assert got.returncode == 5 and "`chmod 0640 /srv/other.conf`" in got.stderr, got
    os.symlink("/srv/other.conf", "/srv/link.conf")
    got = m.run(m.tool, "--config", "/srv/link.conf", "check", "--json")
    assert "symbolic link (to /srv/other.conf)" in got.stdout, got


# what: a setting in front, sections behind, the line that is blamed, severity, problem, fix
CONF = {
    "a group that is not": ((), "[group wheell]\nenroll_grace = 0\n", "[group wheell]", "warning",
                            "no group wheell", "correct the name"),
    "a user that is not": ((), "[user alic]\nenroll_grace = 0\n", "[user alic]", "warning",
                           "no user alic", "correct the name"),
    "one of two users": ((), "[user alice alic]\nenroll_grace = 0\n", "[user alice alic]",
                         "warning", "no user alic:", "correct the name"),
    "ssh for sshd": ((), "[service ssh]\nenroll_grace = 0\n", "[service ssh]", "warning",
                     "no service ssh ", "`sshd`"),
    "a service that is not": ((), "[service frobnicate]\nenroll_grace = 0\n",
                              "[service frobnicate]", "warning", "no service frobnicate",
                              "correct the name"),
    "a service without Kling": ((), "[service chsh]\nenroll_grace = 0\n", "[service chsh]",
                                "warning", "/etc/pam.d/chsh has no line of pam_kling",
                                "pam_kling(8)"),
    "sudo without sudo-i": ((), "[service sudo]\nenroll_grace = 0\n", "[service sudo]", "warning",
                            "not for `sudo -i`", "`service sudo sudo-i`"),
    "su without su-l": ((), "[service su]\nenroll_grace = 0\n", "[service su]", "warning",
                        "not for `su -`", "`service su su-l`"),
    "alice is not in it": ((), "[user alice, group daemon]\nenroll_grace = 0\n",
                           "[user alice, group daemon]", "warning", "none of the users",
                           "correct its conditions"),
    "sudo from somewhere": ((), "[service sudo sudo-i, from 10.0.0.0/8]\nenroll_grace = 0\n",
                            "[service sudo sudo-i, from 10.0.0.0/8]", "warning",
                            "without an address", "correct its conditions"),
    "appended at the end": ((), "lockout_cap = 50\n", "lockout_cap = 50", "warning",
                            "does nothing here", "above line {first}"),
    "appended at the end, too": ((), "password_min_length = 15\n", "password_min_length = 15",
                                 "warning", "does nothing here", "above line {first}"),
    "grace of those who are off": ((), "[user alice]\nsecond_factor = off\nenroll_grace = 1d\n",
                                   "enroll_grace = 1d", "warning", "does nothing here",
                                   "above line {first}"),
    "set again": ((), "[user alice, service sshd]\nenroll_grace = 1d\n[user alice]\n"
                  "enroll_grace = 0\n", "enroll_grace = 1d", "warning", "never counts",
                  "take this line out"),
    "never locks": (("lockout_tries = 0",), "", "lockout_tries = 0", "warning",
                    "never lock for a time", "`lockout_tries = 5`"),
    "never locks, nor is capped": (("lockout_tries = 0", "lockout_cap = 0"), "",
                                   "lockout_tries = 0", "error", "without end",
                                   "`lockout_tries = 5`"),
    "locks for good": (("lockout_duration = 0",), "", "lockout_duration = 0", "warning",
                       "until an administrator", "`lockout_duration = 15m`"),
    "locks for good, some": ((), "[group daemon]\nlockout_duration = 0\n", "lockout_duration = 0",
                             "warning", "until an administrator", "`lockout_duration = 15m`"),
    "store in a section": ((), "[user alice]\nstate_dir = /srv/kling\n", "state_dir = /srv/kling",
                           "error", "above its sections", "above line {first}"),
    "a typing error": (("second_facter = required",), "", "second_facter = required", "error",
                       "second_facter: no such option", "did you mean `second_factor`"),
    "no such blocklist": (("password_blocklist = /srv/none",), "", "password_blocklist = /srv/none",
                          "error", "/srv/none: not there", "regular file"),
}


@suite.scenario("CFG-03", "CFG-12", "LCK-18")
def broken_configurations(m):
    """Each at its line, with a fix; without that line there is nothing to complain of."""
    install(m)
    m.configure()
    assert findings(m, 0) == []
    for name, (front, behind, line, severity, problem, fix) in CONF.items():
        m.configure(*front, sections=behind)
        with open(m.conf_path) as conf:
            lines = conf.read().splitlines()
        first = min(i for i, text in enumerate(lines, 1) if text.startswith("["))
        found = findings(m, 1)
        assert len(found) == 1, (name, found)
        told = found[0]
        assert told["file"] == m.conf_path and lines[told["line"] - 1] == line, (name, told)
        assert told["severity"] == severity and problem in told["problem"], (name, told)
        assert fix.format(first=first) in told["fix"], (name, told)
        if "move it above line" in told["fix"] and "off" not in name:
            option = lines.pop(told["line"] - 1)
            lines.insert(first - 1, option)
        elif line.startswith("["):
            end = next((i for i in range(told["line"], len(lines)) if lines[i].startswith("[")),
                       len(lines))
            del lines[told["line"] - 1:end]
        else:
            del lines[told["line"] - 1]
        write(m.conf_path, "\n".join(lines) + "\n")
        if "state_dir" not in line:
            assert findings(m, 0) == [], name
    m.configure(sections="[service sudo]\nenroll_grace = 0\n[service sudo-i]\nenroll_grace = 1d\n")
    assert findings(m, 0) == []
    m.configure(sections="[user backup]\nsecond_factor = off\n[group root sudo]\nenroll_grace = 0\n"
                "[service sudo sudo-i, user alice]\nlockout_tries = 3\n[from 10.0.0.0/8]\n"
                "enroll_grace = 1d\n[service gdm-password]\nenroll_grace = 0\n")
    assert findings(m, 0) == []


@suite.scenario("CFG-05")
def arguments_are_read(m):
    """What kling.conf says rightly a line of pam.d can say wrongly."""
    install(m)
    write("/srv/words", "one\ntwo\n", 0o666)
    password = "password   requisite    pam_kling.so"
    for old, new, problem, fix in (
            (password, password + " password_blocklist=/srv/none", "/srv/none: not there",
             "regular file"),
            (password, password + " password_blocklist=/srv/words", "/srv/words: wrong owner",
             "regular file"),
            (password, password + " password_min_lenght=3", "no such option", "argument"),
            (CODE, CODE[:-1] + " lockout_tries=0\n", "never lock", "`lockout_tries = 5`"),
            (PREAUTH, PREAUTH[:-1] + " lockout_tries=many\n", "lockout_tries=many", "argument"),
            (ACCOUNT, ACCOUNT[:-1] + " public_key=maybe\n", "public_key=maybe", "argument")):
        with changed(SSHD, old, new):
            found = findings(m, 1)
            with open(SSHD) as text:
                line = text.read().splitlines().index(new.rstrip("\n").split("\n")[0]) + 1
        assert len(found) == 1 and found[0]["file"] == SSHD and found[0]["line"] == line, found
        assert problem in found[0]["problem"] and fix in found[0]["fix"], found
    os.chmod("/srv/words", 0o644)
    with changed(SSHD, password, password + " password_blocklist=/srv/words"):
        assert findings(m, 0) == []
    with changed(SSHD, CODE, CODE[:-1] + " conf=/srv/none.conf\n"):
        found = findings(m, 1)
        assert found[0]["file"] == "/srv/none.conf" and "no such file" in found[0]["problem"], found
    write("/srv/kling.conf", "lockout_tries = 3\n", 0o606)
    with changed(SSHD, CODE, CODE[:-1] + " conf=/srv/kling.conf\n"):
        found = findings(m, 1)
        assert found[0]["file"] == "/srv/kling.conf", found
        assert command_of(found[0]["fix"]) == "chmod 0604 /srv/kling.conf", found
        assert m.run("sh", "-c", command_of(found[0]["fix"])).returncode == 0
        assert findings(m, 0) == []


# what: the block, how the line that is blamed begins, severity, problem, fix
MATCH = {
    "passwords for some": ("Match User bob,carol\n    PasswordAuthentication yes\n",
                           "    PasswordAuthentication yes", "warning",
                           "where `Match User bob,carol` applies: sshd answers",
                           "PasswordAuthentication no"),
    "by address": ("Match Address 10.0.0.0/8,192.168.1.*\n  PasswordAuthentication yes\n",
                   "  PasswordAuthentication yes", "warning", "Match Address 10.0.0.0/8",
                   "PasswordAuthentication no"),
    "by group": ("Match Group bob\nPasswordAuthentication yes\n", "PasswordAuthentication yes",
                 "warning", "Match Group bob", "PasswordAuthentication no"),
    "by pattern": ("Match User !root,b?b*\nPasswordAuthentication yes\n",
                   "PasswordAuthentication yes", "warning", "b?b*", "PasswordAuthentication no"),
    "by port": ("Match LocalPort 2222\nPasswordAuthentication yes\n", "PasswordAuthentication yes",
                "warning", "LocalPort 2222", "PasswordAuthentication no"),
    "no keyboard": ("Match User bob\nKbdInteractiveAuthentication no\nPubkeyAuthentication no\n",
                    "KbdInteractiveAuthentication no", "warning", "passes no question on",
                    "`KbdInteractiveAuthentication yes`"),
}


@suite.scenario("CFG-12")
def match_blocks(m):
    """What sshd does for some only is asked of sshd as well."""
    install(m)
    m.add_user("bob")
    assert findings(m, 0) == []
    with open(DROP_IN) as text:
        plain = text.read()
    for name, (block, line, severity, problem, fix) in MATCH.items():
        write(DROP_IN, plain + block)
        found = findings(m, 1)
        assert len(found) == 1 and found[0]["severity"] == severity, (name, found)
        told = found[0]
        with open(DROP_IN) as text:
            lines = text.read().splitlines()
        assert told["file"] == DROP_IN and lines[told["line"] - 1].startswith(line), (name, told)
        assert problem in told["problem"] and fix in told["fix"], (name, told)
        lines[told["line"] - 1] = re.search("`([^`]*)`", told["fix"]).group(1)
        write(DROP_IN, "\n".join(lines) + "\n")
        assert findings(m, 0) == [], name
    # Keys alone for an account of scripts: refused where kling.conf does not say so, else meant.
    write(DROP_IN, plain + "AuthenticationMethods publickey,keyboard-interactive:pam\n"
          "Match User bob\nAuthenticationMethods publickey\n")
    m.configure("public_key = needs_code")
    found = findings(m, 1)
    assert len(found) == 1 and "Match User bob" in found[0]["problem"], found
    m.configure("public_key = needs_code", sections="[user bob]\npublic_key = accept\n")
    assert findings(m, 0) == []
    m.configure()
    # What cannot be imagined is named as not examined.
    write(DROP_IN, plain + "Match Group nobody-has-it\nX11Forwarding no\n")
    assert findings(m, 0) == []
    notes = json.loads(m.run(m.tool, "check", "--json").stdout)["findings"]
    assert [f["line"] for f in notes if "not examined" in f["problem"]] == [
        plain.count("\n") + 1], notes


@suite.scenario("CFG-12", "PAM-18")
def a_stack_that_trusts_sshd(m):
    """pam.d/sshd-key-and-code asks for no password, so sshd must take a key before."""
    install(m)
    m.example("pam.d/sshd-key-and-code", SSHD)
    alone = "a code alone and trusts sshd"
    for methods, good in ((None, False), ("publickey,keyboard-interactive:pam", True),
                          ("publickey,keyboard-interactive", True), ("any", False),
                          ("keyboard-interactive", False),
                          ("publickey,keyboard-interactive keyboard-interactive:pam", False),
                          ("keyboard-interactive:pam,publickey", False),
                          ("publickey,keyboard-interactive publickey,publickey", True)):
        lines = ["UsePAM yes", "KbdInteractiveAuthentication yes", "PasswordAuthentication no"]
        write(DROP_IN, "\n".join(lines + (["AuthenticationMethods " + methods] if methods else []))
              + "\n")
        told = [f for f in findings(m) if alone in f["problem"]]
        assert len(told) == (0 if good else 1), (methods, told)
        if told:
            assert told[0]["severity"] == "error", told
            assert "AuthenticationMethods publickey,keyboard-interactive:pam" in told[0]["fix"]
            assert (told[0]["file"], told[0]["line"]) == (
                (DROP_IN, 4) if methods else ("/etc/ssh/sshd_config", None)), told
    m.example("pam.d/sshd", SSHD)
    write(DROP_IN, "\n".join(lines) + "\n")
    assert findings(m, 0) == []


@suite.scenario("CFG-12")
def other_ways_in_are_noted(m):
    """By hand only some programs are guarded: the rest that takes a password is named, as a note."""
    install(m)
    m.stack("vault", "auth required pam_unix.so\naccount required pam_unix.so\n")
    write("/usr/lib/pam.d/vendor", "auth required pam_unix.so\naccount required pam_unix.so\n")
    write("/usr/lib/pam.d/sshd", "auth required pam_unix.so\naccount required pam_unix.so\n")
    assert findings(m, 0) == []

    def others():
        notes = json.loads(m.run(m.tool, "check", "--json").stdout)["findings"]
        told = [f["problem"] for f in notes if "for no code: " in f["problem"]]
        return told[0].split(": ")[1].split() if told else []

    assert {"vault", "vendor", "chsh"} <= set(others()), others()
    assert not {"sshd", "sudo", "su", "cron", "runuser", "other"} & set(others()), others()
    m.configure(sections="[service vault]\nsecond_factor = off\n")
    assert "vault" not in others() and "vendor" in others(), others()
    m.configure()
    write("/usr/lib/pam.d/cockpit", "auth required pam_unix.so\n")
    found = findings(m, 1)
    assert [f["file"] for f in found] == ["/usr/lib/pam.d/cockpit"], found


@suite.scenario()
def clocks(m):
    """The kernel's own word about its clock is passed on, as a note."""
    install(m)
    buffer = ctypes.create_string_buffer(256)
    state = ctypes.CDLL(None).adjtimex(buffer)
    status = int.from_bytes(buffer.raw[40:44], "little")
    unsure = state == 5 or bool(status & 0x40)
    notes = json.loads(m.run(m.tool, "check", "--json").stdout)["findings"]
    assert any("synchronised" in f["problem"] for f in notes) == unsure, (state, status, notes)


@suite.scenario()
def lines_fit(m):
    """Eighty columns and whole words, but for a command line, which stays in one piece."""
    install(m)
    os.chmod(m.state_dir + "/users/alice/enrollment", 0o644)
    with changed(SSHD, CODE, "auth optional pam_kling.so\n"):
        text = m.run(m.tool, "check").stdout
        for line in text.splitlines():
            assert len(line) <= 80 or "`" in line, line
        assert "`chmod 0600 %s/users/alice/enrollment`" % m.state_dir in text, text
        fixes = [f["fix"] for f in json.loads(m.run(m.tool, "check", "--json").stdout)["findings"]]
        flat = " ".join(text.split())
        assert all(fix in flat for fix in fixes), (fixes, flat)
        for least, most in ((50, 60), (70, 100)):
            seen = m.talk(m.tool, "check", size=(24, most))
            seen.end()
            shown = [line.rstrip() for line in seen.transcript().splitlines()
                     if line.startswith("    ")]
            assert shown and all(len(line) <= most or "`" in line for line in shown), shown
            assert any(len(line) > least for line in shown), shown


@suite.scenario()
def nobody_uses_it(m):
    m.kling("init")
    for service in PEOPLE:
        m.stack(service, "@include common-auth\n@include common-account\n")
    found = findings(m, 1)
    assert [f["file"] for f in found if "no service" in f["problem"]] == ["/etc/pam.d"], found


def told(m, user, *argv):
    """The sentences of a forecast, however they are wrapped."""
    return " ".join(m.run(m.tool, "check", "--user", user, *argv).stdout.split())


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
    assert "bob is not enrolled; the grace begins with the next login" in told(m, "bob")
    m.kling("grace", "bob", "--extend", "3d")
    assert re.search(r"bob is not enrolled; the grace runs until .*\(in \d+ days\)", told(m, "bob"))
    assert "sshd can ask for no code" not in told(m, "alice")
    with changed(DROP_IN, "KbdInteractiveAuthentication yes", "KbdInteractiveAuthentication no"):
        assert "sshd can ask for no code" in told(m, "alice")
        assert forecast(m, "--user", "alice")[:2] == ("ask", "ok")
    with changed(SSHD, CODE, "auth required pam_kling.so second_factor=off\n"):
        assert forecast(m, "--user", "alice") == ("pass", "off", "argument")
    assert m.run(m.tool, "check", "--service", "sshd").returncode == 2
    text = m.run(m.tool, "check", "--user", "alice").stdout
    assert "decision  ask" in text and "section" in text, text


@suite.scenario("NET-04")
def forecasts_are_of_addresses(m):
    install(m)
    for banana in ("banana", "host.example", "10.0.0.0/8", "203.0.113.256", "1.2.3"):
        got = m.run(m.tool, "check", "--user", "alice", "--from", banana)
        assert got.returncode == 2 and banana in got.stderr and not got.stdout, got
    for address in ("203.0.113.7", "2001:db8::1", "::ffff:203.0.113.7", "fe80::1%eth0"):
        assert m.run(m.tool, "check", "--user", "alice", "--from", address).returncode == 0


@suite.scenario()
def forecasts_of_unguarded_services(m):
    """Where no line asks, nothing is asked, and that is said."""
    install(m, "sshd")
    m.stack("other", "auth required pam_deny.so\naccount required pam_deny.so\n")
    for service, words in (("sudo", "/etc/pam.d/sudo has no auth line"),
                           ("no-such", "There is no service no-such"),
                           ("../sshd", "There is no service ../sshd")):
        got = m.run(m.tool, "check", "--user", "alice", "--service", service)
        said = " ".join(got.stdout.split())
        assert got.returncode == 1 and words in said and "is asked for, and" not in said, got
        answer = json.loads(m.run(m.tool, "check", "--json", "--user", "alice", "--service",
                                  service).stdout)
        assert (answer["decision"], answer["reason"]) == ("none", "no-line"), answer
    m.stack("other", "@include common-auth\n" + CODE + ACCOUNT + "@include common-account\n")
    assert forecast(m, "--user", "alice", "--service", "no-such")[:2] == ("ask", "ok")
    assert "no /etc/pam.d/no-such; `other` decides" in told(m, "alice", "--service", "no-such")
    with changed(SSHD, CODE, ""):
        got = m.run(m.tool, "check", "--user", "alice")
        assert got.returncode == 1 and "decision  none" in got.stdout, got
    with changed(SSHD, ACCOUNT, ""):
        said = m.run(m.tool, "check", "--user", "alice").stdout
        assert "no account line" in said, said


def guess_wrong(m, account):
    """A wrong code through sudo, as the user."""
    got = m.run("sudo", "-S", "-k", "-p", "", "true", user=account.user,
                stdin=account.user.password + "\n000000\n")
    assert got.returncode != 0, got


@suite.scenario("LCK-01", "LCK-07")
def forecasts_of_locks(m):
    """The ledger of the given source, as the module would select and judge it."""
    account = install(m)
    m.allow_sudo(account.user)
    m.configure("lockout_tries = 1")
    guess_wrong(m, account)
    assert [e["name"] for e in m.status(account.user)["ledgers"] if e["locked_until"]] == ["local"]
    until = m.ledger(account.user, "local")[2]
    assert forecast(m, "--user", "alice", "--service", "sudo")[:2] == ("deny", "locked")
    answer = json.loads(m.run(m.tool, "check", "--json", "--user", "alice", "--service",
                              "sudo").stdout)
    assert answer["locked"] is True and abs(answer["locked_until"] - until) <= 1, (answer, until)
    said = " ".join(m.run(m.tool, "check", "--user", "alice", "--service", "sudo").stdout.split())
    assert re.search(r"Locked for programs on this machine until \d{4}-\d\d-\d\d \d\d:\d\d", said), said
    assert "`kling-enroll unlock alice` opens" in said, said
    assert forecast(m, "--user", "alice", "--from", "203.0.113.7")[:2] == ("ask", "ok")
    said = " ".join(m.run(m.tool, "check", "--user", "alice", "--from", "203.0.113.7").stdout.split())
    assert "From other sources" in said, said
    assert forecast(m, "--user", "alice", "--service", "login")[:2] == ("ask", "ok")
    m.configure("lockout_scope = account", "lockout_tries = 1")
    m.kling("unlock", "alice")
    guess_wrong(m, account)
    for argv in (("--service", "sudo"), ("--from", "203.0.113.7"), ("--service", "login")):
        assert forecast(m, "--user", "alice", *argv)[:2] == ("deny", "locked"), argv
    m.configure("lockout_scope = account", "lockout_tries = 0", "lockout_cap = 1")
    assert forecast(m, "--user", "alice", "--from", "203.0.113.7")[:2] == ("deny", "cap")
    said = m.run(m.tool, "check", "--user", "alice", "--from", "203.0.113.7").stdout
    assert "until an administrator opens it" in " ".join(said.split()), said
    m.kling("unlock", "alice")
    assert forecast(m, "--user", "alice", "--from", "203.0.113.7")[:2] == ("ask", "ok")


# ledger of the log: service, its address, PAM's environment, what check calls it
SOURCES = {
    "strangers": ("kling-test", "203.0.113.9", (), "all addresses alice does not usually come from"),
    "known": ("kling-test", "198.51.100.7", (),
              "198.51.100.7, an address alice usually comes from,"),
    "keyed": ("sshd", "203.0.113.9", ("-E", "SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAA"),
              "logins that have shown an SSH key"),
    "console": ("login", None, (), "the console"),
}


def judged(m):
    """The module's own lines about logins, up to now."""
    found = [parse(line) for line in m.log.since() if "pam_kling(" in line]
    return [fields for fields in found if fields and fields["event"] in ("accept", "deny")]


def attempt(m, account, ledger, code, *calls):
    """A login through the module; (what it ended with, the fields of its last line)."""
    service, address, more, _ = SOURCES[ledger]
    rhost = ("-I", "rhost=" + address) if address else ()
    before = len(judged(m))
    typed = [code] if service == "sshd" else [account.user.password, code]
    got = m.run("pamtester", *rhost, *more, service, "alice", *(calls or ("authenticate",)),
                stdin="\n".join(typed) + "\n")
    deadline = time.monotonic() + 5
    while len(judged(m)) == before and time.monotonic() < deadline:
        time.sleep(0.01)
    return got.returncode, judged(m)[-1]


def foretold(m, ledger):
    service, address, _, _ = SOURCES[ledger]
    argv = ("--service", service) + (("--from", address) if address else ())
    return forecast(m, "--user", "alice", *argv)[:2], told(m, "alice", *argv)


@suite.scenario("LCK-01", "LCK-07", "LCK-15")
def forecasts_against_the_module(m):
    """For each source: what check says is what the module then does, in words and in deed."""
    skip_unless(shutil.which("pamtester"), "pamtester is not installed")
    account = install(m, "sudo", "login", "kling-test")
    m.example("pam.d/sshd-key-and-code", "/etc/pam.d/sshd")
    os.unlink("/etc/ssh/sshd_config.d/10-kling.conf")
    m.example("ssh/sshd_config.d/10-kling-key-and-code.conf")
    for service, slow, quick in (("common-auth", "pam_unix.so ", "pam_unix.so nodelay "),
                                 ("login", "delay=3000000", "delay=0")):
        with open("/etc/pam.d/" + service) as stack:
            text = stack.read()
        assert slow in text, text
        m.stack(service, text.replace(slow, quick))
    for settings, locked in ((("lockout_tries = 2",), "locked"),
                             (("lockout_tries = 2", "lockout_duration = 0"), "locked"),
                             (("lockout_tries = 0", "lockout_cap = 2"), "cap")):
        for ledger, (_, _, _, words) in SOURCES.items():
            m.configure(*settings)
            account = m._account(account.user, json.loads(m.kling(
                "add", "--replace", "--no-confirm", "--json", "alice")))
            m.kling("unlock", "alice")
            if ledger == "known":
                assert attempt(m, account, ledger, account.backup[0], "authenticate",
                               "acct_mgmt")[0] == 0
            code, line = attempt(m, account, ledger, account.token.wrong())
            assert code != 0 and (line["reason"], line["ledger"]) == ("bad-code", ledger), line
            decision, said = foretold(m, ledger)
            assert decision == ("ask", "ok") and "a right one lets in." in said, (ledger, said)
            assert "From other sources" not in said, (ledger, said)
            attempt(m, account, ledger, account.token.wrong())
            decision, said = foretold(m, ledger)
            code, line = attempt(m, account, ledger, account.backup[1])
            if locked == "cap" and ledger != "strangers":
                assert decision == ("ask", "ok") and code == 0, (ledger, said, line)
                continue
            assert decision == ("deny", locked) and code != 0, (ledger, said, line)
            assert (line["reason"], line["ledger"]) == (locked, ledger), line
            ends = r"until \d{4}-\d\d-\d\d \d\d:\d\d" if len(settings) == 1 else \
                "until an administrator opens it"
            assert re.search("Locked for %s %s" % (re.escape(words), ends), said), said
            m.kling("unlock", "alice")
            assert foretold(m, ledger)[0] == ("ask", "ok")
            assert attempt(m, account, ledger, account.backup[2])[0] == 0, ledger


@suite.scenario("FIL-04")
def forecasts_of_trouble(m):
    """A record that cannot be used: the forecast has the module's reason."""
    skip_unless(shutil.which("pamtester"), "pamtester is not installed")
    account = install(m, "sudo", "login", "kling-test")
    record = m.state_dir + "/users/alice/enrollment"
    with open(record, "rb") as whole:
        text = whole.read()
    for reason, damage in (("state-corrupt", text + b"x" * (1 << 20)), ("state-corrupt", text[:-9]),
                           ("state-corrupt", b"")):
        with open(record, "wb") as broken:
            broken.write(damage)
        decision, said = foretold(m, "strangers")
        _, line = attempt(m, account, "strangers", account.backup[0])
        assert line["reason"] == reason and decision == ("deny", reason), (line, decision, said)
    os.chmod(record, 0o644)
    assert foretold(m, "strangers")[0][1] == "state-perm"
    assert attempt(m, account, "strangers", account.backup[0])[1]["reason"] == "state-perm"


@suite.scenario("PAM-22")
def tools_that_answer_everything(m):
    """chpasswd gives the password for every question: as shipped it is not asked for a code."""
    install(m)
    m.enroll_root()
    assert findings(m, 0) == []
    lines = "password requisite pam_kling.so\npassword required pam_unix.so use_authtok\n"
    for service in ("chpasswd", "newusers"):
        m.stack(service, lines)
    assert findings(m, 0) == []
    got = m.run("chpasswd", stdin="root:Quiet-otter-19\n")
    assert got.returncode == 0, got
    got = m.run("chpasswd", stdin="root:short\n")
    assert got.returncode != 0, got
    with changed(m.conf_path, "[service chpasswd newusers]\nsecond_factor = off\n", ""):
        assert m.run("chpasswd", stdin="root:Quiet-heron-20\n").returncode != 0
        found = findings(m, 1)
        assert sorted(f["file"] for f in found) == ["/etc/pam.d/chpasswd", "/etc/pam.d/newusers"]
        for f in found:
            assert f["line"] == 1 and f["severity"] == "warning" and "answers" in f["problem"], f
            assert "`[service chpasswd newusers]`" in f["fix"], f
    for service in ("chpasswd", "newusers"):
        os.unlink("/etc/pam.d/" + service)
    assert findings(m, 0) == []


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
