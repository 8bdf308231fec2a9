#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# used.sh [TREE]: every option of the table in policy/rules.c is read by some code beside the parser.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99

# Lines NAME FIELD out of the table: the field is what offsetof is asked for.
fields() {
	awk '/^const struct tunable tunables/ { table = 1; next }
	     /^};/ { table = 0 }
	     table { text = text $0 }
	     END {
		count = split(text, entries, /\),[ \t]*/)
		for (i = 1; i <= count; i++) {
			if (!match(entries[i], /[A-Z_]+\("/)) continue
			kind = substr(entries[i], RSTART, RLENGTH - 2)
			split(substr(entries[i], RSTART + RLENGTH - 1), word, /, */)
			gsub(/"/, "", word[1])
			print word[1], kind == "OTHER" ? word[4] : word[2]
		}
	     }' policy/rules.c
}

[ "$(fields | wc -l)" -gt 0 ] || { complain "policy/rules.c has no table of options"; finish; }
readers=$(shipped_sources | grep -vE '^(policy/rules\.[ch]|policy/password_rules\.h|lib/conf/.*)$')
list=$(mktemp)
trap 'rm -f "$list"' EXIT
fields >"$list"
while read -r name field; do
	# Read before any rules are resolved, through settings_state_dir and settings_key_dir.
	case $name in state_dir | key_dir) continue ;; esac
	# shellcheck disable=SC2086 # our own file names, without blanks
	grep -qE "(->|\.)${field##*.}([^a-z_0-9]|\$)" $readers ||
		complain "nothing reads $name (rules.$field)"
done <"$list"
finish
