#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# reasons.sh [TREE]: pam_kling(8) names every reason that can stand in the log, and no other.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
list=$(mktemp)
manual=$(mktemp)
trap 'rm -f "$list" "$manual"' EXIT
sed -n 's/^[[:space:]]*\[REASON_[A-Z_]*\] = "\([a-z-]*\)".*/\1/p' policy/decision.c | sort >"$list"
[ -s "$list" ] || complain "policy/decision.c has no reasons"
sed -n '/^Reasons:/,/^\.El/s/^\.It Li //p' man/pam_kling.8 | tr -d ' ' | tr ',' '\n' | sort >"$manual"
for reason in $(comm -23 "$list" "$manual"); do
	complain "man/pam_kling.8 does not say what $reason means"
done
for reason in $(comm -13 "$list" "$manual"); do
	complain "man/pam_kling.8 knows a reason that does not exist: $reason"
done
finish
