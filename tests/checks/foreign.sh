#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# foreign.sh [TREE]: each foreign library has one place that knows it.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99

users_of() {
	# shellcheck disable=SC2046 # our own file names, without blanks
	grep -lE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$1" $(shipped_sources)
}

# only HEADER PLACE: files that include HEADER are PLACE, lie below it, or have that name in a front
# end: nothing below the front ends logs.
only() {
	for file in $(users_of "$1"); do
		case $file in
		"$2" | "${2%/}"/* | pam_kling/"$2" | kling-enroll/"$2") ;;
		*) complain "$file includes <$1...>, which belongs to $2" ;;
		esac
	done
}

# one HEADER: at most one file includes it.
one() {
	# shellcheck disable=SC2046
	set -- "$1" $(users_of "$1")
	[ $# -le 2 ] || complain "<$1...> is included by more than one file: $*"
}

only openssl/ lib/crypto/
only crypt.h lib/password/history.c
only liboath/ lib/factor/totp.c
only qrencode lib/show/qr.c
only crypt\.h lib/password/
only cairo kling-enroll/drawing.c
only security/ pam_kling/
only libintl kling-enroll/language.h
one libaudit
one selinux/
only syslog log.c
finish
