#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# pure.sh [ARCHIVE]: the policy calls nothing but itself and a few pure functions:
# no file, clock, PAM, OpenSSL, allocator or log.
. "${0%/*}/common.sh"
archive=${1-$abs_top_builddir/policy/.libs/libpolicy.a}
allowed='bcmp explicit_bzero memchr memcmp memcpy memmove memset strchr strcmp strlen strncmp
inet_ntop inet_pton
__explicit_bzero_chk __memcpy_chk __memmove_chk __memset_chk __stack_chk_fail _GLOBAL_OFFSET_TABLE_'

[ -z "${KLING_SANITIZERS-}" ] || skip "a sanitizer adds calls of its own"
[ -f "$archive" ] || { complain "$archive is missing"; finish; }
defined=$("${NM:-nm}" --defined-only "$archive" | awk 'NF == 3 { print $3 }')
for symbol in $("${NM:-nm}" --undefined-only "$archive" | awk '$1 == "U" { print $2 }' | sort -u); do
	# shellcheck disable=SC2086 # a list of words
	printf '%s\n' "$defined" $allowed | grep -qx "$symbol" || complain "policy calls $symbol"
done
finish
