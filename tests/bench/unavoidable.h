/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_BENCH_UNAVOIDABLE_H
#define TESTS_BENCH_UNAVOIDABLE_H

/*
 * The work that no login with a replay check can avoid: open a file, lock it, read it, three
 * HMAC-SHA-1, one write in place, one fdatasync. No library. 0 when it was done.
 */
int unavoidable_work(const char *path);

#endif
