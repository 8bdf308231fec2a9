#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# fields.sh [TREE]: the manuals name every field of JSON output and of log lines, every variable of
# the environment that is read, and none that does not exist.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# section PAGE TITLE
section() {
	awk -v title=".Sh $2" '/^\.Sh / { on = $0 == title } on' "$1"
}

# compare WHAT PAGE: the lists "code" and "page", both ways
compare() {
	[ -s "$scratch/code" ] || complain "the code has no $1"
	for word in $(comm -23 "$scratch/code" "$scratch/page"); do
		complain "$2 does not name the $1 $word"
	done
	for word in $(comm -13 "$scratch/code" "$scratch/page"); do
		complain "$2 names a $1 that does not exist: $word"
	done
}

grep -ohE 'json_[a-z_]+\([^;"]*"[a-z_]+"' kling-enroll/*.c | sed 's/.*"\(.*\)"/\1/' | sort -u >"$scratch/code"
section man/kling-enroll.8 JSON | sed -n 's/^\.Li //p' | tr -d ' .)' | tr ',' '\n' |
	grep -v -x -e '' -e null | sort -u >"$scratch/page"
compare "JSON field" man/kling-enroll.8

grep -ohE 'add_(word|quoted|number)\(&?line, "[a-z]+"' pam_kling/log.c | sed 's/.*"\(.*\)"/\1/' | sort -u >"$scratch/code"
section man/pam_kling.8 LOG | sed -n '/^The fields/,/^\.El/s/^\.It Li //p' | tr -d ' ' | tr ',' '\n' | sort -u >"$scratch/page"
compare "log field" man/pam_kling.8

grep -ohE 'getenv\("[A-Z_]+"\)|has_value\("[A-Z_]+"\)' kling-enroll/*.c | sed 's/.*"\(.*\)".*/\1/' | sort -u >"$scratch/code"
section man/kling-enroll.8 ENVIRONMENT | sed -n 's/^\.It Ev //p' | tr -d ' ' | tr ',' '\n' |
	grep -v -e '^LC_' -e '^LANG' | sort -u >"$scratch/page"
compare "variable" man/kling-enroll.8
finish
