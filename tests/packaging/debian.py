#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""The Debian packages, built and installed, enabled, used, upgraded, removed and purged in private
copies of this machine (tests/hosts/README.md). KLING_PACKAGES names a directory with packages that
are built already, KLING_CLEAN_ROOT the root of a system in which they were installed by apt
(clean_root.sh)."""

import glob
import json
import os
import re
import shutil
import stat
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../hosts"))

from harness import build, sshd, steps  # noqa: E402
from harness.machine import PATH, append, write  # noqa: E402
from harness.steps import CODE, INSIDE, PASSWORD  # noqa: E402
from harness.suite import Suite  # noqa: E402

suite = Suite("packages", needs=("dh", "dpkg-buildpackage", "lintian", "sshd", "ssh", "oathtool",
                                 "pam-auth-update"))
NAMES = ("libpam-kling", "kling-enroll")
DROP_IN = "/etc/ssh/sshd_config.d/10-kling.conf"
DOCUMENTS = "/usr/share/doc/libpam-kling/"
QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


CLEAN = os.environ.get("KLING_CLEAN_ROOT")
BUILT = os.environ.get("KLING_PACKAGES")
DIRECTORY = os.path.abspath(BUILT or os.path.join(build.BUILD, "tests/packaging/debian"))


# outside: the packages

def build_them():
    """As a packager does, but for the tests of each file, which have run before."""
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    nocheck = {"DEB_BUILD_OPTIONS": "nocheck", "DEB_BUILD_PROFILES": "nocheck"}
    got = subprocess.run([os.path.join(build.SOURCE, "packaging/build-deb"), DIRECTORY],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True,
                         env=dict(os.environ, **nocheck))
    if got.returncode != 0:
        print(got.stdout[-8000:] + got.stderr[-4000:])
        print("FAIL packages: they do not build")
        sys.exit(1)


def package(name):
    found = glob.glob(os.path.join(DIRECTORY, name + "_*.deb"))
    assert len(found) == 1, found
    return found[0]


def field(name, what):
    return subprocess.run(["dpkg-deb", "-f", package(name), what], capture_output=True, text=True,
                          check=True).stdout.strip()


def contents(name):
    """What the package brings: mode and owner of each path."""
    got = subprocess.run(["dpkg-deb", "-c", package(name)], capture_output=True, text=True,
                         check=True)
    words = [line.split() for line in got.stdout.splitlines()]
    return {line[5].rstrip("/").lstrip("."): (line[0], line[1]) for line in words}


# inside: one machine from the first installation to the last purge

class Debian:
    """A private machine with PAM as Debian delivers it, and a real sshd in front."""

    def __init__(self, machine, installed=False):
        self.m = machine
        self.ports = 2222
        machine.tool = "/usr/sbin/kling-enroll"
        machine.state_dir, machine.key_dir = "/var/lib/kling", "/etc/kling/keys"
        if not installed:
            shutil.rmtree("/etc/kling", ignore_errors=True)
            shutil.rmtree("/var/lib/kling", ignore_errors=True)
        for excluded in glob.glob("/etc/dpkg/dpkg.cfg.d/*"):
            os.unlink(excluded)
        write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n")
        self.run("pam-auth-update", "--force", env=QUIET)
        assert "pam_kling" not in self.stacks()
        self.alice = machine.add_user("alice")

    def run(self, *argv, env=None, expect=0, timeout=120):
        got = self.m.run(*argv, env=env, timeout=timeout)
        assert got.returncode == expect, "%s: %d\n%s%s" % (argv, got.returncode, got.stdout,
                                                           got.stderr)
        return got.stdout + got.stderr

    def install(self, *files):
        return self.run("dpkg", "-i", *(files or [package(name) for name in NAMES]))

    def without_questions(self, *argv):
        """On a terminal, so that whatever wanted to ask could; nobody answers."""
        talk = self.m.talk(*argv)
        assert talk.end(timeout=60) == 0, talk.transcript()
        return talk.transcript()

    def stacks(self):
        return "".join(open(path).read() for path in sorted(glob.glob("/etc/pam.d/common-*"))
                       if "." not in os.path.basename(path))

    def enable(self, *profiles):
        self.run("pam-auth-update", "--enable", *profiles, env=QUIET)

    def open_sshd(self):
        with open(DOCUMENTS + "examples/debian/ssh/sshd_config.d/10-kling.conf") as example:
            write(DROP_IN, example.read())

    def server(self):
        self.ports += 1
        return sshd.Server(self.m, port=self.ports)

    def enters_with_password(self):
        client = self.server().client(self.alice)
        client.answer(PASSWORD, self.alice.password)
        client.expect(INSIDE)
        assert client.end() == 0 and "Verification" not in client.text

    def enters_with_code(self, account):
        host = self.server()
        steps.is_refused(host.client(account.user), account, account.token.wrong())
        steps.enters(host.client(account.user), account, account.backup.pop())

    def found(self):
        lines = self.m.kling("check", "--json", expect=(0, 1)).splitlines()
        findings = [f for line in lines for f in json.loads(line).get("findings", [])]
        return [f for f in findings if f["severity"] != "note"]


def newer_packages(version):
    """The same packages under a higher version, in a directory of their own."""
    made = []
    for name in NAMES:
        root = "/root/" + name
        subprocess.run(["dpkg-deb", "-R", package(name), root], check=True)
        with open(root + "/DEBIAN/control") as control:
            text = control.read().replace(field(name, "Version"), version)
        write(root + "/DEBIAN/control", text)
        made.append("/root/%s_%s.deb" % (name, version))
        subprocess.run(["dpkg-deb", "-b", root, made[-1]], check=True, capture_output=True)
    return made


@suite.scenario(kling=False)
def what_they_are(m):
    """Nothing for lintian to say, the right files with the right modes, and no secret among them."""
    got = m.run("lintian", "--fail-on", "error,warning",
                "--allow-root", *(package(name) for name in NAMES), timeout=120)
    assert got.returncode == 0 and not got.stdout, got.stdout + got.stderr
    module, tool = contents("libpam-kling"), contents("kling-enroll")
    assert module["/etc/kling/keys"] == ("drwx------", "root/root")
    assert module["/var/lib/kling"] == ("drwx------", "root/root")
    assert not [path for path in module if re.match("/(etc/kling/keys|var/lib/kling)/", path)]
    modules = [path for path in module if path.endswith("/security/pam_kling.so")]
    assert modules and os.path.exists(os.path.dirname(modules[0]) + "/pam_unix.so"), modules
    assert module["/usr/share/pam-configs/kling"] == ("-rw-r--r--", "root/root")
    assert tool["/usr/sbin/kling-enroll"] == ("-rwxr-xr-x", "root/root")
    assert not module.keys() & {p for p in tool if tool[p][0][0] != "d"}
    for needed in ("libqrencode4", "libpam-runtime", "libssl3", "liboath0"):
        assert needed in field("libpam-kling", "Depends"), needed
    release = open(os.path.join(build.SOURCE, "configure.ac")).read()
    version = re.search(r"AC_INIT\(\[kling\], \[([^]]+)\]", release).group(1)
    assert field("libpam-kling", "Version").split("-")[0] == version


@suite.scenario(kling=False)
def from_the_first_installation_to_the_last_purge(m):
    machine = Debian(m)
    before = machine.stacks()
    machine.without_questions("dpkg", "-i", *(package(name) for name in NAMES))
    assert machine.stacks() == before, "installing alone changes no stack"
    assert not os.listdir("/etc/kling/keys") and not os.listdir("/var/lib/kling")
    for place in ("/etc/kling/keys", "/var/lib/kling"):
        assert stat.S_IMODE(os.stat(place).st_mode) == 0o700, place
    machine.enters_with_password()

    alice = m.enroll(machine.alice)
    machine.enable("kling", "kling-preauth")
    assert machine.found(), "Debian's sshd can ask no code yet"
    machine.open_sshd()
    assert not machine.found(), machine.found()
    machine.enters_with_code(alice)

    append("/etc/kling/kling.conf", "\n# mine\n[user alice]\nenroll_grace = 1d\n")
    enabled = machine.stacks()
    machine.without_questions("dpkg", "-i", *newer_packages("9.9-1"))
    assert machine.stacks() == enabled and "# mine" in open("/etc/kling/kling.conf").read()
    assert not machine.found(), machine.found()
    machine.enters_with_code(alice)

    machine.run("pam-auth-update", "--disable", "kling", "kling-preauth", env=QUIET)
    assert machine.stacks() == before
    machine.enters_with_password()

    machine.enable("kling", "kling-preauth")
    machine.without_questions("dpkg", "-r", *NAMES)
    assert machine.stacks() == before, "the lines go before the module does"
    assert not os.path.exists(os.path.join(build.pam_directory(), "pam_kling.so"))
    machine.enters_with_password()

    machine.without_questions("dpkg", "-P", *NAMES)
    assert not os.path.exists("/etc/kling/kling.conf")
    machine.install()
    assert m.status(machine.alice)["enrolled"], "keys and records outlive a purge"
    machine.enable("kling", "kling-preauth")
    machine.enters_with_code(alice)

    write("/etc/kling/purge-records", "")
    machine.without_questions("dpkg", "-P", *NAMES)
    assert not os.path.exists("/etc/kling") and not os.path.exists("/var/lib/kling")
    assert machine.stacks() == before
    machine.enters_with_password()


@suite.scenario(kling=False)
def the_code_alone(m):
    """Only the profile with the code: nothing to mend either."""
    machine = Debian(m)
    machine.install()
    alice = m.enroll(machine.alice)
    machine.enable("kling")
    machine.open_sshd()
    assert "preauth" not in machine.stacks() and not machine.found(), machine.found()
    machine.enters_with_code(alice)


def profile(name, priority, **lines):
    """A profile for pam-auth-update; Auth, Account and Password name the block, then the lines."""
    text = "Name: %s\nDefault: no\nPriority: %d\n" % (name, priority)
    for kind in ("Auth", "Account", "Password"):
        if kind in lines:
            text += "%s-Type: %s\n%s:\n\t%s\n" % (kind, lines[kind][0], kind,
                                                   "\n\t".join(lines[kind][1:]))
    write("/usr/share/pam-configs/" + name, text)


def end(module):
    return "[success=end default=ignore] " + module


NEIGHBOURS = {
    "fingerprint": dict(priority=260, Auth=("Primary", end("pam_fprintd.so"))),
    "kerberos": dict(priority=704, Auth=("Primary", end("pam_krb5.so try_first_pass")),
                     Account=("Additional", "required pam_krb5.so"),
                     Password=("Primary", end("pam_krb5.so try_first_pass use_authtok"))),
    "directory": dict(priority=128, Auth=("Primary", end("pam_sss.so use_first_pass")),
                      Account=("Additional", "sufficient pam_localuser.so",
                               "[default=bad success=ok user_unknown=ignore] pam_sss.so")),
    "domain": dict(priority=192, Auth=("Primary", end("pam_winbind.so try_first_pass")),
                   Account=("Primary", "[success=end new_authtok_reqd=done default=ignore] "
                                       "pam_winbind.so")),
    "strength": dict(priority=1024, Password=("Primary", "requisite pam_pwquality.so")),
    "purse": dict(priority=0, Auth=("Additional", "optional pam_gnome_keyring.so"),
                  Password=("Additional", "optional pam_gnome_keyring.so")),
}
WAYS_AROUND = {
    "account": dict(priority=2048, Account=("Primary", end("pam_permit.so"))),
    "auth": dict(priority=2048, Auth=("Additional", "sufficient pam_permit.so")),
}


@suite.scenario(kling=False)
def beside_other_profiles(m):
    """What other packages put into the common files jumps over none of our lines; a profile that
    does is named."""
    machine = Debian(m)
    machine.install()
    m.enroll(machine.alice)
    machine.open_sshd()
    machine.enable("kling", "kling-preauth")
    for name, lines in NEIGHBOURS.items():
        profile(name, **lines)
        machine.enable(name)
        assert not machine.found(), (name, machine.found())
    machine.run("pam-auth-update", "--disable", *NEIGHBOURS, env=QUIET)
    for name, lines in WAYS_AROUND.items():
        profile(name, **lines)
        machine.enable(name)
        found = machine.found()
        assert any("common-" + name in f["file"] and f["severity"] == "error" for f in found), found
        machine.run("pam-auth-update", "--disable", name, env=QUIET)
    assert not machine.found()


@suite.scenario(kling=False)
def it_does_not_go_where_it_is_needed(m):
    """A stack written by hand still names the module: the package stays, and everything works."""
    machine = Debian(m)
    machine.install()
    alice = m.enroll(machine.alice)
    machine.open_sshd()
    with open(DOCUMENTS + "examples/debian/pam.d/sshd") as example:
        write("/etc/pam.d/sshd", example.read())
    said = machine.run("dpkg", "-r", "--force-depends", "libpam-kling", expect=1)
    assert "    /etc/pam.d/sshd\n" in said and "not removed" in said, said
    machine.enters_with_code(alice)
    os.rename("/etc/pam.d/sshd", "/etc/pam.d/sshd.dpkg-old")
    write("/etc/pam.d/sshd", "# auth required pam_kling.so\n@include common-auth\n"
          "@include common-account\n@include common-session\n")
    machine.run("dpkg", "-r", *NAMES)
    machine.enters_with_password()


@suite.scenario(kling=False)
def lines_that_pam_auth_update_leaves(m):
    """common-auth was changed by hand, so pam-auth-update keeps off it: so does the removal."""
    machine = Debian(m)
    machine.install()
    machine.enable("kling")
    with open("/etc/pam.d/common-auth") as current:
        text = current.read()
    write("/etc/pam.d/common-auth", text.replace(
        "# here's the fallback", "auth optional pam_warn.so\n# here's the fallback"))
    assert "pam_warn" in machine.stacks()
    said = m.run("dpkg", "-r", *NAMES, env=QUIET)
    assert said.returncode != 0 and "/etc/pam.d/common-auth" in said.stderr, said
    assert os.path.exists(os.path.join(build.pam_directory(), "pam_kling.so"))


@suite.scenario(kling=False)
def a_refused_removal_leaves_the_profiles_on(m):
    """A line of the administrator's own outside pam-auth-update's: what stays guards as before."""
    machine = Debian(m)
    machine.install()
    machine.enable("kling")
    append("/etc/pam.d/common-session", "session optional pam_kling.so\n")
    before = machine.stacks()
    said = m.run("dpkg", "-r", *NAMES, env=QUIET)
    assert said.returncode != 0 and "/etc/pam.d/common-session" in said.stderr, said
    assert machine.stacks() == before, machine.stacks()


RECORD = "/var/lib/pam/kling.removing"


def rival(script, text):
    """A package that wants both of ours gone, with a script of its own."""
    root = "/root/rival"
    write(root + "/DEBIAN/control", "Package: rival\nVersion: 1\nArchitecture: all\n"
          "Maintainer: nobody <nobody@kling.invalid>\nDescription: in the way\n"
          "Conflicts: %s\nReplaces: %s\n" % (2 * (", ".join(NAMES),)))
    write(root + "/DEBIAN/" + script, "#!/bin/sh\n" + text, 0o755)
    subprocess.run(["dpkg-deb", "-b", root, "/root/rival.deb"], check=True, capture_output=True)
    return "/root/rival.deb"


@suite.scenario(kling=False)
def an_aborted_removal_switches_on_again(m):
    """A package that replaces ours fails before it is unpacked: dpkg takes the removal back."""
    machine = Debian(m)
    machine.install()
    alice = m.enroll(machine.alice)
    machine.open_sshd()
    other = rival("preinst", "grep -q pam_kling /etc/pam.d/common-auth || touch /root/was-off\n"
                  "stat -c %a " + RECORD + " >/root/mode; exit 1\n")
    for profiles in (["kling"], ["kling", "kling-preauth"]):
        machine.enable(*profiles)
        before = machine.stacks()
        said = m.run("dpkg", "-i", "--auto-deconfigure", other, env=QUIET)
        assert said.returncode != 0 and os.path.exists("/root/was-off"), said
        assert machine.stacks() == before, (profiles, machine.stacks(), said)
        with open("/root/mode") as mode:
            assert mode.read() == "600\n"
        assert not os.path.exists(RECORD) and not machine.found(), machine.found()
    machine.enters_with_code(alice)
    machine.run("pam-auth-update", "--disable", "kling", "kling-preauth", env=QUIET)
    off = machine.stacks()
    assert m.run("dpkg", "-i", "--auto-deconfigure", other, env=QUIET).returncode != 0
    assert machine.stacks() == off, "what was off stays off"


@suite.scenario(kling=False)
def a_killed_removal_switches_on_again(m):
    """dpkg itself dies once the profiles are off; whoever keeps the package has them on again."""
    machine = Debian(m)
    machine.install()
    machine.enable("kling")
    before = machine.stacks()
    os.rename("/usr/sbin/pam-auth-update", "/usr/sbin/pam-auth-update.real")
    write("/usr/sbin/pam-auth-update", "#!/bin/sh\npam-auth-update.real \"$@\"\n"
          "kill -9 $(ps -o ppid= $PPID) $PPID\n", 0o755)
    assert m.run("dpkg", "-r", *NAMES, env=QUIET).returncode < 0
    assert "pam_kling" not in machine.stacks() and os.path.exists(RECORD)
    os.rename("/usr/sbin/pam-auth-update.real", "/usr/sbin/pam-auth-update")
    said = machine.run("dpkg", "--configure", "libpam-kling", env=QUIET)
    assert "switched on again: kling\n" in said, said
    assert machine.stacks() == before and not os.path.exists(RECORD)
    machine.run("dpkg", "-r", *NAMES, env=QUIET)
    assert not os.path.exists(RECORD), "a removal that ends is not remembered"
    machine.install()
    assert "pam_kling" not in machine.stacks(), machine.stacks()


def in_a_clean_root(m):
    """What apt brought along with the packages is all that they need."""
    machine = Debian(m, installed=True)
    before = machine.stacks()
    machine.enters_with_password()
    alice, bob = m.enroll(machine.alice, "--sheet", "/root/a.pdf"), m.add_user("bob")
    with open("/root/a.pdf", "rb") as sheet:
        assert sheet.read(5) == b"%PDF-"
    machine.enable("kling", "kling-preauth")
    machine.open_sshd()
    assert not machine.found(), machine.found()
    machine.enters_with_code(alice)
    offered = machine.server().client(bob)
    offered.answer(PASSWORD, bob.password)
    offered.answer("later\\): ", "yes")
    offered.expect("\u2588.*\u2584|\u2584.*\u2588")
    offered.kill()
    machine.without_questions("dpkg", "-r", *NAMES)
    assert machine.stacks() == before
    machine.enters_with_password()


if CLEAN:
    suite.scenarios.clear()
    suite.scenario(kling=False, lower=CLEAN)(in_a_clean_root)

if __name__ == "__main__":
    os.environ["PATH"] = os.environ.get("PATH", "") + ":" + PATH
    if not (suite._obstacle() or BUILT or CLEAN):
        build_them()
    suite.main()
