/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_CREW_H
#define KLING_ENROLL_CREW_H

#include "kling-enroll/tool.h"

enum { CREW_MOST = 128 };

/* Work on `count` items by several threads at once, each with a tool and a store of its own. */
struct crew {
	size_t size;
	struct tool *tools;   /* one a thread */
	struct vault *vaults; /* where each keeps its secrets */
};

#define AUTO_CREW AT_SCOPE_END(crew_dismiss) struct crew

/* `per_processor` threads for each processor, at most `most`. The statuses of store_open. */
enum status crew_hire(struct crew *crew, const struct tool *tool, size_t per_processor,
		      size_t most) MUST_USE;
void crew_dismiss(struct crew *crew);

/* Calls `each` once for every item, in no order; returns when all are done. */
void crew_work(struct crew *crew, size_t count,
	       void (*each)(void *context, struct tool *tool, size_t item), void *context);

/* Work that processes are out for. */
struct errand {
	struct shift *shift;
	pid_t children[CREW_MOST];
	size_t sent;
};

/*
 * The same in processes of their own, which do not stand in each other's way in the kernel, and of
 * which nobody says anything. Returns at once; errand_await returns when they have ended. What
 * `each` writes must lie in shared memory and say that it was written: an item is left out when its
 * process was killed or could not begin, and is the caller's to do.
 */
void crew_send(struct crew *crew, size_t count,
	       void (*each)(void *context, struct tool *tool, size_t item), void *context,
	       struct errand *errand);
void errand_await(struct errand *errand);

#endif
