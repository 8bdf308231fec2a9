#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# layers.sh [TREE]: includes point one way, and are written from the top of the tree.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99

# may_include FROM: the directories whose headers a file in FROM may include.
may_include() {
	case $1 in
	policy) echo policy ;;
	lib/base) echo policy lib/base ;;
	lib/conf) echo policy lib/base lib/conf ;;
	lib/crypto) echo policy lib/base lib/crypto ;;
	lib/factor) echo policy lib/base lib/crypto lib/factor ;;
	lib/store) echo policy lib/base lib/crypto lib/factor lib/store ;;
	lib/password) echo policy lib/base lib/crypto lib/password ;;
	lib/show) echo policy lib/base lib/factor lib/show ;;
	lib/*) echo policy lib/base "$1" ;;
	pam_kling | kling-enroll)
		echo policy "$1"
		find lib -mindepth 1 -type d
		;;
	esac
}

list=$(mktemp)
trap 'rm -f "$list"' EXIT
for file in $(shipped_sources); do
	from=${file%/*}
	allowed=$(may_include "$from")
	sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$file" >"$list"
	while read -r header; do
		[ "$header" != config.h ] || continue
		to=${header%/*}
		# shellcheck disable=SC2086 # a list of words
		printf '%s\n' $allowed | grep -qx "$to" ||
			complain "$file includes \"$header\"; $from may include from" $allowed
	done <"$list"
done
finish
