/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/status.h"

#include <stddef.h>

static const char *const texts[ST_COUNT] = {
    [ST_INTERNAL] = "internal error",
    [ST_OK] = "done",
    [ST_NOMEM] = "out of memory",
    [ST_IO] = "the system refused a call",
    [ST_LOCK_TIMEOUT] = "locked by another process for too long",
    [ST_MISSING] = "not there",
    [ST_EXISTS] = "exists already",
    [ST_PERM] = "wrong owner, mode or type",
    [ST_CORRUPT] = "damaged",
    [ST_OWNER] = "belongs to another user or host",
    [ST_KEY_MISSING] = "the host key it needs is missing",
    [ST_KEY_MISMATCH] = "the host key does not fit",
    [ST_UNINITIALISED] = "not initialised",
    [ST_STORE_LOST] = "there is a host key but no store",
    [ST_CONFIG] = "the configuration did not load",
    [ST_BAD_NAME] = "not a usable name",
    [ST_NO_USER] = "no such user",
    [ST_LOOKUP] = "the user data base did not answer",
    [ST_CLOCK] = "the clock cannot be trusted",
    [ST_SYNTAX] = "not well formed",
    [ST_RANGE] = "outside its limits",
    [ST_TOO_BIG] = "too big",
    [ST_STALE] = "changed in the meantime",
};

const char *status_text(enum status status)
{
	size_t index = (size_t)status;

	return index < ST_COUNT ? texts[index] : "unknown status";
}
