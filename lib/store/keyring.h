/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_KEYRING_H
#define KLING_STORE_KEYRING_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"
#include "lib/crypto/digest.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { KEY_ID_BYTES = 8, HOST_ID_BYTES = 16, KEYRING_MAX = 16 };

struct key_id {
	uint8_t bytes[KEY_ID_BYTES];
};

/* A key without its secret part. */
struct key_head {
	struct key_id id;
	uint32_t serial;
	uint8_t host[HOST_ID_BYTES];
};

/* All host keys, read once. The secret parts lie behind one another in `secrets`. */
struct keyring {
	size_t count;
	size_t current; /* index of the highest serial */
	struct key_head heads[KEYRING_MAX];
	struct secret secrets;
};

/* What a subkey is for; each purpose gets its own by HKDF. */
enum purpose {
	PURPOSE_ENROLLMENT = 1,
	PURPOSE_STATE,
	PURPOSE_HISTORY,
	PURPOSE_PEPPER,
	PURPOSE_TABLE,     /* MAC of the slots of unknown and unenrolled */
	PURPOSE_SLOT_HASH, /* where in a table a name falls */
};

#define AUTO_KEYRING AT_SCOPE_END(keyring_close) struct keyring

/*
 * Reads every key in the directory. ST_MISSING: no key at all; ST_KEY_MISMATCH: a key that is
 * damaged, short, long, all zero, of a wrong owner or mode, or two of one serial or of different
 * hosts. Files that are not named ID.key are refused, so that nothing is overlooked.
 */
enum status keyring_open(const char *key_dir, uid_t owner, struct keyring *keyring) MUST_USE;
void keyring_close(struct keyring *keyring);

/* The index of a key by id: ST_KEY_MISSING when it is not there. */
enum status keyring_find(const struct keyring *keyring, const struct key_id *id,
			 size_t *index) MUST_USE;

/* The subkey of one purpose and one subject (name and so on) from the key at `index`. */
void keyring_subkey(const struct keyring *keyring, size_t index, enum purpose purpose,
		    const struct span *subject, size_t count, uint8_t out[SHA256_BYTES]);

/* A new key with the next serial; `host` NULL makes a new host id. Durable when it returns. */
enum status keyring_add(const char *key_dir, uid_t owner, const uint8_t *host,
			struct key_id *made) MUST_USE;

/* Removes a key file that is not the current one. The caller knows that nothing names it. */
enum status keyring_remove(const char *key_dir, uid_t owner, const struct key_id *id) MUST_USE;

#endif
