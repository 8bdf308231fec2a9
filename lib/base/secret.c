/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/secret.h"

#include "lib/base/vault.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* `bytes` rounded up to whole pages, or 0 when that overflows. */
static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return bytes > SIZE_MAX - (page - 1) ? 0 : (bytes + page - 1) / page * page;
}

enum status secret_new(struct secret *secret, size_t capacity)
{
	size_t size = capacity;

	secret_clear(secret);
	if (capacity == 0)
		return ST_OK;
	if (secret->vault)
		secret->bytes = vault_take(secret->vault, &size);
	if (!secret->bytes) {
		size = whole_pages(capacity);
		secret->bytes = size ? pages_take(size) : NULL;
	}
	if (!secret->bytes)
		return ST_NOMEM;
	secret->capacity = size;
	return ST_OK;
}

enum status secret_copy(struct secret *secret, const void *bytes, size_t length)
{
	enum status s = secret_new(secret, length);

	if (s != ST_OK)
		return s;
	return secret_append(secret, bytes, length);
}

static void put(struct secret *secret, const void *bytes, size_t length)
{
	if (length)
		copy_quietly(secret->bytes + secret->length, bytes, length);
	secret->length += length;
}

/* `bytes` may be the secret's own, so the old room goes last. */
static enum status append_in_new_room(struct secret *secret, const void *bytes, size_t length)
{
	struct secret larger = SECRET_IN(secret->vault);
	size_t wanted = secret->length + length;
	size_t twice = secret->capacity > SIZE_MAX / 2 ? wanted : 2 * secret->capacity;
	enum status s = secret_new(&larger, wanted > twice ? wanted : twice);

	if (s != ST_OK || !larger.bytes)
		return s;
	put(&larger, secret->bytes, secret->length);
	put(&larger, bytes, length);
	secret_move(secret, &larger);
	return ST_OK;
}

enum status secret_append(struct secret *secret, const void *bytes, size_t length)
{
	if (length > SIZE_MAX - secret->length)
		return ST_NOMEM;
	if (secret->length + length > secret->capacity)
		return append_in_new_room(secret, bytes, length);
	put(secret, bytes, length);
	return ST_OK;
}

void secret_move(struct secret *to, struct secret *from)
{
	if (to == from)
		return;
	secret_clear(to);
	*to = *from;
	*from = SECRET_IN(to->vault);
}

static void give_back(const struct secret *secret)
{
	if (!secret->vault || !vault_has(secret->vault, secret->bytes)) {
		pages_give(secret->bytes, secret->capacity);
		return;
	}
	wipe(secret->bytes, secret->capacity);
	vault_give(secret->vault, secret->bytes, secret->capacity);
}

void secret_clear(struct secret *secret)
{
	if (secret->bytes)
		give_back(secret);
	*secret = SECRET_IN(secret->vault);
}

bool secret_equals(const struct secret *secret, const void *bytes, size_t length)
{
	const volatile uint8_t *a = secret->bytes;
	const volatile uint8_t *b = bytes;
	uint8_t difference = 0;

	if (secret->length != length)
		return false;
	for (size_t i = 0; i < length; i++)
		difference |= (uint8_t)(a[i] ^ b[i]);
	return difference == 0;
}

void copy_quietly(void *to, const void *from, size_t length)
{
	volatile uint8_t *out = to;
	const volatile uint8_t *in = from;

	for (size_t i = 0; i < length; i++)
		out[i] = in[i];
}

void wipe(void *bytes, size_t length)
{
	if (length)
		explicit_bzero(bytes, length);
}

void wipe_string(char *string)
{
	if (!string)
		return;
	wipe(string, strlen(string));
	free(string);
}
