#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# musl.sh [TREE]: everything that ships compiles against musl without a warning, with gettext and
# without. The foreign libraries' headers are those that are here, made for glibc; nothing is linked.
. "${0%/*}/common.sh"
cd "${1-$abs_top_srcdir}" || exit 99
need musl-gcc
need pkg-config
[ -z "${KLING_SANITIZERS-}" ] || skip "once is enough"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What configure found out about glibc does not hold; musl's crypt.h, which Debian leaves out.
mkdir "$scratch/nls" "$scratch/plain" "$scratch/crypt"
grep -v -e CRYPT_LIBRARY -e CRYPT_SALT_OK -e ENABLE_NLS "$abs_top_builddir/config.h" >"$scratch/plain/config.h"
{ cat "$scratch/plain/config.h"; echo '#define ENABLE_NLS 1'; } >"$scratch/nls/config.h"
cat >"$scratch/crypt/crypt.h" <<'EOF'
struct crypt_data { int initialized; char __buf[256]; };
char *crypt_r(const char *, const char *, struct crypt_data *);
EOF

foreign=$(pkg-config --cflags-only-I cairo audit liboath libqrencode libcrypto 2>/dev/null | sed 's/-I/-idirafter /g')
warnings=$(sed -n 's/^WARN_CFLAGS = //p' "$abs_top_builddir/Makefile")
multiarch=$(gcc -print-multiarch)
[ -n "$warnings" ] || complain "no WARN_CFLAGS in the Makefile"

# compile CONFIG FILE
compile() {
	# shellcheck disable=SC2086 # lists of options
	musl-gcc -std=gnu11 -O1 $warnings -Werror -D_GNU_SOURCE -DPIC -fPIC -I"$scratch/$1" -I. \
		-DKLING_CONF_DIR='"/etc/kling"' -DKLING_STATE_DIR='"/var/lib/kling"' \
		-DKLING_LOCALE_DIR='"/usr/share/locale"' -idirafter "$scratch/crypt" $foreign \
		-idirafter /usr/include -idirafter "/usr/include/$multiarch" \
		-c "$2" -o "$scratch/object.o" 2>"$scratch/said" ||
		complain "$2: $(grep -m 3 -E 'error|warning' "$scratch/said")"
}

for file in $(shipped_sources | grep '\.c$'); do
	[ "$file" = kling-enroll/drawing_none.c ] || compile nls "$file"
done
for file in kling-enroll/*.c; do
	compile plain "$file"
done
finish
