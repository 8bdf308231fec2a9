/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_PASSWORD_RULES_H
#define KLING_POLICY_PASSWORD_RULES_H

#include <stdbool.h>
#include <stdint.h>

/* What a new password must have; counts are of characters (code points), never of bytes. */
struct password_rules {
	uint32_t min_length;
	uint32_t min_upper;
	uint32_t min_lower;
	uint32_t min_digit;
	uint32_t min_special;
	uint32_t min_changed;
	bool reject_names;
};

#endif
