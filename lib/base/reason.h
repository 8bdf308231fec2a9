/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_REASON_H
#define KLING_BASE_REASON_H

#include "lib/base/status.h"
#include "policy/decision.h"

/* Why a login is refused for whose sake something did not work; REASON_OK for ST_OK alone. */
enum reason reason_of(enum status status);

#endif
