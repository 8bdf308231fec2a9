#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# install.sh: make install puts each thing where it belongs, never over a configuration that is
# there, and make uninstall takes everything back but the configuration.
. "${0%/*}/common.sh"
[ -z "${KLING_SANITIZERS-}" ] || skip "nobody installs a sanitizer build"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cd "$abs_top_builddir" || exit 99

# The outer make's options (a jobserver that is not ours) stay out.
run_make() {
	env -u MAKEFLAGS -u MFLAGS "${MAKE:-make}" -s "$@" DESTDIR="$root" >"$root.log" 2>&1 || {
		complain "make $* fails: $(tail -n 5 "$root.log")"
	}
	rm -f "$root.log"
}

# there FILE MODE: installed, with that mode
there() {
	[ "$(stat -c %a "$root$1" 2>/dev/null)" = "$2" ] || complain "$1 is not there with mode $2"
}

run_make install
there "$KLING_PAMDIR/pam_kling.so" 755
there "$KLING_SBINDIR/kling-enroll" 755
there "$KLING_SYSCONFDIR/kling/kling.conf" 644
there "$KLING_MANDIR/man8/pam_kling.8" 644
there "$KLING_MANDIR/man8/kling-enroll.8" 644
there "$KLING_MANDIR/man5/kling.conf.5" 644
there "$KLING_DATADIR/bash-completion/completions/kling-enroll" 644
there "$KLING_DATADIR/zsh/site-functions/_kling-enroll" 644
there "$KLING_DATADIR/fish/vendor_completions.d/kling-enroll.fish" 644
[ ! -d po/locale ] || there "$KLING_LOCALEDIR/de/LC_MESSAGES/kling.mo" 644
for document in README.md NEWS DEPLOY.md FORMAT.md CRYPTO.md PASSWORDS.md PERFORMANCE.md TESTING.md \
	examples/debian/pam.d/sshd \
	examples/debian/pam-configs/kling examples/debian/ssh/sshd_config.d/10-kling.conf; do
	there "$KLING_DOCDIR/$document" 644
done
cd "$root$KLING_DOCDIR" || exit 99
for document in *.md; do
	links=$(grep -o '](\(\.\|[a-zA-Z]\)[^):#]*[)#]' "$document" | sed 's/^](//; s/.$//')
	for link in $links; do
		[ -e "$link" ] || complain "$document, installed, leads to $link, which is not there"
	done
done
cd "$abs_top_builddir" || exit 99
[ -z "$(find "$root" -name '*.la' -o -name '*.a')" ] || complain "libtool files are installed"
[ ! -e "$root/var/lib/kling" ] || complain "make install makes a store"

echo '# mine' >"$root$KLING_SYSCONFDIR/kling/kling.conf"
run_make install
grep -qx '# mine' "$root$KLING_SYSCONFDIR/kling/kling.conf" || complain "the configuration was replaced"

# A stack that still names the module is told, by its name, and stops nothing.
mkdir -p "$root/etc/pam.d" "$root/usr/lib/pam.d"
echo 'auth required pam_kling.so' >"$root/etc/pam.d/sshd"
echo '# auth required pam_kling.so' >"$root/etc/pam.d/sudo"
echo '-auth [success=1 default=ignore] /lib/security/pam_kling.so' >"$root/usr/lib/pam.d/vendor"
said=$(env -u MAKEFLAGS -u MFLAGS "${MAKE:-make}" -s uninstall DESTDIR="$root" 2>&1) ||
	complain "uninstall fails where a stack names the module: $said"
for named in sshd vendor; do
	echo "$said" | grep -q "pam.d/$named\$" || complain "uninstall does not name $named: $said"
done
echo "$said" | grep -q 'pam.d/sudo' && complain "uninstall names what is commented out"
rm -r "$root/etc/pam.d" "$root/usr/lib/pam.d"
run_make install
said=$(env -u MAKEFLAGS -u MFLAGS "${MAKE:-make}" -s uninstall DESTDIR="$root" 2>&1)
echo "$said" | grep -q WARNING && complain "uninstall warns of nothing: $said"
run_make install

run_make uninstall
left=$(cd "$root" && find . -type f)
[ "$left" = ".$KLING_SYSCONFDIR/kling/kling.conf" ] || complain "uninstall leaves: $left"
finish
