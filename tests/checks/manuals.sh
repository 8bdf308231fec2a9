#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# manuals.sh [TREE]: mandoc has nothing to say about the manual pages.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
need mandoc
for page in man/*.[58]; do
	[ -f "$page" ] || continue
	# Which other pages are installed is this machine's affair.
	said=$(mandoc -T lint "$page" 2>&1 | grep -vE 'referenced manual not found|mandoc\.db|operating system explicitly') || continue
	complain "$said"
done
finish
