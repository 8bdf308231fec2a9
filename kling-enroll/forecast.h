/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_FORECAST_H
#define KLING_ENROLL_FORECAST_H

#include "kling-enroll/tool.h"

/*
 * check --user: what the module would decide of a login, from the decisions that it takes itself.
 * EXIT_DONE when the login may come to pass (with a code, or without), EXIT_NO when it is refused.
 */
enum exit_code forecast(struct tool *tool);

#endif
