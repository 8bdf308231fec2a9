#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# format.sh [TREE]: the C files look as .clang-format says (clang-format 14: others differ).
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
format=
for program in clang-format-14 clang-format; do
	[ -n "$format" ] || ! "$program" --version 2>/dev/null | grep -q 'version 14\.' || format=$program
done
[ -n "$format" ] || skip "clang-format 14 is not installed"
for file in $(all_sources); do
	"$format" --style=file --dry-run -Werror "$file" || complain "$file: run $format -i $file"
done
finish
