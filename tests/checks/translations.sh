#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# translations.sh [TREE]: every text that is marked is known to the translators, every translation
# says all of them, none is a guess, and formats fit.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
need xgettext
need msgfmt
need msgcmp
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

grep -lE '(^|[^A-Za-z_])(_|N_|ngettext)\("' -r policy lib pam_kling kling-enroll | sort >"$scratch/marked"
comm -23 "$scratch/marked" po/POTFILES >"$scratch/unknown"
while read -r file; do
	complain "$file has texts to translate and is not in po/POTFILES"
done <"$scratch/unknown"

# shellcheck disable=SC2046 # a list of options
xgettext --from-code=UTF-8 --keyword \
	$(sed -n '/^po_keywords/,/[^\\]$/p' po/local.mk | grep -o -e '--keyword=[^ ]*') \
	--files-from=po/POTFILES -o "$scratch/kling.pot" || complain "xgettext fails"
for po in po/*.po; do
	said=$(msgfmt -c -o /dev/null "$po" 2>&1) || complain "$said"
	said=$(msgcmp "$po" "$scratch/kling.pot" 2>&1) ||
		complain "$said" "(make update-po, then translate what is new in $po)"
	grep -q '^#, .*fuzzy' "$po" && complain "$po has fuzzy entries"
done
finish
