# SPDX-License-Identifier: BSD-3-Clause
"""/dev/log of the private machine, and the reader of Kling's log lines."""

import os
import re
import socket
import threading
import time

FIELD = re.compile(r'([a-z_]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?:\s|$)')
ESCAPE = re.compile(r'\\(x[0-9a-fA-F]{2}|.)')
SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}


def unescape(quoted):
    def one(match):
        code = match.group(1)
        return chr(int(code[1:], 16)) if code[0] == "x" and len(code) == 3 else SIMPLE[code]

    return ESCAPE.sub(one, quoted)


def parse(line):
    """The fields of one `event=...` line as a dict, or None when it is not one of ours."""
    start = line.find("event=")
    if start < 0 or "pam_kling" not in line[:start] and "kling-enroll" not in line[:start]:
        return None
    fields, place = {}, start
    while place < len(line):
        match = FIELD.match(line, place)
        if not match:
            raise ValueError("a log line that does not parse at %d: %r" % (place, line))
        name, value = match.groups()
        fields[name] = unescape(value[1:-1]) if value.startswith('"') else value
        place = match.end()
    return fields


class Log:
    """Collects every datagram sent to /dev/log. Lines are kept in order of arrival."""

    def __init__(self, path="/dev/log"):
        self.path = path
        self.lines = []
        self._lock = threading.Lock()
        self.start()

    def start(self):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind(self.path)
        os.chmod(self.path, 0o666)
        threading.Thread(target=self._collect, args=(self._socket,), daemon=True).start()

    def stop(self):
        """As when syslogd dies: the socket is gone."""
        os.unlink(self.path)
        self._socket.shutdown(socket.SHUT_RDWR)

    def hang(self):
        """As when syslogd is stuck: the socket is there, full, and nobody reads."""
        self.stop()
        self._stuck = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        self._stuck.bind(self.path)
        os.chmod(self.path, 0o666)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler:
            filler.setblocking(False)
            filler.connect(self.path)
            try:
                while True:
                    filler.send(b"x" * 512)
            except BlockingIOError:
                pass

    def _collect(self, source):
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                return
            if not data:
                source.close()
                return
            line = re.sub(r"^<\d+>(\w{3} [ \d]\d [\d:]{8} )?", "", data.decode("utf-8", "replace"))
            with self._lock:
                self.lines.append(line.rstrip("\0\n"))

    def mark(self):
        with self._lock:
            return len(self.lines)

    def since(self, mark=0):
        with self._lock:
            return self.lines[mark:]

    def events(self, mark=0, source="pam_kling", **wanted):
        """Our lines (the module's) since the mark whose fields have all the wanted values."""
        time.sleep(0.05)  # a line that was sent may still be on its way here
        found = []
        for line in self.since(mark):
            fields = parse(line) if source in line else None
            if fields and all(fields.get(k) == str(v) for k, v in wanted.items()):
                found.append(fields)
        return found

    def wait(self, mark=0, timeout=5.0, **wanted):
        """The first such event, waiting for it; an AssertionError with the log when none comes."""
        end = time.monotonic() + timeout
        while True:
            found = self.events(mark, **wanted)
            if found:
                return found[0]
            if time.monotonic() > end:
                raise AssertionError("no log line with %s among:\n  %s" % (
                    wanted, "\n  ".join(self.since(mark)) or "(nothing)"))
            time.sleep(0.02)

    def wait_text(self, pattern, mark=0, timeout=5.0):
        """The first line, of anybody, that matches the pattern."""
        end = time.monotonic() + timeout
        while True:
            for line in self.since(mark):
                if re.search(pattern, line):
                    return line
            if time.monotonic() > end:
                raise AssertionError("no log line matches %r among:\n  %s" % (
                    pattern, "\n  ".join(self.since(mark)) or "(nothing)"))
            time.sleep(0.02)
