/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_TESTS_FAULT_SHIM_H
#define KLING_TESTS_FAULT_SHIM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The program's own definitions of the calls that touch files: they win over the C library's in
 * everything linked with it. Each can be made to fail, and what changes files is recorded.
 */
struct shim_plan {
	long fail_at; /* which call from now on fails, from 1; 0: none */
	int error;    /* its errno; 0: it does half of what it should, if it reads or writes */
	bool lasting; /* all later calls of the same name fail as well */
	jmp_buf *die; /* instead of failing, nothing more is done: as if killed */
};

/* What there is to record: enough to rebuild the files as a power cut would leave them. */
enum shim_kind {
	SHIM_MKDIR,
	SHIM_CREATE,
	SHIM_WRITE,
	SHIM_FLUSH,           /* a file's data */
	SHIM_FLUSH_DIRECTORY, /* names in it */
	SHIM_RENAME,
	SHIM_UNLINK,
	SHIM_MARK, /* said by the test: what came before was acknowledged */
};

struct shim_event {
	enum shim_kind kind;
	char path[256];
	char to[256];  /* SHIM_RENAME */
	uint64_t file; /* inode number: SHIM_CREATE, SHIM_WRITE, SHIM_FLUSH, SHIM_RENAME */
	off_t offset;
	size_t length;
	uint8_t *bytes;
	long mark;
};

void shim_arm(const struct shim_plan *plan);

/* Ends the plan. How many calls there were, and which failed: NULL when none was reached. */
long shim_disarm(const char **failed);

void shim_record(void);
void shim_mark(long mark);

/* Ends the recording; the events are the caller's until shim_forget. */
const struct shim_event *shim_recorded(size_t *count);
void shim_forget(void);

#endif
