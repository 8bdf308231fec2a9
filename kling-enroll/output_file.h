/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_OUTPUT_FILE_H
#define KLING_ENROLL_OUTPUT_FILE_H

#include "lib/show/out.h"

#include <stdbool.h>

/*
 * A file that appears whole, with mode 0600, or not at all, and never in place of another unless
 * that is wanted. Until output_file_publish it has no name, or a hidden one that is removed.
 */
struct output_file {
	const char *path; /* as given, for messages; NULL: none */
	int directory;
	int fd;
	char name[256];
	char hidden[256]; /* the temporary name; "" when it has none */
	bool replace;
};

#define AUTO_OUTPUT_FILE   AT_SCOPE_END(output_file_discard) struct output_file
#define OUTPUT_FILE_CLOSED ((struct output_file){.directory = -1, .fd = -1})

/*
 * Opens a place for it. ST_EXISTS when there is something of that name and `replace` is not set,
 * ST_MISSING when the directory is not there, ST_IO (errno says why). `path` is borrowed.
 */
enum status output_file_begin(struct output_file *file, const char *path, bool replace) MUST_USE;

/* Writes the content, flushed to the disk; `content` is emptied. */
enum status output_file_write(struct output_file *file, struct out *content) MUST_USE;

/* Gives it its name, durably. ST_EXISTS when somebody was faster. Nothing to do when closed. */
enum status output_file_publish(struct output_file *file) MUST_USE;

/* Takes a published one away again. */
void output_file_retract(struct output_file *file);

void output_file_discard(struct output_file *file);

/* Whether a path ends in an ending such as ".pdf", of either case. */
bool path_ends_in(const char *path, const char *ending);

#endif
