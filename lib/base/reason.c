/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/reason.h"

enum reason reason_of(enum status status)
{
	switch (status) {
	case ST_OK:
		return REASON_OK;
	case ST_NOMEM:
		return REASON_NOMEM;
	case ST_IO:
		return REASON_STATE_IO;
	case ST_LIMIT:
		return REASON_LIMITS;
	case ST_LOCK_TIMEOUT:
		return REASON_LOCK_TIMEOUT;
	case ST_MISSING:
	case ST_STORE_LOST:
		return REASON_STATE_MISSING;
	case ST_PERM:
		return REASON_STATE_PERM;
	case ST_CORRUPT:
	case ST_TOO_BIG:
		return REASON_STATE_CORRUPT;
	case ST_OWNER:
		return REASON_STATE_OWNER;
	case ST_KEY_MISSING:
		return REASON_KEY_MISSING;
	case ST_KEY_MISMATCH:
		return REASON_KEY_MISMATCH;
	case ST_UNINITIALISED:
		return REASON_NOT_INITIALISED;
	case ST_CONFIG:
		return REASON_CONFIG;
	case ST_BAD_NAME:
		return REASON_BAD_NAME;
	case ST_NO_USER:
		return REASON_UNKNOWN;
	case ST_CLOCK:
		return REASON_CLOCK_INVALID;
	case ST_INTERNAL:
	case ST_EXISTS:
	case ST_LOOKUP:
	case ST_SYNTAX:
	case ST_RANGE:
	case ST_STALE:
	case ST_COUNT:
		break;
	}
	return REASON_INTERNAL;
}
