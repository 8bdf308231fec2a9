/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_PROGRESS_H
#define KLING_ENROLL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bar with rate and time left on standard error, where that is a terminal; else silence. */
struct progress {
	bool shown;
	size_t total; /* 0: not known */
	size_t columns;
	int64_t begun; /* milliseconds */
	int64_t drawn;
};

void progress_begin(struct progress *progress, size_t total);
void progress_step(struct progress *progress, size_t done);

/* Takes the bar away. */
void progress_end(struct progress *progress);

#endif
