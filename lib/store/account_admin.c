/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/account_parts.h"

#include "lib/base/cleanup.h"
#include "lib/store/directory.h"
#include "lib/store/pair.h"
#include "lib/store/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct visit {
	enum status (*each)(void *context, const char *name);
	void *context;
};

static enum status visit_entry(void *context, const char *entry)
{
	const struct visit *visit = context;
	char name[FILE_NAME_BYTES];

	/* lost+found and the like are nobody's. */
	if (account_name_of_file(entry, name) != ST_OK)
		return ST_OK;
	return visit->each(visit->context, name);
}

enum status account_each(struct store *store, enum status (*each)(void *context, const char *name),
			 void *context)
{
	struct visit visit = {each, context};
	int opened = -1;
	/* A descriptor of its own, as `each` may open the store's again. */
	enum status s = directory_open_at(store->users, ".", store->owner, &opened);
	AUTO_FD users = opened;

	if (s != ST_OK)
		return s;
	return directory_each(users, visit_entry, &visit);
}

/* What the new state belongs to. Without an enrollment to no generation at all. */
static enum status take_over(struct account *account, struct live_state *state)
{
	struct sealed_head head;
	AUTO_SECRET plain = SECRET_EMPTY;
	AUTO_ENROLLMENT enrollment = {SECRET_EMPTY, NULL};
	enum status s = account_unseal(account, &sealed_enrollment, &head, &plain);

	if (s == ST_MISSING)
		return ST_OK;
	if (s == ST_OK)
		s = enrollment_decode(&plain, &enrollment);
	if (s != ST_OK)
		return s;
	state->generation = head.generation;
	state->spent = UINT32_MAX;
	for (size_t i = 0; i < enrollment.record->token_count; i++)
		state->tokens[i].id = enrollment.record->tokens[i].id;
	return ST_OK;
}

static enum status replace_state(struct account *account)
{
	struct account_room *room = account->room;
	struct live_state *state = &room->state;
	struct state_identity identity;

	*state = (struct live_state){.repair_due = true};
	enum status s = take_over(account, state);
	if (s != ST_OK)
		return s;
	pair_identity(&account->store->keyring, STATE_OF_USER, account->who.name, account->who.uid,
		      &identity);
	s = pair_write(&account->store->keyring, &identity, state, room->bytes);
	if (s == ST_OK)
		s = safe_file_prepare(account->directory, STATE_FILE ".new", 0600, room->bytes,
				      STATE_BYTES);
	if (s == ST_OK)
		s = safe_file_publish(account->directory, STATE_FILE ".new", STATE_FILE);
	return s;
}

/* The lock of what is there, if it can be had at all, and whether it is in order. */
static enum status judge_old(struct account *account, const struct patience *patience)
{
	enum status s = account_hold(account, patience);

	if (s != ST_OK)
		return s == ST_MISSING && account->directory < 0 ? ST_NO_USER : s;
	s = account_load(account, false);
	return s == ST_OK ? ST_EXISTS : s;
}

static bool is_lost(enum status s)
{
	return s == ST_CORRUPT || s == ST_OWNER || s == ST_KEY_MISSING || s == ST_MISSING;
}

enum status account_rebuild(struct store *store, const struct who *who)
{
	AUTO_ACCOUNT account;
	struct patience patience;
	enum status s = account_begin(store, who, &account);

	if (s == ST_OK)
		s = patience_begin(&patience);
	if (s == ST_OK)
		s = judge_old(&account, &patience);
	if (s == ST_NO_USER)
		return ST_MISSING;
	if (!is_lost(s))
		return s;
	if (!account.room)
		account.room = malloc(sizeof(*account.room));
	if (!account.room)
		return ST_NOMEM;
	s = account_hold_directory(&account, &patience);
	return s == ST_OK ? replace_state(&account) : s;
}

/* Durable there and gone here; else it goes back, so that what is said to have failed has. */
static enum status settle(const struct store *store, int into, const char *file_name)
{
	enum status s = safe_file_flush(into);

	if (s == ST_OK)
		s = safe_file_flush(store->users);
	if (s != ST_OK) {
		int saved = errno;
		(void)renameat(into, file_name, store->users, file_name);
		errno = saved;
	}
	return s;
}

/* trash/N/NAME for the first N that has no such name. */
static enum status move_away(struct store *store, int trash, const char *file_name)
{
	for (unsigned n = 0; n < 100000; n++) {
		char folder[16];
		int opened = -1;
		(void)snprintf(folder, sizeof(folder), "%u", n);
		enum status s = directory_make_at(trash, folder, store->owner, &opened);
		AUTO_FD into = opened;
		if (s != ST_OK)
			return s;
		if (renameat(store->users, file_name, into, file_name) == 0)
			return settle(store, into, file_name);
		if (errno != EEXIST && errno != ENOTEMPTY)
			return errno == ENOENT ? ST_MISSING : ST_IO;
	}
	return ST_TOO_BIG;
}

enum status account_discard(struct store *store, const char *name)
{
	AUTO_ACCOUNT account;
	AUTO_FD trash = -1;
	struct patience patience;
	const struct who who = {name, 0, true};
	enum status s = account_begin(store, &who, &account);

	if (s == ST_OK)
		s = patience_begin(&patience);
	if (s != ST_OK)
		return s;
	s = account_hold(&account, &patience);
	if (s == ST_LOCK_TIMEOUT || (s == ST_MISSING && account.directory < 0))
		return s;
	s = directory_make_at(store->root, "trash", store->owner, &trash);
	return s == ST_OK ? move_away(store, trash, account.file_name) : s;
}
