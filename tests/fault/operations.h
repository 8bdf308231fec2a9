/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_TESTS_FAULT_OPERATIONS_H
#define KLING_TESTS_FAULT_OPERATIONS_H

#include "tests/unit/store_scene.h"

/*
 * Everything that writes, as something that can be prepared, run, and looked at afterwards
 * wherever it was interrupted: the store is then as before or as after, whole.
 */
enum verdict { BEFORE = 1, AFTER = 2 };

struct operation {
	const char *name;
	void (*prepare)(struct scene *s); /* on top of operation_prepare */
	enum status (*run)(struct scene *s);
	enum verdict (*judge)(struct scene *s); /* fails the test for anything in between */
	enum status done;                       /* what running it again says when it was done */
	bool is_soft;                           /* need not survive a power cut */
};

extern const struct operation operations[];
extern const size_t operation_count;

/* A scene for them, in memory if there is a file system for that. */
struct scene *operations_begin(void);
void operations_end(struct scene *s);

/* The store as the operation finds it. */
void operation_prepare(struct scene *s, const struct operation *operation);

/* Looks; and when `repair` says so, a slot may have been lost and the repair be due. */
enum verdict operation_judge(struct scene *s, const struct operation *operation, bool repair);

/* Runs it once more from wherever it was interrupted: then it must be done. */
void operation_resume(struct scene *s, const struct operation *operation);

#endif
