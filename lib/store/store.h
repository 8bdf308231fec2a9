/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_STORE_H
#define KLING_STORE_STORE_H

#include "lib/base/attributes.h"
#include "lib/base/safe_path.h"
#include "lib/base/status.h"
#include "lib/store/keyring.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* Where state lives and whose it must be. Always an argument. */
struct place {
	const char *state_dir;
	const char *key_dir;
	uid_t owner;
};

/* An open store: held directory descriptors and the keyring. */
struct store {
	int root;  /* state_dir */
	int users; /* state_dir/users */
	int keys;  /* key_dir */
	uid_t owner;
	struct timespec keys_changed; /* of key_dir when it was read; zero: too fresh to tell */
	struct keyring keyring;
	struct vault
	    *vault; /* of the keys and of what is unsealed; NULL: each in pages of its own */
};

#define AUTO_STORE   AT_SCOPE_END(store_close) struct store
#define STORE_CLOSED ((struct store){.root = -1, .users = -1, .keys = -1})

/*
 * ST_UNINITIALISED: neither key nor store. ST_STORE_LOST: a key, but no store or no marker.
 * ST_KEY_MISSING: a store, but no key. ST_PERM, ST_KEY_MISMATCH, ST_IO as they say.
 */
enum status store_open(const struct place *place, struct store *store) MUST_USE;

/* The same along a way, with the secrets in a vault (NULL: none) that outlives the store and what
 * is read from it. */
enum status store_open_along(struct safe_way *way, struct vault *vault, const struct place *place,
			     struct store *store) MUST_USE;
void store_close(struct store *store);

/*
 * Reads the keyring again if the key directory changed, as rekey does it. Under each lock, so that
 * a process that waited at a prompt never writes with a key that is about to go.
 */
enum status store_refresh(struct store *store) MUST_USE;

/*
 * Makes what is missing: key, directories, tables with real bytes, marker (last). ST_EXISTS when
 * all is there; ST_STORE_LOST when there is a key without a store and `again` is not set;
 * ST_KEY_MISSING when there are user files without a key (never made silently). What is refused is
 * refused before anything is made, and what fails takes back what it made. What a killed run left
 * behind is completed or made anew.
 */
enum status store_init(const struct place *place, bool again) MUST_USE;

#endif
