# SPDX-License-Identifier: BSD-3-Clause
"""A program on a terminal of its own, talked to like a person would: wait for text, type a line."""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time


class DialogueError(Exception):
    """The program did not say what was expected, in time. The text holds the transcript."""


def _become(credentials, env, cwd):
    if credentials:
        uid, gid, groups = credentials
        os.setgroups(groups)
        os.setgid(gid)
        os.setuid(uid)
    os.chdir(cwd)


def _take_terminal(path):
    os.setsid()
    terminal = os.open(path, os.O_RDWR)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(terminal, descriptor)
    if terminal > 2:
        os.close(terminal)
    # What is begun in the background of a script has ^C and ^\ ignored; a login has not.
    for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Dialogue:
    """argv on a new pseudo-terminal (or on `console`, a prepared (master, path) pair)."""

    def __init__(self, argv, env, credentials=None, cwd="/", console=None, size=(24, 80)):
        self.argv = argv
        self.text = ""
        self.seen = 0
        self.record = ["$ %s\n" % " ".join(argv)]
        self.status = None
        self._owned = console is None
        if console is None:
            master, slave = pty.openpty()
            path = os.ttyname(slave)
            os.fchown(slave, credentials[0] if credentials else 0, 5)
        else:
            (master, path), slave = console, None
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", size[0], size[1], 0, 0))
        self.master = master
        self.pid = os.fork()
        if self.pid == 0:
            try:
                _take_terminal(path)
                os.closerange(3, 256)
                _become(credentials, env, cwd)
                os.execve(argv[0], argv, env)
            except OSError as error:
                os.write(2, ("%s: %s\n" % (argv[0], error)).encode())
            finally:
                os._exit(127)
        if slave is not None:
            os.close(slave)

    # reading

    def _read(self, timeout):
        """True while there may be more to come."""
        ready, _, _ = select.select([self.master], [], [], max(timeout, 0))
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self.text += data.decode("utf-8", "replace").replace("\r\n", "\n")
        self.record.append(data.decode("utf-8", "replace").replace("\r\n", "\n"))
        return data != b""

    def expect(self, *patterns, timeout=15.0):
        """Wait until one of the regular expressions appears in text not yet consumed.

        Returns (index, match). Raises DialogueError when the program ends or time is over.
        """
        end = time.monotonic() + timeout
        alive = True
        while True:
            fresh = self.text[self.seen:]
            for index, pattern in enumerate(patterns):
                match = re.search(pattern, fresh)
                if match:
                    self.seen += match.end()
                    return index, match
            if not alive or time.monotonic() > end:
                raise DialogueError("expected %s, %s\n%s" % (
                    " or ".join(map(repr, patterns)),
                    "timed out" if alive else "the program ended", self.transcript()))
            alive = self._read(min(0.2, end - time.monotonic())) or not self._gone()

    def _gone(self):
        """A console outlives a hang-up: then only the program's end counts."""
        if self._owned:
            return True
        time.sleep(0.02)
        return self._poll()

    def quiet(self, seconds):
        """Collect what comes within that time, without waiting for anything."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._read(min(0.1, end - time.monotonic())):
            pass
        return self.text[self.seen:]

    # writing

    def send(self, line):
        self.type(line + "\n")

    def type(self, keys):
        self.record.append("<<%s>>" % keys.replace("\n", ""))
        os.write(self.master, keys.encode())

    def resize(self, rows, columns):
        """As somebody does who pulls at the window's corner."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, key):
        """A control key at a hidden question; not sooner than the program reads, as people do:
        sudo loses a signal that comes between its prompt and its read."""
        self.wait_until_hidden()
        self.quiet(0.3)
        self.type(key)

    def answer(self, pattern, line, timeout=15.0):
        """Wait for a question, give one answer."""
        self.expect(pattern, timeout=timeout)
        self.wait_until_hidden()
        self.send(line)

    def wait_until_hidden(self):
        """getpass functions flush what was typed before they turned the echo off."""
        for _ in range(50):
            if not termios.tcgetattr(self.master)[3] & termios.ECHO:
                return
            time.sleep(0.004)

    # the end

    def _poll(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def end(self, timeout=15.0):
        """Wait until the program ends; returns its exit status (negative: the signal)."""
        stop = time.monotonic() + timeout
        while not self._poll():
            if time.monotonic() > stop:
                raise DialogueError("does not end\n" + self.transcript())
            self._read(0.02)
        while self._owned and self._read(0):
            if not select.select([self.master], [], [], 0)[0]:
                break
        return self.status

    def hang_up(self):
        """Close the terminal, as a window that is closed does."""
        os.close(self.master)

    def kill(self, number=signal.SIGKILL):
        if not self._poll():
            os.kill(self.pid, number)

    def transcript(self):
        return "".join(self.record)
