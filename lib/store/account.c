/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/account_parts.h"

#include "lib/base/cleanup.h"
#include "lib/store/directory.h"
#include "lib/store/pair.h"
#include "lib/store/safe_file.h"
#include "lib/store/table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TABLE_BYTES = TABLE_SLOTS * STATE_BYTES };

enum status account_begin(struct store *store, const struct who *who, struct account *account)
{
	*account = ACCOUNT_CLOSED;
	account->store = store;
	account->kind = ACCOUNT_USER;
	account->who = *who;
	return account_file_name(who->name, account->file_name);
}

static void let_go(struct account *account)
{
	if (account->file >= 0)
		lock_release(account->file, account->offset, STATE_BYTES);
	close_fd(&account->file);
	close_fd(&account->directory);
	shield_lower(&account->shield);
}

void account_unlock(struct account *account)
{
	let_go(account);
	free(account->room);
	account->room = NULL;
	account->state = NULL;
	wipe(account->mac_key, sizeof(account->mac_key));
}

enum status account_has_enrollment(int directory, bool *has)
{
	struct stat st;

	*has = fstatat(directory, ENROLLMENT_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0;
	return *has || errno == ENOENT ? ST_OK : status_of_errno(errno);
}

static void path_below_users(const char *file_name, const char *file,
			     char path[FILE_NAME_BYTES + 16])
{
	(void)snprintf(path, FILE_NAME_BYTES + 16, "%s/%s", file_name, file);
}

enum status account_is_enrolled(struct store *store, const struct who *who, bool *enrolled)
{
	char file_name[FILE_NAME_BYTES];
	char path[FILE_NAME_BYTES + 16];
	struct stat st;

	*enrolled = false;
	enum status s = account_file_name(who->name, file_name);
	if (s != ST_OK || !who->exists)
		return s;
	path_below_users(file_name, ENROLLMENT_FILE, path);
	if (fstatat(store->users, path, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno == ENOENT)
			return ST_OK;
		return errno == ENOTDIR || errno == ELOOP ? ST_PERM : status_of_errno(errno);
	}
	*enrolled = true;
	return ST_OK;
}

/* Somebody may have put another file in the place while we waited for the lock of this one. */
static enum status check_still(const struct stat *opened, int base, const char *path)
{
	struct stat named;

	if (fstatat(base, path, &named, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? ST_STALE : status_of_errno(errno);
	return opened->st_dev == named.st_dev && opened->st_ino == named.st_ino ? ST_OK : ST_STALE;
}

static enum status open_own(struct account *account, struct stat *st)
{
	struct store *store = account->store;
	enum status s =
	    directory_open_at(store->users, account->file_name, store->owner, &account->directory);

	if (s == ST_OK)
		s = safe_file_open_rw(account->directory, STATE_FILE, store->owner, STATE_BYTES,
				      &account->file, st);
	return s;
}

enum status account_hold(struct account *account, const struct patience *patience)
{
	char path[FILE_NAME_BYTES + 16];

	path_below_users(account->file_name, STATE_FILE, path);
	do {
		struct stat st;
		let_go(account);
		enum status s = open_own(account, &st);
		if (s == ST_OK)
			s = lock_bytes(account->file, 0, STATE_BYTES, patience, &account->shield);
		if (s == ST_OK)
			s = check_still(&st, account->store->users, path);
		if (s != ST_STALE)
			return s;
	} while (!patience_is_over(patience));
	return ST_LOCK_TIMEOUT;
}

static enum status hold_slot(struct account *account, unsigned slot,
			     const struct patience *patience)
{
	struct store *store = account->store;
	const char *table = table_name((enum state_kind)account->kind);

	do {
		struct stat st;
		let_go(account);
		enum status s = safe_file_open_rw(store->root, table, store->owner, TABLE_BYTES,
						  &account->file, &st);
		account->offset = (off_t)slot * STATE_BYTES;
		if (s == ST_OK)
			s = lock_bytes(account->file, account->offset, STATE_BYTES, patience,
				       &account->shield);
		if (s == ST_OK)
			s = check_still(&st, store->root, table);
		if (s != ST_STALE)
			return s == ST_MISSING ? ST_STORE_LOST : s;
	} while (!patience_is_over(patience));
	return ST_LOCK_TIMEOUT;
}

static enum status read_room(struct account *account)
{
	size_t length = 0;

	account->room = malloc(sizeof(*account->room));
	if (!account->room)
		return ST_NOMEM;
	enum status s = safe_file_read_at(account->file, account->offset, account->room->bytes,
					  STATE_BYTES, &length);
	if (s == ST_OK && length != STATE_BYTES)
		s = ST_CORRUPT;
	return s;
}

static void identify(struct account *account, uint32_t uid)
{
	bool own = account->kind == ACCOUNT_USER;

	pair_identity(&account->store->keyring, (enum state_kind)account->kind,
		      own ? account->who.name : NULL,
		      own ? uid : (uint32_t)(account->offset / STATE_BYTES), &account->identity);
}

static enum status read_pair(struct account *account, struct pair_view *view)
{
	return pair_read(&account->store->keyring, &account->identity, account->room->bytes,
			 &account->room->state, view);
}

/* Either slot may be the damaged one: each is asked whose it claims to be, and must prove it. */
static enum status read_pair_of_anybody(struct account *account, struct pair_view *view)
{
	enum status s = ST_CORRUPT;

	for (size_t slot = 0; slot < 2 && s != ST_OK; slot++) {
		struct state_identity claim;
		if (live_state_claim(account->room->bytes + slot * STATE_SLOT_BYTES, &claim) !=
		    ST_OK)
			continue;
		identify(account, claim.uid);
		account->who.uid = claim.uid;
		s = read_pair(account, view);
	}
	return s;
}

enum status account_load(struct account *account, bool any_uid)
{
	struct pair_view view = {0};
	enum status s = store_refresh(account->store);

	if (s == ST_OK)
		s = read_room(account);
	if (s != ST_OK)
		return s;
	identify(account, account->who.uid);
	s = any_uid ? read_pair_of_anybody(account, &view) : read_pair(account, &view);
	if (s != ST_OK)
		return s;
	account->slot = view.slot;
	account->stamp = view.stamp;
	account->was_damaged = view.was_damaged;
	account->is_current = view.is_current;
	account->state = &account->room->state;
	account->state->repair_due |= view.was_damaged;
	pair_mac_key(&account->store->keyring, account->store->keyring.current, account->kind,
		     account->mac_key);
	return ST_OK;
}

/* No state of his own: the enrollment says whether one was lost. */
static enum status check_absent(struct account *account)
{
	bool has = false;

	if (account->directory < 0)
		return ST_OK;
	enum status s = account_has_enrollment(account->directory, &has);
	if (s != ST_OK)
		return s;
	return has ? ST_MISSING : ST_OK;
}

static enum status hold_shared(struct account *account, enum account_kind kind,
			       const struct patience *patience)
{
	account->kind = kind;
	return hold_slot(
	    account, table_slot(&account->store->keyring, (enum state_kind)kind, account->who.name),
	    patience);
}

static enum status hold_any(struct account *account, const struct patience *patience)
{
	if (!account->who.exists)
		return hold_shared(account, ACCOUNT_UNKNOWN, patience);
	enum status s = account_hold(account, patience);
	if (s != ST_MISSING)
		return s;
	s = check_absent(account);
	if (s == ST_MISSING) /* his state comes first: an enrollment made just now has one by now */
		return account_hold(account, patience);
	if (s != ST_OK)
		return s;
	return hold_shared(account, ACCOUNT_UNENROLLED, patience);
}

enum status account_lock(struct store *store, const struct who *who, struct account *account)
{
	struct patience patience;
	enum status s = account_begin(store, who, account);

	if (!who->exists && s == ST_BAD_NAME && who->name[0])
		s = ST_OK; /* it needs no directory */
	if (s == ST_OK)
		s = patience_begin(&patience);
	if (s == ST_OK)
		s = hold_any(account, &patience);
	if (s == ST_OK)
		s = account_load(account, false);
	if (s != ST_OK)
		account_unlock(account);
	return s;
}

enum status account_lock_shared(struct store *store, const struct who *who, struct account *account)
{
	struct patience patience;
	enum status s = account_begin(store, who, account);

	if (s == ST_OK)
		s = patience_begin(&patience);
	if (s == ST_OK)
		s = hold_shared(account, ACCOUNT_UNENROLLED, &patience);
	if (s == ST_OK)
		s = account_load(account, false);
	if (s != ST_OK)
		account_unlock(account);
	return s;
}

enum status account_lock_any(struct store *store, const char *name, struct account *account)
{
	const struct who who = {name, 0, true};
	struct patience patience;
	enum status s = account_begin(store, &who, account);

	if (s == ST_OK)
		s = patience_begin(&patience);
	if (s == ST_OK)
		s = account_hold(account, &patience);
	if (s == ST_OK)
		s = account_load(account, true);
	if (s != ST_OK)
		account_unlock(account);
	return s;
}

enum status account_lock_slot(struct store *store, enum account_kind kind, unsigned slot,
			      struct account *account)
{
	struct patience patience;
	enum status s = patience_begin(&patience);

	*account = ACCOUNT_CLOSED;
	account->store = store;
	account->kind = kind;
	if (s == ST_OK)
		s = hold_slot(account, slot, &patience);
	if (s == ST_OK)
		s = account_load(account, false);
	if (s != ST_OK)
		account_unlock(account);
	return s;
}

/* Under the directory's lock: whoever else wanted to make it finds it made. */
static enum status make_state(struct account *account)
{
	static const struct live_state empty;
	struct state_identity identity;
	struct stat st;

	if (fstatat(account->directory, STATE_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return ST_OK;
	enum status s = check_absent(account);
	if (s != ST_OK)
		return s;
	AUTO_TEXT bytes = malloc(STATE_BYTES);
	if (!bytes)
		return ST_NOMEM;
	pair_identity(&account->store->keyring, STATE_OF_USER, account->who.name, account->who.uid,
		      &identity);
	s = pair_write(&account->store->keyring, &identity, &empty, (uint8_t *)bytes);
	if (s == ST_OK)
		s = safe_file_prepare(account->directory, STATE_FILE ".new", 0600, bytes,
				      STATE_BYTES);
	if (s == ST_OK)
		s = safe_file_publish(account->directory, STATE_FILE ".new", STATE_FILE);
	return s;
}

/* The keys are read under the lock: a rekey that waited for it takes them for gone. */
enum status account_hold_directory(struct account *account, const struct patience *patience)
{
	enum status s = lock_directory(account->directory, patience, &account->shield);

	return s == ST_OK ? store_refresh(account->store) : s;
}

static enum status make_own(struct account *account, const struct patience *patience)
{
	struct store *store = account->store;

	let_go(account);
	enum status s =
	    directory_make_at(store->users, account->file_name, store->owner, &account->directory);
	if (s == ST_OK)
		s = account_hold_directory(account, patience);
	if (s == ST_OK)
		s = make_state(account);
	if (s != ST_OK) { /* an empty directory goes again; any other stays */
		int saved = errno;
		(void)unlinkat(store->users, account->file_name, AT_REMOVEDIR);
		errno = saved;
	}
	return s;
}

static enum status hold_or_make(struct account *account, const struct patience *patience)
{
	enum status s = account_hold(account, patience);

	if (s != ST_MISSING)
		return s;
	s = make_own(account, patience);
	return s == ST_OK ? account_hold(account, patience) : s;
}

enum status account_lock_own(struct store *store, const struct who *who, struct account *account)
{
	struct patience patience;
	enum status s = account_begin(store, who, account);

	if (s == ST_OK && !who->exists)
		s = ST_NO_USER;
	if (s == ST_OK)
		s = patience_begin(&patience);
	if (s == ST_OK)
		s = hold_or_make(account, &patience);
	if (s == ST_OK)
		s = account_load(account, false);
	if (s != ST_OK)
		account_unlock(account);
	return s;
}
