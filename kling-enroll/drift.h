/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_DRIFT_H
#define KLING_ENROLL_DRIFT_H

#include "lib/base/secret.h"
#include "lib/factor/token.h"

#include <stdint.h>

/*
 * For a phone whose clock is wrong, or a code that is typed late: how many steps before (< 0) or
 * after now it is the token's, or 0 when it is none of an hour before or after.
 */
long drift_steps(const struct token *token, const struct secret *code, int64_t wall);

#endif
