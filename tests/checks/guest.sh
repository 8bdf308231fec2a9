#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# guest.sh [MODULE]: the module lives in other people's processes: it calls nothing that
# changes them for good (lib/base/shield.c puts the signal mask back), that reads their environment, or that is unsafe between threads.
. "${0%/*}/common.sh"
module=${1-$KLING_MODULE}
process='fork vfork clone execv execve execvp execl execlp system popen posix_spawn posix_spawnp
exit _exit abort raise kill alarm setitimer signal sigaction sigprocmask pthread_create
atexit __cxa_atexit umask chdir fchdir chroot setenv putenv unsetenv clearenv
setlocale openlog closelog setlogmask setuid seteuid setgid setegid setresuid setresgid setgroups
initgroups mlockall dup2'
environment='getenv secure_getenv __secure_getenv environ __environ'
output='printf __printf_chk puts putchar putc fputs vprintf __vprintf_chk perror stdout stderr stdin'
network='getaddrinfo gethostbyname gethostbyaddr getnameinfo connect'
threads='getpwnam getpwuid getgrnam getgrgid getpwent getgrent getspnam strtok strerror localtime
gmtime ctime asctime rand srand random tmpnam crypt'

[ -f "$module" ] || skip "$module is not built"
[ -z "${KLING_SANITIZERS-}" ] || skip "a sanitizer adds calls of its own"
called=$("${NM:-nm}" -D --undefined-only "$module" | awk '{ sub(/@.*/, "", $2); print $2 }')
for symbol in $process $environment $output $network $threads; do
	if printf '%s\n' "$called" | grep -qx "$symbol"; then
		complain "the module calls $symbol"
	fi
done
finish
