# SPDX-License-Identifier: BSD-3-Clause
"""Debian's own sshd on loopback, with keys made for it, and the real client."""

import os
import subprocess
import time

from .machine import PATH

PORT = 2222


class Server:
    """sshd -D with /etc/ssh/sshd_config as it is there, plus options of the scenario in front."""

    def __init__(self, machine, *options, port=PORT):
        self.machine, self.port = machine, port
        self.key = machine_key(machine)
        argv = ["/usr/sbin/sshd", "-D", "-h", self.key, "-p", str(port),
                "-o", "ListenAddress=127.0.0.1", "-o", "PidFile=none"]
        for option in list(options) + no_penalties():
            argv += ["-o", option]
        self._mark = machine.log.mark()
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        self._wait()

    def _wait(self):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError("sshd does not start: " + self.process.stderr.read())
            if any("Server listening on 127.0.0.1" in line
                   for line in self.machine.log.since(self._mark)):
                return
            time.sleep(0.02)
        raise AssertionError("sshd does not listen")

    def argv(self, user, *command, options=(), source="127.0.0.1", program="ssh"):
        name = user if isinstance(user, str) else user.name
        argv = [program, "-F", "none", "-o", "Port=%d" % self.port, "-o", "LogLevel=INFO",
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                "-o", "BindAddress=" + source, "-o", "IdentitiesOnly=yes",
                "-o", "User=" + name]
        for option in options:
            argv += ["-o", option]
        return argv + (["127.0.0.1"] if program == "ssh" else []) + list(command)

    def client(self, user, *command, options=(), source="127.0.0.1"):
        """The ssh client on a terminal, as a dialogue; the command defaults to `echo in`."""
        command = command or ("echo", "logged-in")
        return self.machine.talk(*self.argv(user, *command, options=options, source=source))

    def batch(self, user, *command, options=(), stdin="", program="ssh", timeout=30):
        """The client without a terminal."""
        command = command or ("echo", "logged-in")
        return self.machine.run(*self.argv(user, *command, options=options, program=program),
                                stdin=stdin, timeout=timeout)

    def known_hosts(self, name):
        """A file in which the client finds this server's key under that name."""
        path = "/root/known-hosts"
        with open(self.key + ".pub") as public, open(path, "w") as known:
            known.write("[%s]:%d %s" % (name, self.port, public.read()))
        return path

    def stop(self):
        self.process.terminate()
        self.process.wait()


def machine_key(machine):
    path = "/etc/ssh/private_host_key"
    if not os.path.exists(path):
        machine.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path)
    return path


def user_key(machine, user):
    """A key pair that this user may log in with; returns the path of the private half."""
    path = "/root/key-" + user.name
    machine.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path)
    home = "/root" if user.name == "root" else user.home
    target = os.path.join(home, ".ssh/authorized_keys")
    os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
    with open(path + ".pub") as public, open(target, "w") as authorized:
        authorized.write(public.read())
    for place in (os.path.dirname(target), target):
        os.chown(place, user.uid, user.uid)
    return path


def no_penalties():
    """sshd 9.8 and newer slow down an address that fails; here all come from one."""
    got = subprocess.run(["/usr/sbin/sshd", "-T", "-o", "PerSourcePenalties=no"],
                         capture_output=True, text=True, env={"PATH": PATH})
    known = "persourcepenalties" in got.stdout.lower()
    return ["PerSourcePenalties=no"] if known else []
