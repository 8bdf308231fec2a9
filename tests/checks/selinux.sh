#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# selinux.sh [TREE]: the SELinux policy module compiles against the reference policy's interfaces.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
need checkmodule
need semodule_package
makefile=/usr/share/selinux/devel/Makefile
[ -f "$makefile" ] || skip "the reference policy's interfaces are not installed (selinux-policy-dev)"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp packaging/selinux/kling.fc packaging/selinux/kling.if packaging/selinux/kling.te "$scratch"
said=$(cd "$scratch" && env -u MAKEFLAGS -u MFLAGS make -f "$makefile" kling.pp 2>&1) || complain "$said"
[ -s "$scratch/kling.pp" ] || complain "no policy package comes out: $said"
finish
