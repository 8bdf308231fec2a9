#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# password.sh: `kling-enroll password` end to end (INP-13, INP-14, SEC-13).
set -u
# shellcheck disable=SC2154 # from the test environment
tool=$KLING_ENROLL
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
failed=0

complain() {
	echo "FAIL: $*"
	failed=1
}

# try STATUS LINES CANDIDATE [OPTION...]: the exit status, and how many lines say why.
try() {
	wanted=$1 lines=$2 candidate=$3
	shift 3
	printf '%s' "$candidate" | "$tool" --config "$dir/kling.conf" password "$@" >"$dir/out" 2>"$dir/err"
	status=$?
	[ $status -eq "$wanted" ] || complain "exit $status, not $wanted, for '$candidate' $*: $(cat "$dir/err")"
	[ "$(wc -l <"$dir/out")" -eq "$lines" ] || complain "not $lines lines for '$candidate' $*: $(cat "$dir/out")"
	[ -z "$candidate" ] || ! grep -qF -e "$candidate" "$dir/out" "$dir/err" || complain "'$candidate' is shown"
}

: >"$dir/kling.conf"
me=$(id -un)
try 0 0 'Brisk-Otter7'
try 0 0 'Brisk-Otter7
'
try 0 0 'Brisk Otter7'
try 1 1 'Brisk-Otte7'
try 1 1 'brisk-otter7'
try 1 1 'BriskzOtter7'
try 1 1 'Brisk-Otterx'
try 1 4 'heron'
try 1 4 ''
try 1 1 'Password2026!'
try 1 2 'Brisk
Otter7'
try 1 1 "$(printf 'Brisk-Otter7\377')"
try 0 0 "Brisk-7-$me-Otter"
try 4 0 'Brisk-Otter7' --user no-such-user-of-kling
"$tool" --config "$dir/kling.conf" password Brisk-Otter7 </dev/null >"$dir/out" 2>&1
[ $? -eq 2 ] || complain "a password on the command line is taken"
if [ ${#me} -ge 3 ]; then
	try 1 1 '{x' --user "$me" --json
	printf 'Brisk-7-%s-Otter' "$me" | "$tool" --config "$dir/kling.conf" password --user "$me" |
		grep -q 'no user name' || complain "the user name is not refused"
fi
try 1 1 'heron' --json
grep -q '^{"accepted":false,"unmet":\[{"rule":"length","text":"at least 12 characters (this has 5)"}' "$dir/out" ||
	complain "JSON: $(cat "$dir/out")"

echo 'password_policy = nist' >"$dir/kling.conf"
try 0 0 'sturdy gray heron'
try 1 1 'sturdy gray he'

printf 'sturdy gray HERON\n' >"$dir/list"
chmod 644 "$dir/list"
echo "password_blocklist = $dir/list" >>"$dir/kling.conf"
try 1 1 'Sturdy Gray Heron'
try 0 0 'Sturdy Gray Herons'
chmod 666 "$dir/list"
try 5 0 'Sturdy Gray Herons'
rm "$dir/list"
try 5 0 'Sturdy Gray Herons'

# check says so beforehand, for every section that names a list.
printf '[user nobody]\npassword_blocklist = %s/other\n' "$dir" >>"$dir/kling.conf"
"$tool" --config "$dir/kling.conf" check >"$dir/out" 2>&1
for list in list other; do
	grep -q "password_blocklist $dir/$list" "$dir/out" || complain "check does not name $list: $(cat "$dir/out")"
done

# A message that cannot be written is not "accepted".
: >"$dir/kling.conf"
printf 'heron' | "$tool" --config "$dir/kling.conf" password >/dev/full 2>&1
[ $? -eq 5 ] || complain "/dev/full"
exit $failed
