#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# completions.sh [TREE]: bash, zsh and fish complete every command, option and choice of
# kling-enroll's help, and nothing else; user names where a user is meant.
. "${0%/*}/common.sh"
tree=${1-$abs_top_srcdir}
tool=$KLING_ENROLL
[ -x "$tool" ] || { complain "$tool is not built"; finish; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
HOME=$scratch PATH=${tool%/*}:$PATH
export HOME PATH
store=$scratch/store
config=$scratch/kling.conf
mkdir -p "$store/users/alice" "$store/users/al+x@example.org" "$store/users/al%20i"
mkdir "$store/users/b%2Bb"
echo "state_dir = $store" >"$config"
nowhere=$scratch/nowhere.conf
echo "state_dir = $scratch/nowhere" >"$nowhere"

# help [COMMAND]: NAME ARGUMENT of each command or option it names, read another way than the
# completions do: by the column at which the text begins.
help() {
	"$tool" "$@" --help | awk '
		/^  [a-z]/ { print $1 }
		/^  --/ { head = length($0) > 32 && substr($0, 29, 2) == "  " ? substr($0, 1, 28) : $0
			split(head, word, " "); print word[1], word[2] }'
}

# wants LINE WORD...: what shall be offered there
wants() {
	line=$1
	shift
	printf '%s\n' "$line" >>"$scratch/lines"
	for word; do
		printf '%s: %s\n' "$line" "$word" >>"$scratch/wanted"
	done
}

# choices COMMAND OPTION WORDS: an option that takes one of a few words, in both ways to write it
choices() {
	option=$2
	words=$(echo "$3" | tr '|' ' ')
	# shellcheck disable=SC2086 # a list of words
	wants "kling-enroll $1 $option " $words
	# shellcheck disable=SC2046 # a list of words
	wants "kling-enroll $1 $option=" $(for word in $words; do echo "$option=$word"; done)
}

# kinds COMMAND: every option's argument is of a kind that the completions know
kinds() {
	help "$1" | while read -r option argument; do
		case $argument in
		'' | FILE* | F.* | DIR | USER | NAME | SERVICE | TEXT | ADDRESS | 3d | [0-9]*..[0-9]*) ;;
		*'|'*) choices "$1" "$option" "$argument" ;;
		*) echo "$1 $option" ;;
		esac
	done
}

# users COMMAND: who is meant where its usage says USER
users() {
	case $1:$("$tool" "$1" --help | sed -n 1p) in
	add:* | grace:*) wants "kling-enroll $1 roo" root ;;
	import:*)
		wants "kling-enroll import " google-authenticator users.oath uri
		wants "kling-enroll import uri - roo" root
		;;
	status:*) wants "kling-enroll --config $config status b+b al" alice al+x@example.org ;;
	*USER*)
		wants "kling-enroll --config $config $1 " alice al+x@example.org b+b
		wants "kling-enroll --config=$config $1 al+x@" al+x@example.org
		wants "kling-enroll --config $config $1 alice "
		wants "kling-enroll --config $nowhere $1 roo" root
		;;
	*) wants "kling-enroll $1 " ;;
	esac
}

: >"$scratch/wanted"
# Names with blanks need quoting of each shell's own kind; those are not compared.
commands=$(help | awk '/^[a-z]/ { print $1 }')
[ -n "$commands" ] || complain "no commands in the help"
# shellcheck disable=SC2086 # lists of words
wants "kling-enroll " $commands
# shellcheck disable=SC2046 # lists of words
wants "kling-enroll --" $(help | awk '/^-/ { print $1 }')
for command in $commands; do
	# shellcheck disable=SC2046 # lists of words
	wants "kling-enroll $command --" $(help "$command" | awk '{ print $1 }')
	unknown=$(kinds "$command")
	[ -z "$unknown" ] || complain "an argument of a kind that the completions do not know: $unknown"
	users "$command"
done
sort -u "$scratch/wanted" >"$scratch/wanted.sorted"

# compared SHELL OFFERED. Where no operand is left, zsh turns to the options by itself.
compared() {
	beyond=' : --$'
	[ "$1" != zsh ] || beyond=' : --'
	grep -v -e 'al[\\]* i$' -e "$beyond" "$2" | sort -u >"$2.sorted"
	diff "$scratch/wanted.sorted" "$2.sorted" >"$2.diff" ||
		complain "$1 (< should be offered, > is): $(head -n 20 "$2.diff")"
}

files=$tree/kling-enroll/completions
drivers=$tree/tests/checks/completions
tried=
for shell in bash zsh fish; do
	command -v $shell >/dev/null 2>&1 || continue
	tried="$tried $shell"
	offered=$scratch/$shell
	case $shell in
	bash) bash --norc "$drivers/offered.bash" "$files/bash/kling-enroll" <"$scratch/lines" ;;
	zsh) zsh -f "$drivers/offered.zsh" "$files/zsh" <"$scratch/lines" ;;
	fish) fish --no-config "$drivers/offered.fish" "$files/fish/kling-enroll.fish" <"$scratch/lines" ;;
	esac >"$offered" 2>"$offered.err" || complain "$shell fails"
	[ ! -s "$offered.err" ] || complain "$shell: $(cat "$offered.err")"
	compared $shell "$offered"
done
# What a stranger could have named goes onto no line that root may run as it stands.
if command -v bash >/dev/null 2>&1; then
	mkdir -p "$scratch/trap/users/eve\$(id)" "$scratch/trap/users/eve\`id\`" "$scratch/trap/users/eve%3Bid"
	echo "state_dir = $scratch/trap" >"$scratch/trap.conf"
	printf '%s\n' "kling-enroll --config $scratch/trap.conf codes ev" \
		"kling-enroll add --sheet-dir $scratch/trap/users/ev" \
		"kling-enroll add --sheet-dir=$scratch/trap/users/ev" |
		bash --norc "$drivers/offered.bash" "$files/bash/kling-enroll" >"$scratch/trapped" 2>&1
	[ ! -s "$scratch/trapped" ] || complain "bash offers as it stands: $(cat "$scratch/trapped")"
fi
[ -n "$tried" ] || skip "none of bash, zsh and fish is installed"
echo "tried:$tried"
finish
