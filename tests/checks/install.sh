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
[ -z "$(find "$root" -name '*.la' -o -name '*.a')" ] || complain "libtool files are installed"
[ ! -e "$root/var/lib/kling" ] || complain "make install makes a store"

echo '# mine' >"$root$KLING_SYSCONFDIR/kling/kling.conf"
run_make install
grep -qx '# mine' "$root$KLING_SYSCONFDIR/kling/kling.conf" || complain "the configuration was replaced"

run_make uninstall
left=$(cd "$root" && find . -type f)
[ "$left" = ".$KLING_SYSCONFDIR/kling/kling.conf" ] || complain "uninstall leaves: $left"
finish
