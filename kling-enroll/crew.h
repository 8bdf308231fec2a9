/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_CREW_H
#define KLING_ENROLL_CREW_H

#include "kling-enroll/tool.h"

enum { CREW_MOST = 128 };

/* Work on `count` items by several threads at once, each with a tool and a store of its own. */
struct crew {
	size_t size;
	struct tool *tools; /* one a thread */
};

#define AUTO_CREW AT_SCOPE_END(crew_dismiss) struct crew

/* `per_processor` threads for each processor, at most `most`. The statuses of store_open. */
enum status crew_hire(struct crew *crew, const struct tool *tool, size_t per_processor,
		      size_t most) MUST_USE;
void crew_dismiss(struct crew *crew);

/* Calls `each` once for every item, in no order; returns when all are done. */
void crew_work(struct crew *crew, size_t count,
	       void (*each)(void *context, struct tool *tool, size_t item), void *context);

/*
 * The same in processes of their own, which do not stand in each other's way in the kernel. What
 * `each` writes must lie in shared memory and say that it was written: an item may be left out when
 * a process was killed or there was no memory, and is the caller's to do again.
 */
void crew_work_apart(struct crew *crew, size_t count,
		     void (*each)(void *context, struct tool *tool, size_t item), void *context);

#endif
