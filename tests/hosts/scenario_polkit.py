#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""The file system as polkit's helper sees it (ProtectSystem=strict) since it is a service of systemd:
without our drop-in every code is refused, with it the same stack lets in."""

import os

from harness import build
from harness.suite import Suite

suite = Suite("polkit", needs=("pamtester", "unshare", "prlimit", "setpriv"))
STACK = ("auth requisite pam_unix.so\nauth required pam_kling.so\n"
         "account required pam_kling.so\naccount required pam_unix.so\n")
DROP_IN = os.path.join(build.SOURCE, "packaging/systemd/polkit-agent-helper@.service.d/kling.conf")


def writable_paths():
    with open(DROP_IN) as drop_in:
        lines = [line.split("=", 1) for line in drop_in if line.startswith("ReadWritePaths=")]
    return [path.lstrip("-") for _name, value in lines for path in value.split()]


def ask(m, account, writable):
    """What systemd does to the helper, as far as the module meets it."""
    script = "set -e; mount --make-rprivate /; "
    script += "".join("mount --bind %s %s; " % (path, path) for path in writable)
    script += "mount -o remount,bind,ro /; ! touch /etc/kling-test 2>/dev/null; umask 077; "
    script += ("exec prlimit --memlock=0 setpriv --no-new-privs pamtester polkit-1 %s authenticate "
               "acct_mgmt" % account.user.name)
    answers = account.user.password + "\n" + account.backup.pop() + "\n"
    return m.run("unshare", "--mount", "sh", "-c", script, stdin=answers)


@suite.scenario("PAM-20")
def the_drop_in_is_what_it_takes(m):
    alice = m.enrolled("alice")
    m.stack("polkit-1", STACK)
    assert writable_paths() == [m.state_dir], writable_paths()
    refused = ask(m, alice, [])
    assert refused.returncode == 1, refused
    m.log.wait(event="deny", user="alice", service="polkit-1", reason="state-io")
    let_in = ask(m, alice, writable_paths())
    assert let_in.returncode == 0, let_in
    m.log.wait(event="accept", user="alice", service="polkit-1", ledger="local")


if __name__ == "__main__":
    suite.main()
