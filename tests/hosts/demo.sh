#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The demo tells what it should, without a terminal too: no colours, and it waits for nobody.
set -eu
skip() {
	echo "SKIP demo: $1"
	exit 77
}
[ "$(id -u)" -eq 0 ] || skip "needs root"
[ "${KLING_HOSTS-}" != no ] || skip "switched off by KLING_HOSTS=no"
[ -z "${KLING_SANITIZERS-}" ] || skip "sshd cannot load a module with sanitizers"
PATH=$PATH:/usr/sbin:/sbin
for program in sshd ssh oathtool python3; do
	command -v "$program" >/dev/null || skip "$program is not installed"
done

# shellcheck disable=SC2154 # the test environment names the directories
told=$("$abs_top_srcdir/tests/hosts/demo" "$abs_top_builddir" --keep </dev/null) || {
	status=$?
	echo "$told"
	exit $status
}
echo "$told"
[ "$(echo "$told" | grep -c '=> logged in')" -eq 3 ]
[ "$(echo "$told" | grep -c '=> refused')" -eq 2 ]
echo "$told" | grep -q 'ssh -p [0-9]* .*demo@127.0.0.1'
if command -v zbarimg >/dev/null; then
	echo "$told" | grep -q 'exactly that address'
fi
if echo "$told" | grep -q "$(printf '\033')"; then
	echo "colours in a pipe"
	exit 1
fi
