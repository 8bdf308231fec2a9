/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_BULK_H
#define KLING_ENROLL_BULK_H

#include "kling-enroll/tool.h"

/*
 * add for --users and --group: everybody gets a token and codes, several at a time. A failure is
 * said and the rest goes on; nothing is reported before it is durable.
 */
enum exit_code add_many(struct tool *tool);

#endif
