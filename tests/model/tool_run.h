/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MODEL_TOOL_RUN_H
#define TESTS_MODEL_TOOL_RUN_H

#include <stddef.h>

/*
 * The tool's own commands inside this process, as its main calls them: thousands a minute. The
 * words end with NULL and begin with the command; `input` is typed at it, `output` (may be NULL)
 * gets what it printed. Returns the exit code.
 */
int tool_run(const char *const *words, const char *input, char *output, size_t size);

#endif
