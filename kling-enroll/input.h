/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_INPUT_H
#define KLING_ENROLL_INPUT_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Lines of a descriptor, read into wiping memory. */
struct input {
	int fd;
	struct secret held; /* read and not yet given out */
	size_t given;
	bool over;
};

enum { INPUT_LINE_MAX = 4096 };

#define INPUT_FROM(descriptor) ((struct input){.fd = (descriptor)})
#define AUTO_INPUT             AT_SCOPE_END(input_close) struct input
void input_close(struct input *input); /* the descriptor stays open */

/*
 * The next line without its end, and without a NUL. ST_MISSING: there is none. ST_TOO_BIG: it is
 * longer than INPUT_LINE_MAX; it was read over. ST_SYNTAX: it has a NUL in it. ST_IO.
 */
enum status input_line(struct input *input, struct secret *line) MUST_USE;

/* Opens a file, or standard input for "-". ST_MISSING, ST_IO (errno), ST_PERM: a directory. */
enum status input_open(const char *path, int *fd) MUST_USE;

#endif
