/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/drift.h"

#include "lib/factor/totp.h"

enum { SPAN_SECONDS = 3600 };

long drift_steps(const struct token *token, const struct secret *code, int64_t wall)
{
	long span = SPAN_SECONDS / token->period;
	uint64_t now = totp_step(token, wall);
	long found = 0;

	for (long away = -span; away <= span; away++) {
		char right[9];
		if (totp_code(token, now + (uint64_t)away, right) == ST_OK &&
		    secret_equals(code, right, token->digits))
			found = away;
		wipe(right, sizeof(right));
	}
	return found;
}
