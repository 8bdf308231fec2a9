/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_STATUS_H
#define KLING_BASE_STATUS_H

#include "lib/base/attributes.h"

#include <stdbool.h>

/*
 * Whether an operation worked, and if not, why. It never says what is permitted: that is a
 * struct decision. Zero is a failure, so a forgotten assignment cannot read as success.
 */
enum status {
	ST_INTERNAL = 0, /* a bug or an impossible case */
	ST_OK,           /* done */
	ST_NOMEM,        /* no memory */
	ST_IO,           /* the system refused a call: disk full, read-only, I/O error */
	ST_LIMIT, /* out of descriptors, locks or file size, which whoever began may choose */
	ST_LOCK_TIMEOUT,  /* somebody else held the lock for too long */
	ST_MISSING,       /* the file or directory is not there */
	ST_EXISTS,        /* it is there already and must not be replaced */
	ST_PERM,          /* wrong owner, mode, type, link count or an unsafe parent directory */
	ST_CORRUPT,       /* damaged, truncated, unknown version or not authentic */
	ST_OWNER,         /* authentic, but another user's, uid's or host's */
	ST_KEY_MISSING,   /* no host key, or not the one the file names */
	ST_KEY_MISMATCH,  /* a host key that is damaged or does not fit */
	ST_UNINITIALISED, /* neither key nor store */
	ST_STORE_LOST,    /* a key, but no store or no marker in it */
	ST_CONFIG,        /* the configuration did not load */
	ST_BAD_NAME,      /* a user name that cannot be a file name */
	ST_NO_USER,       /* no such user */
	ST_LOOKUP,        /* the user or group data base did not answer */
	ST_CLOCK,         /* a clock that cannot be read */
	ST_SYNTAX,        /* text that does not parse */
	ST_RANGE,         /* a value outside its limits */
	ST_TOO_BIG,       /* more bytes than the place holds */
	ST_STALE,         /* somebody changed it in between */
	ST_COUNT
};

/* What a call of the system that failed with `error` says: ST_NOMEM, ST_LIMIT, else ST_IO. */
enum status status_of_errno(int error) MUST_USE;

/* Whether errno may say more than the status does. */
bool status_has_errno(enum status status) MUST_USE;

/* A short English text for logs and messages; never NULL, also for values that do not exist. */
const char *status_text(enum status status);

#endif
