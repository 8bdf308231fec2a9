/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_FACTOR_BACKUP_H
#define KLING_FACTOR_BACKUP_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"
#include "lib/crypto/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BACKUP_CODES_MAX = 20, BACKUP_SALT_BYTES = 16, BACKUP_ITERATIONS_MAX = 1000000 };

/*
 * A stored set: nothing in it gives a code back. count 0: the user has none. A hash is
 * HMAC-SHA-256(pepper, id | index | PBKDF2-HMAC-SHA-256(16 symbols, salt, iterations)), id and
 * index as 4 bytes each, most significant first.
 */
struct backup_set {
	uint32_t id;
	int64_t made; /* wall clock */
	uint8_t salt[BACKUP_SALT_BYTES];
	uint32_t iterations;
	uint32_t count;
	uint8_t hash[BACKUP_CODES_MAX][SHA256_BYTES];
};

/* What is slow, done outside every lock: PBKDF2 of the canonical 16 symbols. */
struct backup_guess {
	uint8_t salt[BACKUP_SALT_BYTES]; /* of the set it was made for */
	uint32_t iterations;
	uint8_t derived[SHA256_BYTES];
};

/* `salt` and `iterations` of the user's set, or any others for users who have none: same work. */
void backup_derive(const struct secret *canonical, const uint8_t salt[BACKUP_SALT_BYTES],
		   uint32_t iterations, struct backup_guess *guess);

/*
 * The index of the code the guess is, or -1. Compares all BACKUP_CODES_MAX entries (dummies beyond
 * count) in constant time; a set of other salt or iterations than the guess never matches.
 */
int backup_find(const struct backup_set *set, const struct backup_guess *guess,
		const uint8_t pepper[SHA256_BYTES]);

/*
 * A new set of `count` codes (1 to 20) of 80 random bits each. `codes` gets count lines of
 * BACKUP_CODE_TEXT bytes ("XXXX-XXXX-XXXX-XXXX", NUL). On failure nothing usable is left.
 */
enum status backup_make(uint32_t id, uint32_t count, uint32_t iterations, int64_t now,
			const uint8_t pepper[SHA256_BYTES], struct backup_set *set,
			struct secret *codes) MUST_USE;

#endif
