/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/status.h"

#include "policy/mark.h"

#include <errno.h>
#include <stddef.h>

static const char *const texts[ST_COUNT] = {
    [ST_INTERNAL] = N_("internal error"),
    [ST_OK] = N_("done"),
    [ST_NOMEM] = N_("out of memory"),
    [ST_IO] = N_("the system refused a call"),
    [ST_LIMIT] = N_("a limit of this process is reached"),
    [ST_LOCK_TIMEOUT] = N_("locked by another process for too long"),
    [ST_MISSING] = N_("not there"),
    [ST_EXISTS] = N_("exists already"),
    [ST_PERM] = N_("wrong owner, mode or type"),
    [ST_CORRUPT] = N_("damaged"),
    [ST_OWNER] = N_("belongs to another user or host"),
    [ST_KEY_MISSING] = N_("the host key it needs is missing"),
    [ST_KEY_MISMATCH] = N_("the host key does not fit"),
    [ST_UNINITIALISED] = N_("not initialised"),
    [ST_STORE_LOST] = N_("there is a host key but no store"),
    [ST_CONFIG] = N_("the configuration did not load"),
    [ST_BAD_NAME] = N_("not a usable name"),
    [ST_NO_USER] = N_("no such user"),
    [ST_LOOKUP] = N_("the user data base did not answer"),
    [ST_CLOCK] = N_("the clock cannot be trusted"),
    [ST_SYNTAX] = N_("not well formed"),
    [ST_RANGE] = N_("outside its limits"),
    [ST_TOO_BIG] = N_("too big"),
    [ST_STALE] = N_("changed in the meantime"),
};

enum status status_of_errno(int error)
{
	switch (error) {
	case ENOMEM:
		return ST_NOMEM;
	case EMFILE:
	case ENFILE:
	case EFBIG:
	case ENOLCK:
		return ST_LIMIT;
	default:
		return ST_IO;
	}
}

bool status_has_errno(enum status status)
{
	return status == ST_IO || status == ST_LIMIT;
}

const char *status_text(enum status status)
{
	size_t index = (size_t)status;

	return index < ST_COUNT ? texts[index] : N_("unknown status");
}
