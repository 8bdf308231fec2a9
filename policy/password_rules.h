/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_PASSWORD_RULES_H
#define KLING_POLICY_PASSWORD_RULES_H

#include <stdbool.h>
#include <stdint.h>

/* The longest password that crypt(3) and pam_unix take without cutting it, in bytes. */
enum { PASSWORD_MAX_BYTES = 511 };

/*
 * What a new password must be. A number of 0 switches its rule off. All counts are code points,
 * not bytes. Not part of this, because no setting turns them off: valid UTF-8, no control
 * characters, at most PASSWORD_MAX_BYTES, not the old password again, and repetition.
 */
struct password_rules {
	uint32_t min_length;
	uint32_t min_upper;
	uint32_t min_lower;
	uint32_t min_digit;
	uint32_t min_special;
	uint32_t min_changed; /* characters that do not occur in the old password */
	bool reject_names;    /* user name, words of the full name, host name */
};

#endif
