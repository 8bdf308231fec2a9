/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/store.h"

#include "lib/base/cleanup.h"
#include "lib/store/directory.h"
#include "lib/store/lock.h"
#include "lib/store/marker.h"
#include "lib/store/table.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The order makes one moment of it: everything but the key lies finished on the disk, the marker
 * under its first name; then the key gets its name, and the store exists. Where the key is there
 * already, the marker is that moment.
 */
struct founding {
	const struct place *place;
	int root;
	int users;
	int keys;
	bool locked;
	bool looked;     /* the three below are known */
	bool is_final;   /* a marker was there */
	bool with_key;   /* a key was there */
	bool has_pieces; /* users and both tables were there */
	bool made_keys;  /* by this run, to be undone if it fails */
	bool made_root;
	bool made_users;
	bool begins; /* the key gets its name: from here on a failure is for the next run */
	struct keyring keyring;
};

static void founding_end(struct founding *founding)
{
	keyring_close(&founding->keyring);
	close_fd(&founding->root);
	close_fd(&founding->users);
	close_fd(&founding->keys);
}

/* What would be refused is refused before anything is made. */
static enum status may_found(const struct place *place, bool again)
{
	AUTO_STORE store = STORE_CLOSED;
	enum status s = store_open(place, &store);

	if (s == ST_UNINITIALISED || (s == ST_CORRUPT && again))
		return ST_OK;
	return s == ST_STORE_LOST && again ? ST_OK : s;
}

static bool is_missing(int directory, const char *path)
{
	struct stat st;

	return fstatat(directory, path, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
}

static enum status open_places(struct founding *f)
{
	struct patience patience;
	enum status s = patience_begin(&patience);

	f->made_keys = is_missing(AT_FDCWD, f->place->key_dir);
	if (s == ST_OK)
		s = directory_make(f->place->key_dir, f->place->owner, &f->keys);
	if (s == ST_OK)
		s = lock_directory(f->keys, &patience, NULL);
	/* Under the lock nobody else is making a store: what is missing now is made by this run. */
	f->locked = s == ST_OK;
	f->made_root = f->locked && is_missing(AT_FDCWD, f->place->state_dir);
	if (s == ST_OK)
		s = directory_make(f->place->state_dir, f->place->owner, &f->root);
	f->made_users = s == ST_OK && is_missing(f->root, "users");
	if (s == ST_OK)
		s = directory_make_at(f->root, "users", f->place->owner, &f->users);
	return s;
}

static enum status look_at_key(struct founding *f)
{
	if (lseek(f->keys, 0, SEEK_SET) != 0)
		return ST_IO;
	enum status s = keyring_read(f->keys, f->place->owner, NULL, &f->keyring);
	f->with_key = s == ST_OK;
	return s == ST_MISSING ? ST_OK : s;
}

static enum status look_at_store(struct founding *f)
{
	bool unenrolled = false;
	bool unknown = false;
	enum status s = marker_is_final(f->root, &f->is_final);

	if (s == ST_OK)
		s = table_exists(f->root, STATE_OF_UNENROLLED, &unenrolled);
	if (s == ST_OK)
		s = table_exists(f->root, STATE_OF_UNKNOWN, &unknown);
	f->has_pieces = unenrolled && unknown;
	f->looked = s == ST_OK;
	return s;
}

static const uint8_t *host_of(const struct founding *f)
{
	return f->keyring.heads[f->keyring.current].host;
}

static enum status make_tables(struct founding *f)
{
	enum status s = table_make(f->root, &f->keyring, STATE_OF_UNENROLLED);

	if (s == ST_OK)
		s = table_make(f->root, &f->keyring, STATE_OF_UNKNOWN);
	return s;
}

/* User files without a key can be read by nobody: a new key would only hide that. */
static enum status found_without_key(struct founding *f)
{
	bool empty = false;
	enum status s = directory_is_empty(f->users, &empty);

	if (s == ST_OK && (!empty || f->is_final))
		s = ST_KEY_MISSING;
	if (s == ST_OK)
		s = keyring_prepare(f->keys, f->place->owner, NULL, &f->keyring);
	if (s == ST_OK)
		s = make_tables(f);
	if (s == ST_OK)
		s = marker_prepare(f->root, host_of(f));
	f->begins = s == ST_OK;
	if (s == ST_OK)
		s = keyring_publish(f->keys, &f->keyring);
	if (s == ST_OK)
		s = marker_publish(f->root);
	return s;
}

static enum status found_beside_key(struct founding *f, bool again)
{
	if (!again)
		return ST_STORE_LOST;
	enum status s = make_tables(f);
	if (s == ST_OK)
		s = marker_prepare(f->root, host_of(f));
	if (s == ST_OK)
		s = marker_publish(f->root);
	return s;
}

static enum status make_missing_tables(struct founding *f)
{
	static const enum state_kind kinds[] = {STATE_OF_UNENROLLED, STATE_OF_UNKNOWN};
	enum status s = ST_OK;

	for (size_t i = 0; i < 2 && s == ST_OK; i++) {
		bool exists = false;
		s = table_exists(f->root, kinds[i], &exists);
		if (s == ST_OK && !exists)
			s = table_make(f->root, &f->keyring, kinds[i]);
	}
	return s;
}

/* A store with its key: only what somebody removed is made. */
static enum status complete(struct founding *f)
{
	if (!f->is_final) {
		enum status s = marker_publish(f->root);
		if (s != ST_OK)
			return s;
	} else if (f->has_pieces) {
		return f->made_users ? ST_OK : ST_EXISTS;
	}
	return make_missing_tables(f);
}

static enum status found(struct founding *f, bool again)
{
	enum status s = open_places(f);

	if (s == ST_OK)
		s = look_at_key(f);
	if (s == ST_OK)
		s = look_at_store(f);
	if (s != ST_OK)
		return s;
	if (!f->with_key)
		return found_without_key(f);
	s = marker_check(f->root, f->place->owner, host_of(f));
	if (s == ST_OK)
		return complete(f);
	/* A marker of another host is no store of ours, whatever is asked. */
	if (s == ST_MISSING || (s == ST_CORRUPT && again))
		return found_beside_key(f, again);
	return s;
}

/* Takes away what a run made that failed. Tables and marker without a key are nobody's. */
static void undo(const struct founding *f)
{
	int saved = errno;

	if (f->looked && !f->is_final && (f->made_root || !f->with_key)) {
		(void)unlinkat(f->root, table_name(STATE_OF_UNENROLLED), 0);
		(void)unlinkat(f->root, table_name(STATE_OF_UNKNOWN), 0);
		marker_forget(f->root);
	}
	if (f->made_keys)
		keyring_forget(f->keys);
	if (f->root >= 0 && f->made_users)
		(void)unlinkat(f->root, "users", AT_REMOVEDIR);
	if (f->made_root)
		(void)rmdir(f->place->state_dir);
	if (f->made_keys)
		(void)rmdir(f->place->key_dir);
	errno = saved;
}

enum status store_init(const struct place *place, bool again)
{
	AT_SCOPE_END(founding_end)
	struct founding f = {.place = place, .root = -1, .users = -1, .keys = -1};
	enum status s = may_found(place, again);

	if (s != ST_OK)
		return s;
	s = found(&f, again);
	if (s != ST_OK && s != ST_EXISTS && f.locked && !f.begins)
		undo(&f);
	return s;
}
