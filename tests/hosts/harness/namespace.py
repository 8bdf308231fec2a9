# SPDX-License-Identifier: BSD-3-Clause
"""A private copy of this machine: the same files, but every change stays inside and dies with it.

New mount, pid, net, uts and ipc namespaces; an overlay over the whole root with a tmpfs as its
upper layer; /dev, /run and /proc of its own. Needs root and a kernel that allows all that.
"""

import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys
import traceback

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND = 2, 4, 8, 4096
MS_REC, MS_PRIVATE = 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG = 1
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The kernel (or a missing privilege) does not allow a private machine; the text says what."""


def _call(name, *args):
    if getattr(libc, name)(*args) != 0:
        error = ctypes.get_errno()
        shown = ", ".join(a.decode() if isinstance(a, bytes) else str(a) for a in args)
        raise Refused("%s(%s): %s" % (name, shown, os.strerror(error)))


def mount(source, target, kind=None, flags=0, data=None):
    def text(value):
        return None if value is None else os.fsencode(value)

    _call("mount", text(source), text(target), text(kind), ctypes.c_ulong(flags), text(data))


def bind(source, target):
    mount(source, target, None, MS_BIND)


def _scratch(keep):
    """An existing directory that can be hidden under our tmpfs: none that holds a kept path."""
    for place in ("/mnt", "/media", "/srv", "/opt", "/home"):
        if os.path.isdir(place) and not any((k + "/").startswith(place + "/") for k in keep):
            return place
    raise Refused("no directory to build the private root in")


def _overlay(place, lower):
    mount("private", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755")
    upper, work, root = (os.path.join(place, d) for d in ("upper", "work", "root"))
    for directory in (upper, work, root):
        os.mkdir(directory, 0o755)
    mount("overlay", root, "overlay", 0, "lowerdir=%s,upperdir=%s,workdir=%s" % (lower, upper, work))
    return root


def _private_dev(dev):
    mount("dev", dev, "tmpfs", MS_NOSUID, "mode=0755")
    for name in DEVICES:
        open(os.path.join(dev, name), "w").close()
        bind("/dev/" + name, os.path.join(dev, name))
    for name in ("pts", "shm"):
        os.mkdir(os.path.join(dev, name))
    mount("devpts", dev + "/pts", "devpts", MS_NOSUID | MS_NOEXEC,
          "newinstance,ptmxmode=0666,mode=0620,gid=5")
    mount("shm", dev + "/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    os.symlink("pts/ptmx", dev + "/ptmx")
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"),
                         ("stderr", "fd/2")):
        os.symlink(target, os.path.join(dev, name))


def _private_run(run):
    mount("run", run, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755")
    for name in ("sshd", "lock", "sudo"):
        os.mkdir(os.path.join(run, name), 0o755)
    open(os.path.join(run, "utmp"), "w").close()


def _keep_visible(root, keep):
    """Directories on another file system than / are not in the overlay: bind them."""
    for path in keep:
        if not os.path.isdir(root + path):
            os.makedirs(root + path)
        if os.stat(path).st_dev != os.stat("/").st_dev:
            bind(path, root + path)


def _loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, 0x8914, struct.pack("16sh22x", b"lo", 0x1 | 0x40))


def _build(keep, lower):
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    root = _overlay(_scratch(keep), lower)
    _keep_visible(root, keep)
    _private_dev(root + "/dev")
    _private_run(root + "/run")
    mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    os.chdir(root)
    _call("pivot_root", b".", b".")
    _call("umount2", b".", MNT_DETACH)
    os.chdir("/")
    _loopback_up()
    socket.sethostname("private")


def _supervise(body, keep, lower):
    """Pid 1 inside: build the machine, run body in a child, reap whatever else ends here."""
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _build(keep, lower)
    child = os.fork()
    if child == 0:
        _exit_with(body)
    while True:
        pid, status = os.wait()
        if pid == child:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _exit_with(body):
    status = 70
    try:
        status = body()
    except Refused as refusal:
        print("refused: %s" % refusal)
        status = 77
    except KeyboardInterrupt:
        status = 130
    except BaseException:
        traceback.print_exc(file=sys.stdout)
    finally:
        sys.stdout.flush()
        os._exit(status or 0)


def _outside(body, keep, lower):
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    wanted = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC
    if libc.unshare(wanted) != 0:
        raise Refused("no namespaces of our own (%s); a container needs --privileged for this"
                      % os.strerror(ctypes.get_errno()))
    init = os.fork()
    if init == 0:
        _exit_with(lambda: _supervise(body, keep, lower))
    return os.waitstatus_to_exitcode(os.waitpid(init, 0)[1])


def start(body, keep=(), lower="/"):
    """Run body() as a child inside a private machine; returns the pid to wait for. `lower` is the
    root of the system that it is a copy of.

    Its exit status is body's value, 77 when the kernel refuses (the reason is on its stdout).
    Everything inside is killed when body returns or when the caller dies.
    """
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _exit_with(lambda: _outside(body, [os.path.realpath(k) for k in keep], lower))
    return pid
