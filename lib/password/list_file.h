/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_PASSWORD_LIST_FILE_H
#define KLING_PASSWORD_LIST_FILE_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/crypto/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The two forms of a blocklist (blocklist.h), on an open file of a size known. */
struct list_file {
	int fd;
	off_t size;
};

/* Exactly `len` bytes at `offset`; ST_CORRUPT when the file has become shorter. */
enum status list_read(const struct list_file *file, void *to, size_t len, off_t offset) MUST_USE;

/* Whether these bytes begin with a line of 40 hex digits and perhaps a count. */
bool hash_list_begins(const uint8_t *bytes, size_t len);

/* Binary search, guided by the value of the hash. */
enum status hash_list_has(const struct list_file *file, const uint8_t hash[SHA1_BYTES],
			  bool *listed) MUST_USE;

/* Reads blocks spread over the file and demands ascending order within and between them. */
enum status hash_list_check(const struct list_file *file) MUST_USE;

/* Reads all words; `password` may be NULL when only the reading matters. */
enum status word_file_has(const struct list_file *file, const uint8_t *password, size_t len,
			  bool *listed) MUST_USE;

#endif
