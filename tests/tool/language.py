#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""kling-enroll in German: people read German, and programs read what they always read."""

import os
import re
import shutil

from lab.screen import Screen, read_code
from harness import build
from harness.oath import Token
from harness.suite import Suite, skip_unless

suite = Suite("language", needs=("oathtool", "zbarimg"))
# The one locale that every machine has; glibc follows LANGUAGE in all but "C".
GERMAN = {"LC_ALL": "C.UTF-8", "LANGUAGE": "de"}


def install_catalogues(m):
    built = os.path.join(build.BUILD, "po/locale")
    skip_unless(os.path.isdir(built), "built without translations (gettext, --disable-nls)")
    shutil.copytree(built, build.directory("localedir"), dirs_exist_ok=True)


def both(m, *argv, **more):
    """What it says in English and in German."""
    return (m.run(m.tool, *argv, **more), m.run(m.tool, *argv, env=GERMAN, **more))


@suite.scenario()
def people_read_german(m):
    install_catalogues(m)
    alice = m.enrolled("alice").user
    english, german = both(m, "--help")
    assert "Commands:" in english.stdout and "Befehle:" in german.stdout, german.stdout
    assert "kling-enroll [--config" in german.stdout, "names are not translated"
    english, german = both(m, "status", alice.name)
    assert "enrolled since" in english.stdout and "eingerichtet" in german.stdout, german.stdout
    english, german = both(m, "status", "nobody-here")
    assert english.returncode == german.returncode == 4
    assert "no such user" in english.stderr and "kein solcher Benutzer" in german.stderr, german
    english, german = both(m, "password", stdin="short\n")
    assert "at least 12 characters" in english.stdout, english
    assert "mindestens 12 Zeichen" in german.stdout, german


@suite.scenario()
def sheets_are_german(m):
    install_catalogues(m)
    alice = m.enrolled("alice").user
    for name, env in (("/root/english.txt", None), ("/root/german.txt", GERMAN)):
        got = m.run(m.tool, "codes", "--sheet", name, alice.name, env=env)
        assert got.returncode == 0, got
    with open("/root/english.txt") as english, open("/root/german.txt") as german:
        english, german = english.read(), german.read()
    assert "Backup codes" in english and "Ersatzcodes" in german, german
    codes = r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b"
    assert len(re.findall(codes, german)) == len(re.findall(codes, english)) == 10, german


@suite.scenario()
def a_german_enrollment_fits_the_terminal(m):
    install_catalogues(m)
    m.add_user("alice")
    m.set_host_name("mail.intra.example.c")
    dialogue = m.talk(m.tool, "add", "alice", size=(24, 80),
                      env=dict(GERMAN, TERM="xterm-256color"))
    dialogue.expect("Code vom Telefon: $")
    page = Screen(24, 80).feed(dialogue.text)
    assert not page.scrolled, page.text()
    token = Token.from_uri(read_code(page.cells))
    assert "nichts gespeichert." in page.text() and "hell und" in page.text(), page.text()
    dialogue.type(token.fresh() + "\r")
    dialogue.expect("Enter, wenn sie verwahrt sind: ")
    page = Screen(24, 80).feed(dialogue.text)
    assert not page.scrolled and "Ersatzcodes" in page.text(), page.text()
    dialogue.type("\r")
    assert dialogue.end() == 0
    assert m.run(m.tool, "status", "--json", "alice").returncode == 0


@suite.scenario()
def programs_read_the_same(m):
    install_catalogues(m)
    alice = m.enrolled("alice").user
    m.add_user("bob")
    m.stack("sshd", "auth sufficient pam_unix.so\nauth required pam_kling.so\n")
    for argv in (("status", "--json", alice.name), ("status", "--json", "bob"),
                 ("status", "--json", "nobody-here"), ("list", "--json"), ("check", "--json"),
                 ("check", "--json", "--user", "bob"), ("password", "--json"),
                 ("codes", "--json", "bob"), ("add", "--json", "--no-confirm", alice.name),
                 ("import", "--json", "uri", "-")):
        english, german = both(m, *argv, stdin="otpauth://hotp/x\n")
        assert (english.returncode, english.stdout, english.stderr) == (
            german.returncode, german.stdout, german.stderr), (argv, english, german)
        assert english.stdout.startswith("{"), (argv, english)


@suite.scenario()
def english_where_nothing_else_can_be_shown(m):
    install_catalogues(m)
    for locale in ("C", "POSIX", "no_WHERE"):
        got = m.run(m.tool, "--help", env={"LC_ALL": locale, "LANGUAGE": "de"})
        assert "Commands:" in got.stdout, (locale, got.stdout)
    got = m.run(m.tool, "--help", env={"LC_ALL": "C.UTF-8", "LANGUAGE": "xx:../../../tmp"})
    assert "Commands:" in got.stdout, got.stdout


if __name__ == "__main__":
    suite.main()
