#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# tests/fuzz/run.sh BUILD SECONDS [NAME...]: run the libFuzzer programs of a build that was
# configured with --enable-fuzzing, all or these, as many at once as there are processors, for about
# SECONDS altogether, with $FUZZ_OPTIONS behind libFuzzer's other options; then say how often each was run and what was found. New inputs stay in BUILD/corpus,
# what was found in BUILD/found. Fails when something was found.
# shellcheck disable=SC2154,SC2016 # abs_top_srcdir comes from make; the inner shell expands the rest
build=$1 seconds=$2
shift 2
if [ $# -eq 0 ]; then
	set -- "$build"/tests/fuzz/fuzz_*[!.o]
	set -- "${@##*/fuzz_}"
fi
jobs=$(nproc)
each=$((seconds * jobs / $#))
[ "$each" -gt 0 ] || each=1
mkdir -p "$build/found" "$build/log"
KLING_MODULE=${KLING_MODULE-$build/pam_kling/.libs/pam_kling.so}
export KLING_MODULE

one='
name=fuzz_$1 limit=20
# The stage has a clock of its own, by which no input takes a sensible time.
[ "$name" != fuzz_login ] || limit=100000000
mkdir -p "$2/corpus/$name" "$2/found/$name"
# shellcheck disable=SC2086
"$2/tests/fuzz/$name" -max_total_time="$3" -print_final_stats=1 -error_exitcode=99 -timeout_exitcode=99 \
	-timeout="$limit" -rss_limit_mb=1024 -max_len=8192 \
	-artifact_prefix="$2/found/$name/" ${FUZZ_OPTIONS-} "$2/corpus/$name" \
	"$4/tests/fuzz/corpus/$1" >"$2/log/$name" 2>&1
echo $? >"$2/log/$name.status"
'
printf '%s\n' "$@" | xargs -P "$jobs" -I{} sh -c "$one" one {} "$build" "$each" "$abs_top_srcdir"

failed=0 total=0
for target; do
	name=fuzz_$target
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/log/$name")
	status=$(cat "$build/log/$name.status")
	total=$((total + ${runs:-0}))
	if grep -q '^SKIP' "$build/log/$name"; then
		printf '%-18s %s\n' "$name" "$(grep -m 1 '^SKIP' "$build/log/$name")"
		continue
	fi
	case $status in
	0) printf '%-18s %12s executions\n' "$name" "${runs:-0}" ;;
	*)
		printf '%-18s FOUND: %s\n' "$name" "$(find "$build/found/$name" -type f | head -n 1)"
		tail -n 20 "$build/log/$name"
		failed=1
		;;
	esac
done
echo "$total executions of $# targets in about $seconds seconds"
exit $failed
