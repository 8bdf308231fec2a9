# SPDX-License-Identifier: BSD-3-Clause
"""The private machine from inside: its users, PAM stacks and programs, Kling installed in it."""

import collections
import ctypes
import glob
import hashlib
import json
import os
import pty
import re
import shutil
import socket
import subprocess

from . import build
from .dialogue import Dialogue
from .log import Log
from .namespace import bind
from .oath import Token

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
User = collections.namedtuple("User", "name password uid home")
Account = collections.namedtuple("Account", "user token backup uri sheet")

COMMON = {
    "common-auth": """\
auth    [success=1 default=ignore]  pam_unix.so nullok
auth    requisite                   pam_deny.so
auth    required                    pam_permit.so
""",
    "common-account": """\
account [success=1 new_authtok_reqd=done default=ignore]  pam_unix.so
account requisite                   pam_deny.so
account required                    pam_permit.so
""",
    "common-password": """\
password [success=1 default=ignore] pam_unix.so obscure sha512
password requisite                  pam_deny.so
password required                   pam_permit.so
""",
    "common-session": """\
session [default=1]                 pam_permit.so
session requisite                   pam_deny.so
session required                    pam_permit.so
session required                    pam_unix.so
""",
}
COMMON["common-session-noninteractive"] = COMMON["common-session"]


def crypt_library():
    for name in ("libcrypt.so.1", "libcrypt.so.2"):
        try:
            return ctypes.CDLL(name)
        except OSError:
            pass
    raise build.Missing("no libcrypt here")


def hashed(password):
    """A cheap hash: the tests log in a hundred times."""
    crypt = crypt_library().crypt
    crypt.restype = ctypes.c_char_p
    return crypt(password.encode(), b"$6$rounds=1000$tests$").decode()


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "w") as out:
        out.write(text)
    os.chmod(path, mode)


def append(path, text):
    with open(path, "a") as out:
        out.write(text)


class Machine:
    """One per scenario: made inside a fresh private machine, gone with it."""

    def __init__(self):
        os.umask(0o022)
        self.env = {"PATH": PATH, "LANG": "C.UTF-8", "TERM": "dumb", "HOME": "/root"}
        os.environ.clear()
        os.environ.update(self.env)
        self.log = Log()
        self.users = {}
        self.dialogues = []
        self._pristine()

    def _pristine(self):
        for name, text in COMMON.items():
            write("/etc/pam.d/" + name, text)
        write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n")
        write("/etc/hosts", "127.0.0.1 localhost private\n::1 localhost\n")
        write("/etc/hostname", "private\n")
        write("/etc/motd", "")
        for leftover in glob.glob("/etc/update-motd.d/*") + glob.glob("/etc/cron.*/*"):
            os.unlink(leftover)
        self.set_password("root", "Root-pass-1")

    def set_host_name(self, name):
        socket.sethostname(name)
        write("/etc/hostname", name + "\n")
        append("/etc/hosts", "127.0.0.1 %s\n" % name)

    # users

    def set_password(self, name, password, last_change=19000, maximum=99999):
        with open("/etc/shadow") as shadow:
            group = os.fstat(shadow.fileno()).st_gid
            kept = [line for line in shadow if not line.startswith(name + ":")]
        kept.append("%s:%s:%d:0:%d:7:::\n" % (name, hashed(password), last_change, maximum))
        write("/etc/shadow", "".join(kept), 0o640)
        os.chown("/etc/shadow", 0, group)

    def add_user(self, name, password="Secret-pass-1", last_change=19000):
        uid = 4000 + len(self.users)
        home = "/home/" + name
        for path in ("/etc/passwd", "/etc/group"):
            with open(path) as current:
                write(path, "".join(line for line in current if not line.startswith(name + ":")))
        append("/etc/passwd", "%s:x:%d:%d:%s Example:%s:/bin/bash\n" % (name, uid, uid, name, home))
        append("/etc/group", "%s:x:%d:\n" % (name, uid))
        self.set_password(name, password, last_change)
        os.makedirs(home, exist_ok=True)
        os.chown(home, uid, uid)
        self.users[name] = User(name, password, uid, home)
        return self.users[name]

    def allow_sudo(self, user, rule="ALL=(ALL:ALL) ALL"):
        write("/etc/sudoers.d/" + user.name, "%s %s\n" % (user.name, rule), 0o440)

    def _credentials(self, user):
        return (user.uid, user.uid, [user.uid]) if user else None

    def _environment(self, user, env):
        base = dict(self.env)
        if user:
            base.update(HOME=user.home, USER=user.name, LOGNAME=user.name)
        base.update(env or {})
        return base

    # programs

    def program(self, name):
        found = shutil.which(name, path=PATH)
        if not found:
            raise build.Missing("no %s here" % name)
        return found

    def run(self, *argv, user=None, stdin="", env=None, timeout=30, **more):
        """Without a terminal; stdout and stderr apart, status in returncode."""
        argv = [self.program(argv[0])] + list(argv[1:])
        credentials = self._credentials(user)
        if credentials:
            more.update(user=credentials[0], group=credentials[1], extra_groups=credentials[2])
        return subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=timeout,
                              env=self._environment(user, env), cwd=user.home if user else "/",
                              start_new_session=True, **more)

    def talk(self, *argv, user=None, env=None, console=None, size=(24, 80)):
        """On a terminal of its own."""
        argv = [self.program(argv[0])] + list(argv[1:])
        dialogue = Dialogue(argv, self._environment(user, env), self._credentials(user),
                            user.home if user else "/", console, size)
        self.dialogues.append(dialogue)
        return dialogue

    def console(self, name="tty1"):
        """A pseudo-terminal that is /dev/tty1 to whoever opens it; for talk(console=...)."""
        master, slave = pty.openpty()
        path = "/dev/" + name
        open(path, "w").close()
        bind(os.ttyname(slave), path)
        os.chmod(path, 0o600)
        os.close(slave)
        return master, path

    # Kling

    def install(self):
        """The built module and tool, the sample configuration, nothing else."""
        shutil.copy(build.module(), os.path.join(build.pam_directory(), "pam_kling.so"))
        tool = os.path.join(build.directory("sbindir"), "kling-enroll")
        os.makedirs(os.path.dirname(tool), exist_ok=True)
        shutil.copy(build.tool(), tool)
        os.chmod(tool, 0o755)
        self.tool = tool
        self.conf_path = os.path.join(build.directory("sysconfdir"), "kling/kling.conf")
        self.key_dir = os.path.join(build.directory("sysconfdir"), "kling/keys")
        self.state_dir = os.path.join(build.directory("localstatedir"), "lib/kling")
        for place in (os.path.dirname(self.conf_path), self.state_dir):
            shutil.rmtree(place, ignore_errors=True)
        with open(build.sample_conf()) as sample:
            self._sample = sample.read()
        self.configure()

    def configure(self, *settings, sections=""):
        """The sample configuration with these settings in front, these sections behind."""
        names = [line.split("=")[0].strip() for line in settings]
        kept = self._sample
        for name in names:
            kept = re.sub(r"(?m)^(%s\s*=)" % re.escape(name), r"#\1", kept)
        write(self.conf_path, "\n".join(settings) + "\n" + kept + "\n" + sections)

    def kling(self, *argv, stdin="", expect=(0,)):
        """kling-enroll; its standard output when it ends as expected."""
        got = self.run(self.tool, *argv, stdin=stdin)
        if got.returncode not in expect:
            raise AssertionError("kling-enroll %s: exit %d\n%s%s" % (
                " ".join(argv), got.returncode, got.stdout, got.stderr))
        return got.stdout

    def enroll(self, user, *options, period=30):
        out = self.kling("add", "--no-confirm", "--json", "--count", "10", "--period", str(period),
                         *options, user.name)
        return self._account(user, json.loads(out))

    def _account(self, user, answer):
        token = Token.from_uri(answer["uri"])
        return Account(user, token, list(answer["backup_codes"]), answer["uri"], answer)

    def enrolled(self, name, password="Secret-pass-1", *options, period=30):
        """A new user with a token and ten backup codes."""
        return self.enroll(self.add_user(name, password), *options, period=period)

    def enroll_root(self):
        return self.enroll(User("root", "Root-pass-1", 0, "/root"), "--force")

    def status(self, user):
        """What `status --json` says; it ends with 1 while locked, 4 when not enrolled."""
        return json.loads(self.kling("status", "--json", user.name, expect=(0, 1, 4)))

    def ledger(self, user, name):
        """(password failures, code failures, locked until or None) of one ledger."""
        for entry in self.status(user)["ledgers"]:
            if entry["name"].split()[0] == name:
                return (entry["password_failures"], entry["code_failures"],
                        entry["locked_until"] or None)
        return (0, 0, None)

    def code_failures(self, user):
        """Wrong codes that count against the user now, in all ledgers."""
        return sum(entry["code_failures"] for entry in self.status(user)["ledgers"])

    # stacks

    def set_login_defs(self, **values):
        with open("/etc/login.defs") as current:
            kept = [line for line in current if line.split("\t")[0].split(" ")[0] not in values]
        write("/etc/login.defs", "".join(kept + ["%s %s\n" % item for item in values.items()]))

    def stack(self, service, text):
        write("/etc/pam.d/" + service, text)

    def example(self, name, target=None):
        """Install a file of docs/examples/debian where it says it belongs."""
        with open(os.path.join(build.EXAMPLES, name)) as source:
            write(target or "/etc/" + name, source.read())

    def example_stacks(self, *services):
        for service in services:
            self.example("pam.d/" + service)

    # evidence

    def store(self, part=""):
        """Every file of the store with its contents' hash, mode, owner and times."""
        seen = {}
        for top, directories, files in os.walk(os.path.join(self.state_dir, part)):
            for name in directories + files:
                path = os.path.join(top, name)
                info = os.lstat(path)
                digest = ""
                if name in files:
                    with open(path, "rb") as data:
                        digest = hashlib.sha256(data.read()).hexdigest()
                seen[path] = (digest, info.st_mode, info.st_uid, info.st_ino, info.st_mtime_ns)
        return seen

    def transcripts(self):
        return "\n".join(d.transcript() for d in self.dialogues)
