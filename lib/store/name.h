/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_NAME_H
#define KLING_STORE_NAME_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

enum { FILE_NAME_BYTES = 256 };

/*
 * A user name as a directory name: everything outside [A-Za-z0-9._@-] and a leading dot becomes
 * %XX. ST_BAD_NAME when it is empty or longer than 255 bytes after that.
 */
enum status account_file_name(const char *name, char out[FILE_NAME_BYTES]) MUST_USE;

/* The other way. ST_BAD_NAME for what no name is written as. */
enum status account_name_of_file(const char *file, char out[FILE_NAME_BYTES]) MUST_USE;

#endif
