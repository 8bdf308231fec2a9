#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# rpm.sh [TARBALL]: the packages that rpmbuild makes of the tarball (without one, of `make dist`)
# hold what `make install` installs, each file once, and rpmlint has nothing to say.
. "${0%/*}/../checks/common.sh"
need rpmbuild
need rpm
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
LC_ALL=C.UTF-8
spec=$abs_top_srcdir/packaging/rpm/kling.spec

tarball=${1-}
if [ -z "$tarball" ]; then
	# A name of its own: other tests may be making a tarball in the same build directory.
	dist=rpm-source-$$
	mkdir "$abs_top_builddir/$dist"
	trap 'chmod -R u+w "$abs_top_builddir/$dist"; rm -rf "$top" "$abs_top_builddir/$dist"' EXIT
	version=$(sed -n 's/^AC_INIT(\[kling\], \[\([^]]*\).*/\1/p' "$abs_top_srcdir/configure.ac")
	env -u MAKEFLAGS -u MFLAGS make -s -C "$abs_top_builddir" distdir "distdir=$dist/kling-$version" \
		>"$top/log" 2>&1 || { tail "$top/log"; exit 1; }
	tarball=$top/kling-$version.tar.xz
	tar -C "$abs_top_builddir/$dist" -cJf "$tarball" "kling-$version"
fi

options=(--nodeps --noclean --without check --define "_topdir $top" --define "_dbpath $top/db"
	--define "_smp_mflags -j$(nproc)" --define "debug_package %{nil}")
[ -f /usr/share/selinux/devel/Makefile ] || options+=(--without selinux)
rpmbuild -tb "${options[@]}" "$tarball" >"$top/log" 2>&1 || { tail -n 40 "$top/log"; exit 1; }
mapfile -t packages < <(find "$top/RPMS" -name '*.rpm' | sort)
list() { rpm --define "_dbpath $top/db" -qp "$@" 2>/dev/null; }

# Each package by its name: what is in it.
for package in "${packages[@]}"; do
	echo "$(list --qf '%{name}' "$package"):"
	list -l "$package" | sed 's/^/  /'
done
names=$(list --qf '%{name}\n' "${packages[@]}" | sort | tr '\n' ' ')
case $names in
"kling-enroll pam_kling " | "kling-enroll pam_kling pam_kling-selinux ") ;;
*) complain "the packages are: $names" ;;
esac

# make install of the tree that rpmbuild built, with man pages compressed as rpmbuild does.
built=$(echo "$top"/BUILD/kling-*/)
make -s -C "$built" install DESTDIR="$top/installed" >"$top/log" 2>&1 || { tail "$top/log"; exit 1; }
(cd "$top/installed" && find . -type f ! -name '*.la' | sed 's,^\.,,; s,\(/man/.*\)\.gz$,\1,') | sort >"$top/expected"
list -l "${packages[@]}" | sed 's,\(/man/.*\)\.gz$,\1,' | sort >"$top/packaged"
while read -r file; do
	complain "make install installs $file, and no package has it"
done < <(comm -23 "$top/expected" "$top/packaged")
while read -r file; do
	complain "$file is in two packages"
done < <(list -l "${packages[@]}" | sort | uniq -d | grep -Ev '/COPYING$|/\.build-id')

# What must not be readable, and what an upgrade must not replace.
modes=$(list --qf '[%{filemodes:perms} %{filenames}\n]' "${packages[@]}")
for place in /etc/kling/keys /var/lib/kling; do
	grep -qx "drwx------ $place" <<<"$modes" || complain "$place is not packaged with mode 0700"
done
list -c "${packages[@]}" | grep -qx /etc/kling/kling.conf || complain "kling.conf is no configuration file"

# What is erased at last must not be named by a stack: run as rpm does, against stacks of our own.
mkdir "$top/pam.d"
list --qf '%{preun}\n' "$(printf '%s\n' "${packages[@]}" | grep '/pam_kling-[0-9]')" |
	sed "s,/etc/pam\.,$top/pam.,g" >"$top/preun"
erase() { sh "$top/preun" "$1" 2>/dev/null; }
echo '-auth required pam_kling.so' >"$top/pam.d/sshd"
echo 'auth required pam_kling.so' >"$top/pam.d/sshd.rpmsave"
erase 0 || complain "the package cannot be erased though no stack needs it"
echo 'auth required pam_kling.so' >"$top/pam.d/login"
! erase 0 || complain "the package is erased under a stack that needs it"
erase 1 || complain "the package cannot be upgraded"

if command -v rpmlint >/dev/null; then
	rpmlint --rpmlintrc "${spec%.spec}.rpmlintrc" "$spec" "${packages[@]}" >"$top/lint" 2>&1 ||
		complain "$(grep -E ': (E|W): ' "$top/lint")"
	grep -E ': W: ' "$top/lint" && complain "rpmlint warns"
	tail -n 1 "$top/lint"
fi
finish
