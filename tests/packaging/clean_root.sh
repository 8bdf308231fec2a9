#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# clean_root.sh: a Debian (or Ubuntu) that has nothing but what it must have takes the packages in
# KLING_PACKAGES by apt, and a login with a code works there.
set -eu

skip() {
	echo "skipped: $*"
	exit 77
}

[ "$(id -u)" -eq 0 ] || skip "needs root"
[ -n "${KLING_PACKAGES-}" ] || skip "KLING_PACKAGES names no directory with packages"
command -v debootstrap >/dev/null 2>&1 || skip "debootstrap is not installed"
codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
[ -e "/usr/share/debootstrap/scripts/$codename" ] || skip "debootstrap does not know this system"

root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 1' HUP INT TERM
if ! debootstrap --variant=minbase "$codename" "$root" >"$root.log" 2>&1; then
	tail -n 3 "$root.log"
	rm -f "$root.log"
	skip "debootstrap fails (no network?)"
fi
rm -f "$root.log"

# No service starts while packages are installed; mounts end with their namespace.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp "$KLING_PACKAGES"/*.deb "$root/root/"
# shellcheck disable=SC2016 # the inner shell expands it
unshare -m sh -ec '
	mount -t proc proc "$1/proc"
	chroot "$1" sh -ec "DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 install \
		--no-install-recommends openssh-server oathtool /root/*.deb"
' sh "$root" </dev/null

# shellcheck disable=SC2154 # the test environment names the directory
KLING_CLEAN_ROOT=$root "$abs_top_srcdir/tests/packaging/debian.py"
