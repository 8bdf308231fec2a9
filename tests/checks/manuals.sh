#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# manuals.sh [TREE]: mandoc has nothing to say about the manual pages.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
need mandoc
for page in man/*.[58]; do
	[ -f "$page" ] || continue
	[ -z "$(mandoc -T lint -W warning "$page" 2>&1 | tee /dev/stderr)" ] || complain "$page"
done
finish
