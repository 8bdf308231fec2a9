# shellcheck shell=sh
# SPDX-License-Identifier: BSD-3-Clause
# What the checks share. A check takes the tree or file to look at as $1, so that
# selftest.sh can show it a broken one; by default it looks at this tree or build.
set -u
LC_ALL=C
export LC_ALL
: "${abs_top_srcdir:=$(cd "${0%/*}/../.." && pwd)}"
: "${abs_top_builddir:=$abs_top_srcdir/build}"
: "${KLING_MODULE:=$abs_top_builddir/pam_kling/.libs/pam_kling.so}"
: "${KLING_ENROLL:=$abs_top_builddir/kling-enroll/kling-enroll}"
found=0

# complain TEXT: one finding; finish tells.
complain() {
	printf '%s\n' "$*" >&2
	found=$((found + 1))
}

skip() {
	echo "skipped: $*"
	exit 77
}

# need PROGRAM: skip the check where it is not installed.
need() {
	command -v "$1" >/dev/null 2>&1 || skip "$1 is not installed"
}

finish() {
	[ "$found" -eq 0 ] || { echo "$found found" >&2; exit 1; }
	exit 0
}

# The C files of what ships, below the directory we are in.
shipped_sources() {
	find policy lib pam_kling kling-enroll -name '*.[ch]' | sort
}

all_sources() {
	find policy lib pam_kling kling-enroll tests -name '*.[ch]' | sort
}

shell_scripts() {
	for script in quickstart autogen.sh .ci/run; do
		[ ! -f "$script" ] || echo "$script"
	done
	find tests packaging -type f 2>/dev/null | sort | while read -r script; do
		case $(head -c 40 "$script" | head -n 1 | tr -d '\0') in
		'#!/bin/sh'* | '# shellcheck shell=sh' | '#!/bin/bash'*) echo "$script" ;;
		esac
	done
}
