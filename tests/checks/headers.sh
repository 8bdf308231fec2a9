#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# headers.sh [TREE]: every header compiles alone.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
for header in $(all_sources | grep '\.h$'); do
	# shellcheck disable=SC2086 # lists of flags
	printf '#include "%s"\ntypedef int not_empty;\n' "$header" |
		${CC:-cc} ${KLING_CPPFLAGS-} -D_GNU_SOURCE -I. -fsyntax-only -Wall -Wextra -Wno-unused-function -Werror -x c - ||
		complain "$header does not compile alone"
done
finish
