#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# selftest.sh: each check passes over a sound tree and fails when that tree breaks its rule.
# shellcheck disable=SC2016 # what it writes are scripts and C
. "${0%/*}/common.sh"
checks=$abs_top_srcdir/tests/checks
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
KLING_SANITIZERS=
export KLING_SANITIZERS
skipped=0

# A small sound tree of our own, so that this test does not depend on the state of the real one.
sow() {
	rm -rf "$tree"
	for dir in policy lib/base lib/conf lib/crypto lib/factor lib/store pam_kling kling-enroll \
		tests/unit man conf; do
		mkdir -p "$tree/$dir"
	done
	cp "$abs_top_srcdir/.clang-format" "$tree/"
	printf '%s\n' '/* SPDX-License-Identifier: BSD-3-Clause */' \
		'#include "policy/one.h"' '' 'int one(void)' '{' '	return 1;' '}' >"$tree/policy/one.c"
	printf '%s\n' '/* SPDX-License-Identifier: BSD-3-Clause */' 'int one(void);' >"$tree/policy/one.h"
	printf '%s\n' '#!/bin/sh' 'echo "$1"' >"$tree/quickstart"
}

# run CHECK ARGUMENT...: its exit status, its words in $scratch/said
run() {
	check=$1
	shift
	"$checks/$check" "$@" >"$scratch/said" 2>&1
}

# sound CHECK ARGUMENT...: it must pass
sound() {
	run "$@"
	status=$?
	[ $status -ne 77 ] || { skipped=$((skipped + 1)); echo "skipped $*"; return; }
	[ $status -eq 0 ] || complain "$1 finds fault with a sound tree: $(cat "$scratch/said")"
}

# broken WHAT CHECK ARGUMENT...: it must fail
broken() {
	what=$1
	shift
	run "$@"
	status=$?
	[ $status -ne 77 ] || { skipped=$((skipped + 1)); echo "skipped $*"; return; }
	[ $status -eq 1 ] || complain "$1 does not see $what (exit $status): $(cat "$scratch/said")"
	echo "$1 sees $what: $(head -n 1 "$scratch/said")"
}

# append FILE LINE...
append() {
	file=$tree/$1
	shift
	[ -f "$file" ] || echo '/* SPDX-License-Identifier: BSD-3-Clause */' >"$file"
	printf '%s\n' "$@" >>"$file"
}

sow
for check in layers foreign headers format length licence shell manuals; do
	sound $check.sh "$tree"
done

sow
append policy/one.c '#include "lib/base/status.h"'
broken 'policy including lib' layers.sh "$tree"
sow
append lib/base/text.c '#include "lib/store/store.h"'
broken 'base including store' layers.sh "$tree"
sow
append lib/conf/file.c '#include "pam_kling/session.h"'
broken 'lib including a front end' layers.sh "$tree"
sow
append pam_kling/entry.c '#include "kling-enroll/text.h"'
broken 'the module including the tool' layers.sh "$tree"
sow
append policy/one.c '#include "one.h"'
broken 'an include from beside the file' layers.sh "$tree"
sow
append lib/store/seal.c '#include <openssl/evp.h>'
broken 'OpenSSL outside lib/crypto' foreign.sh "$tree"
sow
append lib/factor/backup.c '#include <liboath/oath.h>'
broken 'liboath outside totp.c' foreign.sh "$tree"
sow
append policy/one.c '#include <security/pam_modules.h>'
broken 'PAM in the policy' foreign.sh "$tree"
sow
append pam_kling/one.c '#include <libaudit.h>'
append pam_kling/two.c '#include <libaudit.h>'
broken 'two users of libaudit' foreign.sh "$tree"
sow
append lib/store/lock.c '#include <syslog.h>'
broken 'a library that logs' foreign.sh "$tree"
sow
append policy/two.h 'size_t two(void);'
broken 'a header that needs another' headers.sh "$tree"
sow
append policy/one.c 'int  two( void ) { return 2; }'
broken 'an unformatted file' format.sh "$tree"
sow
append policy/rules.c 'const struct tunable tunables[] = {' \
	'    NUMBER("read_one", one.read, 0, 9, "1"),' '    YES_NO("dead_one", dead, "no"),' '};'
append lib/base/one.c 'int f(struct rules *r) { return r->one.read + r->dead; }'
sound used.sh "$tree"
append lib/base/one.c 'int f(struct rules *r) { return r->one.read; }'
sed -i '/dead/d' "$tree/lib/base/one.c"
broken 'an option that nothing reads' used.sh "$tree"
sow
append policy/one.c 'int long_one(int x)' '{' "$(yes '	x++;' | head -n 60)" '	return x;' '}'
broken 'a long function' length.sh "$tree"
sow
echo 'int nobody_owns_this;' >"$tree/policy/free.c"
broken 'a file without licence' licence.sh "$tree"
sow
echo 'echo $1 `date`' >>"$tree/quickstart"
broken 'a sloppy script' shell.sh "$tree"
sow
printf '%s\n' '.Dd today' '.Dt X 8' '.Sh NAME' '.Xx' >"$tree/man/x.8"
broken 'a damaged manual page' manuals.sh "$tree"

sow
cp "$abs_top_srcdir/conf/kling.conf" "$tree/conf/"
cp "$abs_top_srcdir/man/kling.conf.5" "$tree/man/"
# The list of options, and one more where a test says so.
cat >"$scratch/options" <<'EOF'
#!/bin/sh
"$abs_top_builddir/tests/checks/list_options"
[ -z "${MORE-}" ] || echo "$MORE"
EOF
chmod +x "$scratch/options"
export abs_top_builddir
sound options.sh "$tree" "$scratch/options"
MORE='new_option|5|0|9|number|'
export MORE
broken 'an option without documentation' options.sh "$tree" "$scratch/options"
MORE=
sed 's/#lockout_tries = 5/#lockout_tries = 6/' "$abs_top_srcdir/conf/kling.conf" >"$tree/conf/kling.conf"
broken 'a wrong default in the sample' options.sh "$tree" "$scratch/options"
cp "$abs_top_srcdir/conf/kling.conf" "$tree/conf/"
printf '%s\n' '.It Ic lockout_triez' 'Default: 5.' >>"$tree/man/kling.conf.5"
broken 'a manual of what does not exist' options.sh "$tree" "$scratch/options"

cp "$abs_top_srcdir/man/kling-enroll.8" "$tree/man/"
cat >"$scratch/tool" <<'EOF'
#!/bin/sh
case $1 in
--help) "$KLING_ENROLL" --help | sed "s/^Commands:/&${EXTRA:+\\n$EXTRA}/" ;;
extra) echo '  --more' ;;
*) exec "$KLING_ENROLL" "$@" ;;
esac
EOF
chmod +x "$scratch/tool"
export KLING_ENROLL
sound commands.sh "$tree" "$scratch/tool"
EXTRA='  extra   does more'
export EXTRA
broken 'a command without its manual' commands.sh "$tree" "$scratch/tool"
EXTRA=
sed -i 's/^\.It Fl -no-confirm$/.It Fl -no-conform/' "$tree/man/kling-enroll.8"
broken 'an option without its manual' commands.sh "$tree" "$scratch/tool"

mkdir -p "$tree/tests/checks"
cp -R "$abs_top_srcdir/kling-enroll/completions" "$tree/kling-enroll/"
cp -R "$checks/completions" "$tree/tests/checks/"
sed -i 's/verify:0/verify:1/' "$tree/kling-enroll/completions/bash/kling-enroll"
broken 'a command whose user is not completed' completions.sh "$tree"

cp "$abs_top_srcdir/policy/decision.c" "$tree/policy/"
cp "$abs_top_srcdir/man/pam_kling.8" "$tree/man/"
sound reasons.sh "$tree"
sed -i 's/"bad-code"/"wrong-code"/' "$tree/policy/decision.c"
broken 'a reason without its manual' reasons.sh "$tree"

sow
cp "$abs_top_srcdir"/kling-enroll/*.c "$tree/kling-enroll/"
cp "$abs_top_srcdir/pam_kling/log.c" "$tree/pam_kling/"
cp "$abs_top_srcdir"/man/*.[58] "$tree/man/"
sound fields.sh "$tree"
sed -i 's/"codes_left"/"left"/' "$tree/kling-enroll/summary.c"
broken 'a JSON field without its manual' fields.sh "$tree"
cp "$abs_top_srcdir/kling-enroll/summary.c" "$tree/kling-enroll/"
sed -i 's/^\.It Li behind/.It Li before/' "$tree/man/pam_kling.8"
broken 'a log field that does not exist' fields.sh "$tree"

# po TEXT...: a translation with these entries beside its head
po() {
	printf '%s\n' '# SPDX-License-Identifier: BSD-3-Clause' 'msgid ""' 'msgstr ""' \
		'"Project-Id-Version: kling\n"' '"Language: de\n"' '"MIME-Version: 1.0\n"' \
		'"Content-Type: text/plain; charset=UTF-8\n"' '"Content-Transfer-Encoding: 8bit\n"' \
		'"Plural-Forms: nplurals=2; plural=(n != 1);\n"' '' "$@" >"$tree/po/de.po"
}
sow
mkdir "$tree/po"
cp "$abs_top_srcdir/po/local.mk" "$tree/po/"
echo kling-enroll/text.h >"$tree/po/POTFILES"
append kling-enroll/text.h '#define TEXT_WRONG _("wrong: %s")'
po 'msgid "wrong: %s"' 'msgstr "falsch: %s"'
sound translations.sh "$tree"
po 'msgid "wrong: %s"' 'msgstr ""'
broken 'a text that is not translated' translations.sh "$tree"
po '#, fuzzy' 'msgid "wrong: %s"' 'msgstr "falsch: %s"'
broken 'a guess' translations.sh "$tree"
po '#, c-format' 'msgid "wrong: %s"' 'msgstr "falsch: %u"'
broken 'a format that does not fit' translations.sh "$tree"
po 'msgid "wrong: %s"' 'msgstr "falsch: %s"'
append policy/one.c 'const char *two = N_("two");'
broken 'a file with texts that nobody collects' translations.sh "$tree"

sow
mkdir -p "$tree/packaging"
cp -R "$abs_top_srcdir/packaging/selinux" "$tree/packaging/"
sound selinux.sh "$tree"
echo 'allow nobody_t kling_key_t:file read;' >>"$tree/packaging/selinux/kling.te"
broken 'a rule about a type that does not exist' selinux.sh "$tree"

entries='int pam_sm_acct_mgmt; int pam_sm_authenticate; int pam_sm_chauthtok;
int pam_sm_close_session; int pam_sm_open_session; int pam_sm_setcred;'
# module TEXT: a module made of the entry points and TEXT
module() {
	printf '%s\n' "$entries" "$1" >"$scratch/module.c"
	# shellcheck disable=SC2086 # a command with options
	${CC:-cc} -shared -fPIC -w -o "$scratch/module.so" "$scratch/module.c"
}
module ''
sound exports.sh "$scratch/module.so"
sound guest.sh "$scratch/module.so"
module 'int helper(void) { return 1; }'
broken 'a stray export' exports.sh "$scratch/module.so"
entries=${entries#*;}
module ''
broken 'a missing entry point' exports.sh "$scratch/module.so"
for call in 'int fork(void)' 'char *getenv(const char *)' 'void *getpwnam(const char *)'; do
	name=${call%%(*}
	name=${name##*[ *]}
	module "extern $call; void *f(void) { return (void *)$name; }"
	broken "the module calling $name" guest.sh "$scratch/module.so"
done

# archive TEXT: a policy archive made of TEXT
archive() {
	printf '%s\n' "$1" >"$scratch/policy.c"
	# shellcheck disable=SC2086
	${CC:-cc} -c -w -o "$scratch/policy.o" "$scratch/policy.c"
	rm -f "$scratch/policy.a"
	ar cr "$scratch/policy.a" "$scratch/policy.o"
}
archive '#include <string.h>
int same(const void *a, const void *b) { return memcmp(a, b, 9); }'
sound pure.sh "$scratch/policy.a"
for call in malloc time open syslog __errno_location; do
	archive "extern int $call(); int f(void) { return $call(); }"
	broken "the policy calling $call" pure.sh "$scratch/policy.a"
done

echo "$skipped skipped for want of a program"
finish
