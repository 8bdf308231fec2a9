/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_CLEANUP_H
#define KLING_BASE_CLEANUP_H

#include "lib/base/attributes.h"

#include <stdio.h>

/* Scope cleanup for what the C library hands out. A type of ours declares its own beside itself. */

#define AUTO_FD   AT_SCOPE_END(close_fd) int      /* -1 is nothing */
#define AUTO_TEXT AT_SCOPE_END(free_text) char *  /* malloc'd, not secret */
#define AUTO_FILE AT_SCOPE_END(close_file) FILE * /* NULL is nothing */

/* Each keeps errno, and leaves its variable at "nothing". */
void close_fd(int *fd);
void free_text(char **text);
void close_file(FILE **file);

#endif
