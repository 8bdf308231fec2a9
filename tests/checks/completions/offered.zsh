# SPDX-License-Identifier: BSD-3-Clause
# offered.zsh DIRECTORY: for each command line on standard input, "LINE: WORD" for each word that zsh
# would complete it to. A second zsh, on a terminal, gets the line and a tab, and writes what was
# offered to a file.
zmodload zsh/zpty || exit 77
offered=$(mktemp)

# Waits for the line "done"; the terminal's output is thrown away so that it never fills up.
answered() {
	local wait chunk
	for wait in {1..500}; do
		while zpty -r -t inner chunk; do :; done
		grep -qx done $offered && return
		sleep 0.02
	done
	print -r -- "no answer to $1" >&2
	exit 1
}

zpty inner zsh -f -i
zpty -w inner "PROMPT= RPROMPT= LISTMAX=10000; stty -echo columns 200; unsetopt prompt_cr beep"
zpty -w inner "offered=${(q)offered}; fpath=(${(q)1} \$fpath)
autoload -U compinit; compinit -u -D"
zpty -w inner 'zstyle ":completion:*" list-prompt ""; zstyle ":completion:*" insert-tab false
compadd() {
	local -a kept
	if [[ ${@[1,(i)(-|--)]} != *-[OAD]\ * ]]; then
		builtin compadd -A kept "$@"
		(( ! $#kept )) || print -rl -- "offered "$^kept >>$offered
	fi
	builtin compadd "$@"
}
answer() { zle complete-word; BUFFER=; print -r -- done >>$offered; zle accept-line }
zle -N answer
bindkey "^I" answer
print done >>$offered'
answered "the preparations"
while IFS= read -r line; do
	: >$offered
	zpty -w -n inner "$line"$'\t'
	answered $line
	before=
	[[ ${line##* } != *=* ]] || before=${${line##* }%%=*}=
	sed -n 's/^offered //p' $offered | sort -u | while IFS= read -r word; do
		print -r -- "$line: $before$word"
	done
done
rm -f $offered
zpty -d inner
