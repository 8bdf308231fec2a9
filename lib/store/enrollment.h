/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_ENROLLMENT_H
#define KLING_STORE_ENROLLMENT_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"
#include "lib/factor/backup.h"
#include "lib/factor/token.h"
#include "policy/replay.h"

#include <stddef.h>
#include <stdint.h>

enum { ENROLLMENT_FILE_MAX = 8192 };

/* What a user has. Lives in self-wiping memory only: see enrollment_new. */
struct enrollment_record {
	uint64_t generation;
	int64_t made; /* wall clock of the first token */
	uint32_t next_token_id;
	uint32_t next_set_id;
	size_t token_count;
	struct token tokens[TOKENS_MAX];
	struct backup_set backup;
};

/* Owns a record in secret pages. `record` points into `pages` and is NULL when empty. */
struct enrollment {
	struct secret pages;
	struct enrollment_record *record;
};

#define AUTO_ENROLLMENT AT_SCOPE_END(enrollment_clear) struct enrollment

/* An empty record (generation 0, next ids 1). */
enum status enrollment_new(struct enrollment *enrollment) MUST_USE;
void enrollment_clear(struct enrollment *enrollment);

/* The record as it is sealed. ST_RANGE when a value is outside its limits. */
enum status enrollment_encode(const struct enrollment_record *record,
			      struct secret *plain) MUST_USE;

/*
 * The other way, in the pages of `plain`, which are the enrollment's afterwards; `plain` is empty.
 * ST_CORRUPT for anything but what enrollment_encode writes.
 */
enum status enrollment_decode(struct secret *plain, struct enrollment *enrollment) MUST_USE;

#endif
