#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# tests/totals.sh TEST...: what these tests counted, from the logs that make check left below the
# current directory: every line of theirs that begins with `total: `, behind the test's name.
for test; do
	log=${test%.sh}
	log=${log%.py}.log
	[ -f "$log" ] || echo "$test: did not run"
	[ ! -f "$log" ] || sed -n "s,^total: ,${test##*/}: ,p" "$log"
done
