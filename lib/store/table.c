/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/table.h"

#include "lib/base/cleanup.h"
#include "lib/store/pair.h"
#include "lib/store/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *table_name(enum state_kind kind)
{
	return kind == STATE_OF_UNENROLLED ? "unenrolled" : "unknown";
}

static const char *unborn_name(enum state_kind kind)
{
	return kind == STATE_OF_UNENROLLED ? "unenrolled.new" : "unknown.new";
}

unsigned table_slot(const struct keyring *keyring, enum state_kind kind, const char *name)
{
	const char *table = table_name(kind);
	const struct span parts[] = {{table, strlen(table) + 1}, {name, strlen(name)}};
	uint8_t key[SHA256_BYTES];
	uint8_t hash[SHA256_BYTES];

	keyring_lasting_subkey(keyring, PURPOSE_SLOT_HASH, key);
	mac_sha256(key, sizeof(key), parts, 2, hash);
	wipe(key, sizeof(key));
	return hash[0];
}

static enum status fill(const struct keyring *keyring, enum state_kind kind, uint8_t *bytes)
{
	static const struct live_state empty;
	struct state_identity identity;
	enum status s = ST_OK;

	for (uint32_t slot = 0; slot < TABLE_SLOTS && s == ST_OK; slot++) {
		pair_identity(keyring, kind, NULL, slot, &identity);
		s = pair_write(keyring, &identity, &empty, bytes + (size_t)slot * STATE_BYTES);
	}
	return s;
}

static void free_bytes(uint8_t **bytes)
{
	free(*bytes);
}

enum status table_make(int root, const struct keyring *keyring, enum state_kind kind)
{
	AT_SCOPE_END(free_bytes)
	uint8_t *bytes = malloc((size_t)TABLE_SLOTS * STATE_BYTES);

	if (!bytes)
		return ST_NOMEM;
	enum status s = fill(keyring, kind, bytes);
	if (s == ST_OK)
		s = safe_file_prepare(root, unborn_name(kind), 0600, bytes,
				      (size_t)TABLE_SLOTS * STATE_BYTES);
	if (s != ST_OK)
		return s;
	return safe_file_publish(root, unborn_name(kind), table_name(kind));
}

enum status table_exists(int root, enum state_kind kind, bool *exists)
{
	struct stat st;

	*exists = fstatat(root, table_name(kind), &st, AT_SYMLINK_NOFOLLOW) == 0;
	return *exists || errno == ENOENT ? ST_OK : status_of_errno(errno);
}
