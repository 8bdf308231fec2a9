#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# shell.sh [TREE]: shellcheck has nothing to say about the scripts.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
need shellcheck
for script in $(shell_scripts); do
	shellcheck -x -P "${script%/*}" -e SC1091,SC2154 "$script" || complain "$script"
done
finish
