/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/keyring.h"

#include "lib/base/cleanup.h"
#include "lib/base/safe_path.h"
#include "lib/crypto/derive.h"
#include "lib/crypto/random.h"
#include "lib/store/directory.h"
#include "lib/store/key_file.h"
#include "lib/store/lock.h"
#include "lib/store/safe_file.h"

#include <string.h>
#include <unistd.h>

/* In one page: the lasting secret, the keys, and behind them what was derived of them. */
enum { KEYS_BYTES = (1 + KEYRING_MAX) * KEY_BYTES, DERIVED_KINDS = 2, SUBJECT_MAX = 4 };

struct derived {
	bool there;
	uint8_t key[SHA256_BYTES];
};

enum { SECRETS_BYTES = KEYS_BYTES + KEYRING_MAX * DERIVED_KINDS * sizeof(struct derived) };

static const char unborn[] = ".new";

static const char *const purpose_names[PURPOSE_COUNT] = {
    [PURPOSE_ENROLLMENT] = "enrollment", [PURPOSE_STATE] = "state",
    [PURPOSE_HISTORY] = "history",       [PURPOSE_TABLE] = "table",
    [PURPOSE_PEPPER] = "pepper",         [PURPOSE_SLOT_HASH] = "slot-hash",
};

const char *purpose_name(enum purpose purpose)
{
	return purpose_names[purpose];
}

static uint8_t *lasting_secret(const struct keyring *keyring)
{
	return keyring->secrets.bytes;
}

static uint8_t *key_at(const struct keyring *keyring, size_t index)
{
	return keyring->secrets.bytes + (1 + index) * KEY_BYTES;
}

/* Where the subkey of a purpose without a subject is kept; NULL: it is derived each time. */
static struct derived *derived_at(const struct keyring *keyring, size_t index, enum purpose purpose)
{
	struct derived *all = (void *)(keyring->secrets.bytes + KEYS_BYTES);

	if (purpose != PURPOSE_STATE && purpose != PURPOSE_TABLE)
		return NULL;
	return &all[DERIVED_KINDS * index + (purpose == PURPOSE_TABLE)];
}

static enum status keyring_new(struct vault *vault, struct keyring *keyring)
{
	memset(keyring, 0, sizeof(*keyring));
	keyring->secrets = SECRET_IN(vault);
	enum status s = secret_new(&keyring->secrets, SECRETS_BYTES);
	if (s == ST_OK)
		keyring->secrets.length = SECRETS_BYTES;
	return s;
}

void keyring_close(struct keyring *keyring)
{
	secret_clear(&keyring->secrets);
	memset(keyring, 0, sizeof(*keyring));
}

/* Keys of one host: one host id, one lasting secret, each serial and id once. */
static bool fits(const struct keyring *keyring, const struct key_file *file)
{
	if (keyring->count == 0)
		return true;
	if (memcmp(keyring->heads[0].host, file->head.host, HOST_ID_BYTES) != 0 ||
	    !bytes_equal(lasting_secret(keyring), file->lasting, KEY_BYTES))
		return false;
	for (size_t i = 0; i < keyring->count; i++)
		if (keyring->heads[i].serial == file->head.serial)
			return false;
	return true;
}

static enum status keyring_put(struct keyring *keyring, const struct key_file *file)
{
	size_t index = keyring->count;

	if (index == KEYRING_MAX)
		return ST_TOO_BIG;
	if (!fits(keyring, file))
		return ST_KEY_MISMATCH;
	keyring->heads[index] = file->head;
	copy_quietly(key_at(keyring, index), file->key, KEY_BYTES);
	copy_quietly(lasting_secret(keyring), file->lasting, KEY_BYTES);
	if (index == 0 || file->head.serial > keyring->heads[keyring->current].serial)
		keyring->current = index;
	keyring->count++;
	return ST_OK;
}

static enum status read_key(int directory, uid_t owner, const char *name, struct key_file *file)
{
	uint8_t bytes[KEY_FILE_BYTES];
	size_t length = 0;
	enum status s = safe_file_read(directory, name, owner, bytes, sizeof(bytes), &length);

	if (s == ST_OK && key_file_decode(bytes, length, file) != ST_OK)
		s = ST_CORRUPT;
	wipe(bytes, sizeof(bytes));
	return s;
}

struct reading {
	int directory;
	uid_t owner;
	struct keyring *keyring;
};

/* One name of the directory: as keyring_survey tells it, ST_MISSING when it went meanwhile. */
static enum status take_entry(const struct reading *reading, const char *name)
{
	AUTO_KEY_FILE file;
	struct key_id id;

	memset(&file, 0, sizeof(file));
	if (!key_file_name_parse(name, &id))
		return ST_BAD_NAME;
	enum status s = read_key(reading->directory, reading->owner, name, &file);
	if (s != ST_OK)
		return s;
	if (memcmp(id.bytes, file.head.id.bytes, KEY_ID_BYTES) != 0)
		return ST_KEY_MISMATCH;
	s = keyring_put(reading->keyring, &file);
	return s == ST_TOO_BIG ? ST_KEY_MISMATCH : s;
}

static enum status read_entry(void *context, const char *name)
{
	enum status s = take_entry(context, name);

	if (s == ST_BAD_NAME || s == ST_MISSING) /* no key, or removed while we looked */
		return ST_OK;
	return s == ST_PERM || s == ST_CORRUPT ? ST_KEY_MISMATCH : s;
}

struct survey {
	struct reading reading;
	void (*each)(void *context, const char *name, enum status status);
	void *context;
};

static enum status survey_entry(void *context, const char *name)
{
	const struct survey *survey = context;
	enum status s = take_entry(&survey->reading, name);

	if (s != ST_MISSING && strcmp(name, unborn) != 0)
		survey->each(survey->context, name, s);
	return ST_OK;
}

enum status keyring_survey(int directory, uid_t owner,
			   void (*each)(void *context, const char *name, enum status status),
			   void *context)
{
	AUTO_KEYRING keyring;
	struct survey survey = {{directory, owner, &keyring}, each, context};
	enum status s = keyring_new(NULL, &keyring);

	if (s != ST_OK)
		return s;
	if (lseek(directory, 0, SEEK_SET) != 0)
		return ST_IO;
	return directory_each(directory, survey_entry, &survey);
}

enum status keyring_read(int directory, uid_t owner, struct vault *vault, struct keyring *keyring)
{
	struct reading reading = {directory, owner, keyring};
	enum status s = keyring_new(vault, keyring);

	if (s == ST_OK)
		s = directory_each(directory, read_entry, &reading);
	if (s == ST_OK && keyring->count == 0)
		s = ST_MISSING;
	if (s != ST_OK)
		keyring_close(keyring);
	return s;
}

enum status keyring_open(const char *key_dir, uid_t owner, struct keyring *keyring)
{
	int opened = -1;
	enum status s = safe_directory_open(key_dir, owner, &opened);
	AUTO_FD directory = opened;

	memset(keyring, 0, sizeof(*keyring));
	if (s != ST_OK)
		return s;
	return keyring_read(directory, owner, NULL, keyring);
}

enum status keyring_find(const struct keyring *keyring, const struct key_id *id, size_t *index)
{
	for (size_t i = 0; i < keyring->count; i++) {
		if (memcmp(keyring->heads[i].id.bytes, id->bytes, KEY_ID_BYTES) == 0) {
			*index = i;
			return ST_OK;
		}
	}
	return ST_KEY_MISSING;
}

/* "kling " purpose NUL, then each part of the subject behind its length: nothing runs together. */
static void subkey(const uint8_t *key, enum purpose purpose, const struct span *subject,
		   size_t count, uint8_t out[SHA256_BYTES])
{
	static const char prefix[] = "kling ";
	struct span info[2 + 2 * SUBJECT_MAX];
	uint8_t lengths[SUBJECT_MAX][4];
	const char *name = purpose_name(purpose);
	size_t used = 0;

	info[used++] = (struct span){prefix, sizeof(prefix) - 1};
	info[used++] = (struct span){name, strlen(name) + 1};
	for (size_t i = 0; i < count && i < SUBJECT_MAX; i++) {
		for (unsigned byte = 0; byte < 4; byte++)
			lengths[i][byte] = (uint8_t)(subject[i].length >> (8 * byte));
		info[used++] = (struct span){lengths[i], sizeof(lengths[i])};
		info[used++] = subject[i];
	}
	derive_subkey(key, KEY_BYTES, info, used, out);
}

void keyring_subkey(const struct keyring *keyring, size_t index, enum purpose purpose,
		    const struct span *subject, size_t count, uint8_t out[SHA256_BYTES])
{
	struct derived *kept = count == 0 ? derived_at(keyring, index, purpose) : NULL;

	if (!kept || !kept->there)
		subkey(key_at(keyring, index), purpose, subject, count, out);
	else
		copy_quietly(out, kept->key, SHA256_BYTES);
	if (kept && !kept->there) {
		copy_quietly(kept->key, out, SHA256_BYTES);
		kept->there = true;
	}
}

void keyring_lasting_subkey(const struct keyring *keyring, enum purpose purpose,
			    uint8_t out[SHA256_BYTES])
{
	subkey(lasting_secret(keyring), purpose, NULL, 0, out);
}

/* The first key of a host has everything of its own. */
static enum status begin_host(const uint8_t *host, struct key_file *file)
{
	enum status s = random_bytes(file->lasting, KEY_BYTES);

	if (s != ST_OK)
		return s;
	file->head.serial = 1;
	if (!host)
		return random_bytes(file->head.host, HOST_ID_BYTES);
	memcpy(file->head.host, host, HOST_ID_BYTES);
	return ST_OK;
}

static enum status follow(const struct keyring *keyring, struct key_file *file)
{
	const struct key_head *current = &keyring->heads[keyring->current];

	if (keyring->count == KEYRING_MAX || current->serial == UINT32_MAX)
		return ST_TOO_BIG;
	file->head.serial = current->serial + 1;
	memcpy(file->head.host, current->host, HOST_ID_BYTES);
	copy_quietly(file->lasting, lasting_secret(keyring), KEY_BYTES);
	return ST_OK;
}

static enum status generate(const struct keyring *keyring, const uint8_t *host,
			    struct key_file *file)
{
	enum status s = keyring->count ? follow(keyring, file) : begin_host(host, file);

	if (s == ST_OK)
		s = random_bytes(file->head.id.bytes, KEY_ID_BYTES);
	if (s == ST_OK)
		s = random_bytes(file->key, KEY_BYTES);
	return s;
}

static enum status read_or_begin(int directory, uid_t owner, struct keyring *keyring)
{
	if (lseek(directory, 0, SEEK_SET) != 0)
		return ST_IO;
	enum status s = keyring_read(directory, owner, NULL, keyring);
	return s == ST_MISSING ? keyring_new(NULL, keyring) : s;
}

enum status keyring_prepare(int directory, uid_t owner, const uint8_t *host, struct keyring *added)
{
	AUTO_KEY_FILE file;
	uint8_t bytes[KEY_FILE_BYTES];

	memset(&file, 0, sizeof(file));
	enum status s = read_or_begin(directory, owner, added);
	if (s == ST_OK)
		s = generate(added, host, &file);
	if (s == ST_OK)
		s = keyring_put(added, &file);
	if (s == ST_OK) {
		key_file_encode(&file, bytes);
		s = safe_file_prepare(directory, unborn, 0400, bytes, sizeof(bytes));
		wipe(bytes, sizeof(bytes));
	}
	if (s != ST_OK)
		keyring_close(added);
	return s;
}

void keyring_forget(int directory)
{
	(void)unlinkat(directory, unborn, 0);
}

enum status keyring_publish(int directory, const struct keyring *added)
{
	char name[KEY_FILE_NAME_BYTES];

	key_file_name(&added->heads[added->current].id, name);
	return safe_file_publish(directory, unborn, name);
}

static enum status open_locked(const char *key_dir, uid_t owner, int *directory)
{
	struct patience patience;
	enum status s = patience_begin(&patience);

	if (s == ST_OK)
		s = safe_directory_open(key_dir, owner, directory);
	if (s != ST_OK)
		return s;
	return lock_directory(*directory, &patience, NULL);
}

enum status keyring_add(const char *key_dir, uid_t owner, const uint8_t *host, struct key_id *made)
{
	AUTO_KEYRING added;
	AUTO_FD directory = -1;

	memset(&added, 0, sizeof(added));
	enum status s = open_locked(key_dir, owner, &directory);
	if (s == ST_OK)
		s = keyring_prepare(directory, owner, host, &added);
	if (s == ST_OK)
		s = keyring_publish(directory, &added);
	if (s == ST_OK)
		*made = added.heads[added.current].id;
	return s;
}

enum status keyring_remove(const char *key_dir, uid_t owner, const struct key_id *id)
{
	AUTO_KEYRING keyring;
	AUTO_FD directory = -1;
	char name[KEY_FILE_NAME_BYTES];
	size_t index = 0;

	memset(&keyring, 0, sizeof(keyring));
	enum status s = open_locked(key_dir, owner, &directory);
	if (s == ST_OK)
		s = keyring_read(directory, owner, NULL, &keyring);
	if (s == ST_OK)
		s = keyring_find(&keyring, id, &index);
	if (s != ST_OK)
		return s;
	if (index == keyring.current)
		return ST_EXISTS;
	key_file_name(id, name);
	return safe_file_remove(directory, name);
}
