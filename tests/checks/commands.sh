#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# commands.sh [TREE [TOOL]]: kling-enroll(8) describes every command and every option of each, and
# none that does not exist. The tool's own --help comes from the table it works by.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
tool=${2-$KLING_ENROLL}
page=man/kling-enroll.8
[ -x "$tool" ] || { complain "$tool is not built"; finish; }

list=$(mktemp)
trap 'rm -f "$list"' EXIT

commands() {
	"$tool" --help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on && /^  [a-z]/ { print $1 }'
}

# Its own options, or those of every command.
options() {
	"$tool" "$1" --help | awk '/^For every command:/ { exit }
		/^  --/ { print $1 }' | sed 's/^--//'
}

# What the page says of a command: from each of its items to the next command.
described() {
	awk -v command="$1" '/^\.It Cm [a-z]/ || /^\.S[hs] / { on = ($0 " ") ~ ("^\\.It Cm " command " ") }
		on' "$page"
}

known=$(commands)
[ -n "$known" ] || complain "$tool --help names no commands"
all="config help version"
for command in $known; do
	text=$(described "$command")
	[ -n "$text" ] || complain "$page does not describe $command"
	for option in $(options "$command"); do
		all="$all $option"
		printf '%s\n' "$text" | grep -qE "(Fl|,) -$option( |\$)" ||
			complain "$page does not describe $command --$option"
	done
done

sed -n 's/^\.It Cm \([a-z]*\).*/\1/p' "$page" | sort -u >"$list"
while read -r command; do
	printf '%s\n' "$known" | grep -qx "$command" || complain "there is no command $command"
done <"$list"
grep -E '^\.' "$page" | grep -oE '(Fl|,) -[a-z-]+' | sed 's/.* -//' | sort -u >"$list"
while read -r option; do
	# shellcheck disable=SC2086 # a list of words
	printf '%s\n' $all | grep -qx -- "$option" || complain "there is no option --$option"
done <"$list"
finish
