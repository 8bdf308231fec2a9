# SPDX-License-Identifier: BSD-3-Clause
# offered.fish FILE: for each command line on standard input, "LINE: WORD" for each word that fish
# would complete it to.
source $argv[1]
while read -l line
    for word in (complete -C $line)
        printf '%s: %s\n' $line (string split -m 1 \t -- $word)[1]
    end
end
