/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/rekey.h"

#include "lib/base/cleanup.h"
#include "lib/store/account_parts.h"
#include "lib/store/directory.h"
#include "lib/store/safe_file.h"
#include "lib/store/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_current(const struct keyring *keyring, const struct key_id *key)
{
	return memcmp(key->bytes, keyring->heads[keyring->current].id.bytes, KEY_ID_BYTES) == 0;
}

static enum status reseal(struct account *account, const struct sealed_name *name)
{
	struct sealed_head head;
	AUTO_SECRET plain = SECRET_EMPTY;
	enum status s = account_unseal(account, name, &head, &plain);

	if (s == ST_MISSING)
		return ST_OK;
	if (s != ST_OK || is_current(&account->store->keyring, &head.key))
		return s;
	return account_seal(account, name, head.generation, &plain);
}

/* Left by somebody who died; under the lock nobody is writing them. */
static void clear_leftovers(const struct account *account)
{
	(void)unlinkat(account->directory, ENROLLMENT_FILE ".new", 0);
	(void)unlinkat(account->directory, HISTORY_FILE ".new", 0);
	(void)unlinkat(account->directory, STATE_FILE ".new", 0);
}

/* Whoever is making a state there may have read the keys before the new one was there. */
static enum status wait_for_makers(struct store *store, const char *name)
{
	const struct who who = {name, 0, true};
	struct patience patience;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	enum status s = account_begin(store, &who, &account);

	if (s == ST_OK)
		s = patience_begin(&patience);
	if (s == ST_OK)
		s = directory_open_at(store->users, account.file_name, store->owner,
				      &account.directory);
	return s == ST_OK ? account_hold_directory(&account, &patience) : s;
}

/* A directory without a state has nothing sealed in it, or is damaged. */
static enum status check_nothing(struct store *store, const char *name)
{
	const struct who who = {name, 0, true};
	bool enrolled = false;
	enum status s = account_is_enrolled(store, &who, &enrolled);

	return s == ST_OK && enrolled ? ST_MISSING : s;
}

enum status rekey_user(struct store *store, const char *name)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	enum status s = account_lock_any(store, name, &account);

	if (s == ST_MISSING)
		s = wait_for_makers(store, name);
	if (s == ST_OK && !account.state)
		s = account_lock_any(store, name, &account);
	if (s == ST_MISSING)
		return check_nothing(store, name);
	if (s != ST_OK)
		return s;
	clear_leftovers(&account);
	s = reseal(&account, &sealed_enrollment);
	if (s == ST_OK)
		s = reseal(&account, &sealed_history);
	if (s == ST_OK && !account.is_current)
		s = account_commit_both(&account);
	return s;
}

static enum status rekey_slot(struct store *store, enum account_kind kind, unsigned slot)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	enum status s = account_lock_slot(store, kind, slot, &account);

	if (s == ST_OK && !account.is_current)
		s = account_commit_both(&account);
	return s;
}

enum status rekey_tables(struct store *store)
{
	static const enum account_kind kinds[] = {ACCOUNT_UNENROLLED, ACCOUNT_UNKNOWN};
	enum status first = ST_OK;

	for (size_t i = 0; i < 2 * TABLE_SLOTS; i++) {
		enum status s =
		    rekey_slot(store, kinds[i / TABLE_SLOTS], (unsigned)(i % TABLE_SLOTS));
		if (first == ST_OK)
			first = s;
	}
	return first;
}

struct survey {
	struct store *store;
	bool *used;
};

static void note_key(const struct survey *survey, const uint8_t id[KEY_ID_BYTES])
{
	struct key_id key;
	size_t index = 0;

	memcpy(key.bytes, id, KEY_ID_BYTES);
	if (keyring_find(&survey->store->keyring, &key, &index) == ST_OK)
		survey->used[index] = true;
}

static void note_pair(const struct survey *survey, const uint8_t *bytes)
{
	for (size_t slot = 0; slot < 2; slot++) {
		struct state_identity claim;
		if (live_state_claim(bytes + slot * STATE_SLOT_BYTES, &claim) == ST_OK)
			note_key(survey, claim.key_id);
	}
}

/* What no key opens needs none. */
static enum status note_sealed(const struct survey *survey, const struct account *account,
			       const struct sealed_name *name)
{
	struct sealed_head head;
	size_t length = 0;
	size_t blob = 0;
	AUTO_TEXT bytes = malloc(name->max);

	if (!bytes)
		return ST_NOMEM;
	enum status s = safe_file_read(account->directory, name->file, account->store->owner,
				       (uint8_t *)bytes, name->max, &length);
	if (s == ST_MISSING || s == ST_CORRUPT)
		return ST_OK;
	if (s == ST_OK && sealed_parse((uint8_t *)bytes, length, &head, &blob) == ST_OK)
		note_key(survey, head.key.bytes);
	return s;
}

static enum status note_state(const struct survey *survey, struct account *account)
{
	size_t length = 0;
	AUTO_TEXT bytes = malloc(STATE_BYTES);

	if (!bytes)
		return ST_NOMEM;
	enum status s = safe_file_read_at(account->file, 0, bytes, STATE_BYTES, &length);
	if (s == ST_OK && length == STATE_BYTES)
		note_pair(survey, (uint8_t *)bytes);
	return s;
}

static enum status survey_user(void *context, const char *name)
{
	const struct survey *survey = context;
	const struct who who = {name, 0, true};
	struct patience patience;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	enum status s = account_begin(survey->store, &who, &account);

	if (s == ST_OK)
		s = patience_begin(&patience);
	if (s == ST_OK)
		s = account_hold(&account, &patience);
	if (s == ST_OK)
		s = note_state(survey, &account);
	else if ((s == ST_MISSING || s == ST_CORRUPT) && account.directory >= 0)
		s = ST_OK;
	if (s == ST_OK)
		s = note_sealed(survey, &account, &sealed_enrollment);
	if (s == ST_OK)
		s = note_sealed(survey, &account, &sealed_history);
	return s;
}

static enum status survey_table(const struct survey *survey, enum state_kind kind)
{
	struct store *store = survey->store;
	size_t size = (size_t)TABLE_SLOTS * STATE_BYTES;
	size_t length = 0;
	AUTO_TEXT bytes = malloc(size);

	if (!bytes)
		return ST_NOMEM;
	enum status s = safe_file_read(store->root, table_name(kind), store->owner,
				       (uint8_t *)bytes, size, &length);
	for (size_t at = 0; s == ST_OK && at + STATE_BYTES <= length; at += STATE_BYTES)
		note_pair(survey, (uint8_t *)bytes + at);
	return s;
}

enum status rekey_survey(struct store *store, bool used[KEYRING_MAX])
{
	struct survey survey = {store, used};
	enum status s = store_refresh(store);

	memset(used, 0, KEYRING_MAX * sizeof(*used));
	used[store->keyring.current] = true;
	if (s == ST_OK)
		s = account_each(store, survey_user, &survey);
	if (s == ST_OK)
		s = survey_table(&survey, STATE_OF_UNENROLLED);
	if (s == ST_OK)
		s = survey_table(&survey, STATE_OF_UNKNOWN);
	return s;
}
