/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/store.h"

#include "lib/base/cleanup.h"
#include "lib/base/safe_path.h"
#include "lib/store/directory.h"
#include "lib/store/marker.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FRESH_SECONDS = 2 };

void store_close(struct store *store)
{
	keyring_close(&store->keyring);
	close_fd(&store->keys);
	close_fd(&store->users);
	close_fd(&store->root);
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/*
 * A directory that changed a moment ago may change again without its time moving on, as that
 * ticks coarsely: then it is read again the next time.
 */
static struct timespec change_of(const struct stat *directory)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0 ||
	    now.tv_sec - directory->st_ctim.tv_sec < FRESH_SECONDS)
		return (struct timespec){0, 0};
	return directory->st_ctim;
}

static enum status open_keys(const struct place *place, struct safe_way *way, struct store *store)
{
	struct stat st;
	enum status s =
	    safe_directory_open_along(way, place->key_dir, place->owner, &store->keys, &st);

	if (s != ST_OK)
		return s;
	store->keys_changed = change_of(&st);
	return keyring_read(store->keys, place->owner, store->vault, &store->keyring);
}

/* No key: nobody has begun, unless there is a store that waits for it. */
static enum status without_key(const struct place *place, struct store *store)
{
	bool present = false;
	bool empty = true;
	enum status s = safe_directory_open(place->state_dir, place->owner, &store->root);

	if (s == ST_MISSING)
		return ST_UNINITIALISED;
	if (s == ST_OK)
		s = marker_is_final(store->root, &present);
	if (s != ST_OK)
		return s;
	if (present)
		return ST_KEY_MISSING;
	s = directory_open_at(store->root, "users", place->owner, &store->users);
	if (s == ST_MISSING)
		return ST_UNINITIALISED;
	if (s == ST_OK)
		s = directory_is_empty(store->users, &empty);
	if (s != ST_OK)
		return s;
	return empty ? ST_UNINITIALISED : ST_KEY_MISSING;
}

static enum status with_key(const struct place *place, struct safe_way *way, struct store *store)
{
	const struct key_head *current = &store->keyring.heads[store->keyring.current];
	struct stat st;
	enum status s =
	    safe_directory_open_along(way, place->state_dir, place->owner, &store->root, &st);

	if (s == ST_OK)
		s = marker_check(store->root, place->owner, current->host);
	if (s == ST_OK)
		s = directory_open_at(store->root, "users", place->owner, &store->users);
	return s == ST_MISSING ? ST_STORE_LOST : s;
}

enum status store_open_along(struct safe_way *way, struct vault *vault, const struct place *place,
			     struct store *store)
{
	*store = STORE_CLOSED;
	store->vault = vault;
	store->owner = place->owner;
	enum status s = open_keys(place, way, store);
	if (s == ST_OK)
		s = with_key(place, way, store);
	else if (s == ST_MISSING)
		s = without_key(place, store);
	if (s != ST_OK)
		store_close(store);
	return s;
}

enum status store_open(const struct place *place, struct store *store)
{
	struct safe_way way = {NULL, 0, 0};

	return store_open_along(&way, NULL, place, store);
}

enum status store_refresh(struct store *store)
{
	struct keyring keyring;
	struct stat st;

	if (fstat(store->keys, &st) != 0)
		return status_of_errno(errno);
	if (same_time(&st.st_ctim, &store->keys_changed))
		return ST_OK;
	if (lseek(store->keys, 0, SEEK_SET) != 0)
		return status_of_errno(errno);
	enum status s = keyring_read(store->keys, store->owner, store->vault, &keyring);
	if (s != ST_OK)
		return s == ST_MISSING ? ST_KEY_MISSING : s;
	keyring_close(&store->keyring);
	store->keyring = keyring;
	store->keys_changed = change_of(&st);
	return ST_OK;
}
