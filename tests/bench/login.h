/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_BENCH_LOGIN_H
#define TESTS_BENCH_LOGIN_H

/* What sshd has done long before it asks PAM: libcrypto is there. Loaded by name, so that a process
 * that does not call this stays bare. Leaves the program when it cannot be had. */
void become_host(void);

/* One PAM transaction, start to end, with one answer to every prompt. The PAM result. */
int log_in(const char *confdir, const char *service, const char *user, char *answer);

#endif
