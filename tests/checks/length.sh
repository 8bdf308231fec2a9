#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# length.sh [TREE]: no function of what ships is longer than 60 lines, but those listed with a reason.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
longest=60
# FILE:FUNCTION # why it is one piece
exceptions='
'
ctags --version 2>/dev/null | grep -q 'Universal Ctags' || skip "Universal Ctags is not installed"

# shellcheck disable=SC2046 # our own file names, without blanks
lengths=$(ctags -f - --languages=C --langmap=C:.c.h --kinds-C=f --fields=+ne $(shipped_sources) |
	awk -F '\t' '!/^!/ {
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) line = substr($i, 6)
			if ($i ~ /^end:/) end = substr($i, 5)
		}
		print end - line + 1, $2 ":" $1
	}' | sort -n)
[ -n "$lengths" ] || { complain "no functions found"; finish; }
long=$(echo "$lengths" | awk -v longest="$longest" '$1 > longest')
while read -r lines where; do
	[ -n "$lines" ] || continue
	echo "$exceptions" | grep -q "^$where " || complain "$where has $lines lines"
done <<EOF
$long
EOF
echo "$lengths" | awk '{ n[NR] = $1; w[NR] = $2 } END {
	printf "%d functions: median %d, 90th percentile %d, longest %d lines (%s)\n",
		NR, n[int((NR + 1) / 2)], n[int(NR * 0.9) ? int(NR * 0.9) : 1], n[NR], w[NR] }'
finish
