/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_HELP_H
#define KLING_ENROLL_HELP_H

#include "kling-enroll/options.h"
#include "lib/show/out.h"

/* The help of the whole tool, or of one command. */
void help_add(struct out *out, const struct command *command);

/* What was wrong with a command line, what may have been meant, and where the help is. */
void usage_add(struct out *out, const struct request *request, const struct usage_problem *problem);

#endif
