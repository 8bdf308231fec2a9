/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/blocklist.h"

#include "lib/base/cleanup.h"
#include "lib/base/safe_path.h"
#include "lib/base/secret.h"
#include "lib/password/list_file.h"
#include "policy/characters.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_LINE_MAX = 64 };

enum status list_read(const struct list_file *file, void *to, size_t len, off_t offset)
{
	uint8_t *next = to;

	while (len > 0) {
		ssize_t got = pread(file->fd, next, len, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ST_IO;
		if (got == 0)
			return ST_CORRUPT;
		next += got;
		offset += got;
		len -= (size_t)got;
	}
	return ST_OK;
}

/* Opens the list and tells its form. */
static enum status list_open(const char *path, uid_t owner, struct list_file *file, bool *hashes)
{
	uint8_t start[FIRST_LINE_MAX];
	size_t len;
	struct stat st;
	enum status s = safe_path_open(path, owner, INT64_MAX, &file->fd);

	if (s != ST_OK)
		return s;
	if (fstat(file->fd, &st) != 0)
		return ST_IO;
	file->size = st.st_size;
	if (file->size == 0)
		return ST_CORRUPT;
	len = file->size < FIRST_LINE_MAX ? (size_t)file->size : FIRST_LINE_MAX;
	s = list_read(file, start, len, 0);
	if (s != ST_OK)
		return s;
	*hashes = hash_list_begins(start, len);
	return !*hashes && file->size > BLOCKLIST_WORDS_MAX ? ST_TOO_BIG : ST_OK;
}

/* The password in lower case; one that is not UTF-8 stays as it is. */
static enum status lower_case(struct secret *lower, const uint8_t *password, size_t len)
{
	AUTO_CHARACTERS text = {0};

	if (!characters_decode(&text, password, len))
		return secret_copy(lower, password, len);
	characters_to_lower(&text);
	enum status s = secret_new(lower, PASSWORD_MAX_BYTES * 2);
	if (s != ST_OK)
		return s;
	lower->length = characters_encode(&text, lower->bytes, lower->capacity);
	return ST_OK;
}

static enum status has_hash_of(const struct list_file *file, const uint8_t *bytes, size_t len,
			       bool *listed)
{
	uint8_t hash[SHA1_BYTES];

	digest_sha1(bytes, len, hash);
	enum status s = hash_list_has(file, hash, listed);
	wipe(hash, sizeof(hash));
	return s;
}

static enum status has_either_hash(const struct list_file *file, const uint8_t *password,
				   size_t len, bool *listed)
{
	AUTO_SECRET lower = SECRET_EMPTY;
	enum status s = has_hash_of(file, password, len, listed);

	if (s != ST_OK || *listed)
		return s;
	s = lower_case(&lower, password, len);
	if (s != ST_OK)
		return s;
	return has_hash_of(file, lower.bytes, lower.length, listed);
}

enum status blocklist_has(const char *path, uid_t owner, const uint8_t *password, size_t len,
			  bool *listed)
{
	struct list_file file = {-1, 0};
	bool hashes = false;
	bool found = true;
	enum status s = list_open(path, owner, &file, &hashes);
	AUTO_FD fd = file.fd;

	*listed = true;
	if (s == ST_OK && hashes)
		s = has_either_hash(&file, password, len, &found);
	else if (s == ST_OK)
		s = word_file_has(&file, password, len, &found);
	if (s == ST_OK)
		*listed = found;
	return s;
}

enum status blocklist_check(const char *path, uid_t owner)
{
	struct list_file file = {-1, 0};
	bool hashes = false;
	bool listed;
	enum status s = list_open(path, owner, &file, &hashes);
	AUTO_FD fd = file.fd;

	if (s != ST_OK)
		return s;
	if (hashes)
		return hash_list_check(&file);
	return word_file_has(&file, NULL, 0, &listed);
}
