#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# licence.sh [TREE]: every C file names its licence in the first line.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
for file in $(all_sources); do
	[ "$(head -n 1 "$file")" = '/* SPDX-License-Identifier: BSD-3-Clause */' ] ||
		complain "$file does not start with its licence"
done
finish
