# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# offered.bash FILE: for each command line on standard input, "LINE: WORD" for each word that bash
# would complete it to, as the shell calls the function of a command.
source "$1"
function=$(complete -p kling-enroll | sed 's/.* -F \([^ ]*\) .*/\1/')
while IFS= read -r line; do
	COMP_LINE=$line
	COMP_POINT=${#line}
	# split as readline does, at = : and @ too
	read -ra COMP_WORDS <<<"$(sed 's/[=:@]/ & /g' <<<"$line")"
	[[ $line == *' ' ]] && COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	"$function" kling-enroll "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	typed=${COMP_WORDS[COMP_CWORD]}
	[[ $typed != [=:@] ]] || typed=''
	word=${line##* }
	for reply in "${COMPREPLY[@]}"; do
		printf '%s: %s\n' "$line" "${word%"$typed"}$reply"
	done
done
