#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# options.sh [TREE [OPTIONS]]: the sample configuration and kling.conf(5) name every option with its
# default, and none that does not exist. OPTIONS is what tests/checks/list_options prints.
. "${0%/*}/common.sh"
tree=${1-$abs_top_srcdir}
options=${2-$abs_top_builddir/tests/checks/list_options}
[ -x "$options" ] || { complain "$options is not built"; finish; }
cd "$tree" || exit 99
sample=conf/kling.conf
manual=man/kling.conf.5
list=$(mktemp)
trap 'rm -f "$list"' EXIT
"$options" >"$list"

# The two directories depend on how Kling was configured.
written() {
	case $1 in
	state_dir) echo /var/lib/kling ;;
	key_dir) echo /etc/kling/keys ;;
	*) echo "$2" ;;
	esac
}

# What kling.conf(5) shall say behind the name: default and limits.
limits() {
	case $2 in
	number) echo "Default: $1; $3 to $4." ;;
	duration) echo "Default: $1; $(span "$3") to $(span "$4")." ;;
	choice) echo "Default: $1, out of: $3." ;;
	bool) echo "Default: $1." ;;
	*) [ -n "$1" ] && echo "Default: $1." || echo "Default: empty." ;;
	esac
}

# span SECONDS: as a duration is written
span() {
	if [ "$1" -gt 0 ] && [ $(($1 % 86400)) -eq 0 ]; then
		echo "$(($1 / 86400))d"
	elif [ "$1" -eq 0 ]; then
		echo 0
	else
		echo "${1}s"
	fi
}

while IFS='|' read -r name standard low high kind words; do
	standard=$(written "$name" "$standard")
	[ "$kind" != choice ] || low=$words
	grep -qxF "#$name = $standard" "$sample" || grep -qxF "#$name =" "$sample" ||
		complain "$sample does not have: #$name = $standard"
	said=$(awk -v item=".It Ic $name" '
		found { said = said gap $0; gap = " "; if (/\.$/) { print said; exit } }
		$0 == item { found = 1 }' "$manual")
	wanted=$(limits "$standard" "$kind" "$low" "$high")
	[ "$said" = "$wanted" ] || complain "$manual says of $name \"$said\", not \"$wanted\""
done <"$list"

for name in $(sed -n 's/^#\{0,1\}\([a-z_][a-z_]*\) =.*/\1/p' "$sample") \
	$(sed -n 's/^\.It Ic \([a-z_]*\)\( .*\)\{0,1\}$/\1/p' "$manual"); do
	[ "$name" = second_factor ] || grep -q "^$name|" "$list" || complain "there is no option $name"
done
finish
