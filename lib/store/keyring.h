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

enum { KEY_ID_BYTES = 8, HOST_ID_BYTES = 16, KEY_BYTES = 32, KEYRING_MAX = 16 };

struct key_id {
	uint8_t bytes[KEY_ID_BYTES];
};

/* A key without its secret parts. */
struct key_head {
	struct key_id id;
	uint32_t serial;
	uint8_t host[HOST_ID_BYTES];
};

/*
 * All host keys, read once. `secrets` holds the lasting secret, which every key file carries and a
 * new key copies, and behind it the key of each head.
 */
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
	PURPOSE_TABLE,     /* MAC of the slots of unknown and unenrolled */
	PURPOSE_PEPPER,    /* lasting: of backup codes */
	PURPOSE_SLOT_HASH, /* lasting: where in a table a name falls */
	PURPOSE_COUNT,
};

/* "enrollment" and so on: stands in the header of sealed files and in what subkeys are made of. */
const char *purpose_name(enum purpose purpose);

#define AUTO_KEYRING AT_SCOPE_END(keyring_close) struct keyring

/*
 * Reads every key in the directory. ST_MISSING: no key at all; ST_KEY_MISMATCH: a key that is
 * damaged, short, long, all zero, of a wrong owner or mode, or two of one serial or of different
 * hosts. Only what is named ID.key is read, so that an editor's copy locks nobody out.
 */
enum status keyring_open(const char *key_dir, uid_t owner, struct keyring *keyring) MUST_USE;

/* The same from a held directory, which is read from where it stands; the keys, and what is
 * unsealed with them, live in the vault, if there is one. */
enum status keyring_read(int directory, uid_t owner, struct vault *vault,
			 struct keyring *keyring) MUST_USE;
void keyring_close(struct keyring *keyring);

/*
 * For the administrator: what each name in a key directory is, from its start. ST_OK a key;
 * ST_BAD_NAME a name that keyring_read passes over; ST_PERM a wrong owner, mode or kind; ST_CORRUPT
 * damage; ST_KEY_MISMATCH renamed, or not of the same host as those before; ST_IO. `.new` is ours
 * and not told.
 */
enum status keyring_survey(int directory, uid_t owner,
			   void (*each)(void *context, const char *name, enum status status),
			   void *context) MUST_USE;

/* The index of a key by id: ST_KEY_MISSING when it is not there. */
enum status keyring_find(const struct keyring *keyring, const struct key_id *id,
			 size_t *index) MUST_USE;

/*
 * The subkey of one purpose and one subject of at most 4 parts (name and so on) from the key at
 * `index`. Those of MACs, which have no subject, are derived once and kept beside the keys.
 */
void keyring_subkey(const struct keyring *keyring, size_t index, enum purpose purpose,
		    const struct span *subject, size_t count, uint8_t out[SHA256_BYTES]);

/* A subkey that stays the same whatever key is current: from the lasting secret. */
void keyring_lasting_subkey(const struct keyring *keyring, enum purpose purpose,
			    uint8_t out[SHA256_BYTES]);

/*
 * A new key with the next serial, the current one from now on. Host id and lasting secret are
 * those of the keys that are there; without any, `host` (NULL: a random one) and a random secret.
 * Durable when it returns. ST_TOO_BIG: KEYRING_MAX keys already.
 */
enum status keyring_add(const char *key_dir, uid_t owner, const uint8_t *host,
			struct key_id *made) MUST_USE;

/*
 * The two halves of it, in a directory whose lock the caller holds: the key under the name `.new`,
 * which nobody reads, and its coming into being. `added` gets a keyring that has it as current.
 */
enum status keyring_prepare(int directory, uid_t owner, const uint8_t *host,
			    struct keyring *added) MUST_USE;
enum status keyring_publish(int directory, const struct keyring *added) MUST_USE;

/* Takes a prepared key back. */
void keyring_forget(int directory);

/* Removes a key file. Refuses the current one (ST_EXISTS) and one that is not there
 * (ST_KEY_MISSING). The caller knows that nothing names it. */
enum status keyring_remove(const char *key_dir, uid_t owner, const struct key_id *id) MUST_USE;

#endif
