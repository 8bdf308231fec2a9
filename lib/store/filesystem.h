/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_FILESYSTEM_H
#define KLING_STORE_FILESYSTEM_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdint.h>

/*
 * What a kind of file system promises. Only for `check` to tell the administrator: a login never
 * judges by it, it refuses when a lock or a write fails.
 */
enum filesystem_risk {
	FILESYSTEM_UNKNOWN = 0, /* nothing is known of it */
	FILESYSTEM_GOOD,        /* locks, writes in place and flushes are what they should be */
	FILESYSTEM_MEMORY,      /* all is gone at the next boot */
	FILESYSTEM_NETWORK,     /* locks and flushes are as good as the server and the network */
	FILESYSTEM_FUSE,        /* as good as a program that is not known here */
	FILESYSTEM_COPIES,      /* each write needs new space: a full disk refuses logins */
	FILESYSTEM_LAYER,       /* of a container: goes when that is made anew */
	FILESYSTEM_NO_RIGHTS,   /* has no owners and modes, or no journal */
};

struct filesystem {
	const char *name; /* "ext4", "nfs" ...; "unknown" */
	enum filesystem_risk risk;
	uint64_t type; /* the kernel's number */
};

/* The file system below an open file or directory. ST_IO. */
enum status filesystem_of(int fd, struct filesystem *filesystem) MUST_USE;

/* The same by the kernel's number. */
struct filesystem filesystem_by_type(uint64_t type);

#endif
