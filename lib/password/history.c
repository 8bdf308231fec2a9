/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/history.h"

#include "config.h"
#include "lib/crypto/digest.h"

#include <crypt.h>
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#ifndef CRYPT_OUTPUT_SIZE
#define CRYPT_OUTPUT_SIZE 384 /* libxcrypt's; musl says none */
#endif

enum { HASH_MAX = CRYPT_OUTPUT_SIZE - 1 };

struct line {
	const uint8_t *bytes;
	size_t length;
};

/* The line that ends where `end` says, without its line feed; false at the top. */
static bool line_before(const struct secret *history, size_t end, struct line *line)
{
	size_t start;

	if (end == 0)
		return false;
	start = end - 1;
	while (start > 0 && history->bytes[start - 1] != '\n')
		start--;
	line->bytes = history->bytes + start;
	line->length = end - 1 - start;
	return true;
}

/*
 * libcrypt is opened when a hash is compared: a login compares none, and loading the library would
 * cost it more than reading the configuration.
 */
struct crypter {
	void *library;
	char *(*hash)(const char *password, const char *setting, struct crypt_data *data);
	int (*check)(const char *setting); /* NULL: built for a libcrypt that cannot say */
};

static void crypter_close(struct crypter *crypter)
{
	if (crypter->library)
		(void)dlclose(crypter->library);
}

#define AUTO_CRYPTER AT_SCOPE_END(crypter_close) struct crypter

#ifdef CRYPT_SALT_OK
enum { CHECKS = true };
#else
enum { CHECKS = false, CRYPT_SALT_INVALID = 1, CRYPT_SALT_METHOD_DISABLED = 2 };
#endif

static enum status crypter_open(struct crypter *crypter)
{
#ifdef CRYPT_LIBRARY
	crypter->library = dlopen(CRYPT_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!crypter->library)
		return ST_INTERNAL;
	void *symbol = dlsym(crypter->library, "crypt_r");
	void *check = CHECKS ? dlsym(crypter->library, "crypt_checksalt") : NULL;
	memcpy(&crypter->hash, &symbol, sizeof(symbol)); /* POSIX lets data be a function */
	memcpy(&crypter->check, &check, sizeof(check));
	return symbol && (check || !CHECKS) ? ST_OK : ST_INTERNAL;
#else
	crypter->hash = crypt_r;
#ifdef CRYPT_SALT_OK
	crypter->check = crypt_checksalt;
#endif
	return ST_OK;
#endif
}

/* Room for crypt_r in pages that wipe themselves. */
static enum status crypt_room(struct secret *room, struct crypt_data **data)
{
	enum status s = secret_new(room, sizeof(struct crypt_data));

	if (s != ST_OK)
		return s;
	memset(room->bytes, 0, sizeof(struct crypt_data));
	*data = (struct crypt_data *)(void *)room->bytes;
	return ST_OK;
}

/* What hashes a password: the function and its room. */
struct hasher {
	const struct crypter *crypter;
	struct crypt_data *data;
};

/*
 * Whether a hash that was not computed is of a kind that is known here: then something was missing,
 * such as the memory that yescrypt needs, about which it says no more than EINVAL.
 */
static bool is_known(const struct crypter *crypter, const char *hash, int error)
{
	if (error != EINVAL)
		return error == ENOMEM;
	int kind = crypter->check ? crypter->check(hash) : CRYPT_SALT_INVALID;
	return kind != CRYPT_SALT_INVALID && kind != CRYPT_SALT_METHOD_DISABLED;
}

static enum status match(const struct hasher *hasher, const char *hash, const char *password,
			 bool *same)
{
	size_t length = strlen(hash);

	errno = 0;
	const char *made = hasher->crypter->hash(password, hash, hasher->data);
	*same = false;
	if (!made || made[0] == '*')
		return is_known(hasher->crypter, hash, errno) ? ST_NOMEM : ST_OK;
	*same = strlen(made) == length && bytes_equal(made, hash, length);
	return ST_OK;
}

static enum status match_line(const struct hasher *hasher, const struct line *line,
			      const char *password, bool *same)
{
	char hash[HASH_MAX + 1];

	*same = false;
	if (line->length == 0 || line->length > HASH_MAX)
		return ST_OK;
	memcpy(hash, line->bytes, line->length);
	hash[line->length] = '\0';
	enum status s = match(hasher, hash, password, same);
	wipe(hash, sizeof(hash));
	return s;
}

enum status history_has(const struct secret *history, uint32_t last, const char *current,
			const char *password, bool *former)
{
	AUTO_SECRET room = SECRET_EMPTY;
	AUTO_CRYPTER crypter = {NULL, NULL, NULL};
	struct hasher hasher = {&crypter, NULL};
	struct line line;
	size_t end = history->length;
	enum status s = crypter_open(&crypter);
	bool found = false;

	*former = true;
	if (s == ST_OK)
		s = crypt_room(&room, &hasher.data);
	if (s == ST_OK && current)
		s = match(&hasher, current, password, &found);
	for (uint32_t i = 0; s == ST_OK && i < last && !found && line_before(history, end, &line);
	     i++) {
		s = match_line(&hasher, &line, password, &found);
		end = (size_t)(line.bytes - history->bytes);
	}
	if (s != ST_OK)
		return s;
	*former = found;
	return ST_OK;
}

static bool is_hash(const char *hash)
{
	size_t length = strlen(hash);

	if (length < 13 || length > HASH_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (hash[i] <= ' ' || hash[i] > '~' || strchr("*!:;\\", hash[i]))
			return false;
	}
	return true;
}

/* Where the newest `keep` lines begin. */
static size_t start_of_last(const struct secret *history, uint32_t keep)
{
	size_t start = history->length;
	struct line line;

	for (uint32_t i = 0; i < keep && line_before(history, start, &line); i++)
		start = (size_t)(line.bytes - history->bytes);
	return start;
}

static bool is_newest(const struct secret *history, const char *hash)
{
	struct line line;

	return line_before(history, history->length, &line) && line.length == strlen(hash) &&
	       memcmp(line.bytes, hash, line.length) == 0;
}

enum status history_add(struct secret *history, const char *hash, uint32_t keep)
{
	AUTO_SECRET next = SECRET_EMPTY;
	uint32_t others = is_newest(history, hash) || keep == 0 ? keep : keep - 1;
	size_t start = start_of_last(history, others);
	enum status s;

	if (!is_hash(hash))
		return ST_SYNTAX;
	s = secret_copy(&next, history->length ? history->bytes + start : (const uint8_t *)"",
			history->length - start);
	if (s == ST_OK && keep > 0 && !is_newest(&next, hash)) {
		s = secret_append(&next, hash, strlen(hash));
		if (s == ST_OK)
			s = secret_append(&next, "\n", 1);
	}
	if (s == ST_OK)
		secret_move(history, &next);
	return s;
}
