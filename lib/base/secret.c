/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* `bytes` rounded up to whole pages, or 0 when that overflows. */
static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return bytes > SIZE_MAX - (page - 1) ? 0 : (bytes + page - 1) / page * page;
}

static void *pages_take(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	/* Best effort: an old kernel or RLIMIT_MEMLOCK 0 must not keep anybody out. */
	(void)madvise(pages, size, MADV_DONTDUMP);
	(void)mlock(pages, size);
	return pages;
}

enum status secret_new(struct secret *secret, size_t capacity)
{
	size_t size = whole_pages(capacity);

	*secret = SECRET_EMPTY;
	if (capacity == 0)
		return ST_OK;
	secret->bytes = size ? pages_take(size) : NULL;
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
		memcpy(secret->bytes + secret->length, bytes, length);
	secret->length += length;
}

/* `bytes` may be the secret's own, so the old pages go last. */
static enum status append_in_new_pages(struct secret *secret, const void *bytes, size_t length)
{
	struct secret larger;
	size_t wanted = secret->length + length;
	size_t twice = secret->capacity > SIZE_MAX / 2 ? wanted : 2 * secret->capacity;
	enum status s = secret_new(&larger, wanted > twice ? wanted : twice);

	if (s != ST_OK)
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
		return append_in_new_pages(secret, bytes, length);
	put(secret, bytes, length);
	return ST_OK;
}

void secret_move(struct secret *to, struct secret *from)
{
	if (to == from)
		return;
	secret_clear(to);
	*to = *from;
	*from = SECRET_EMPTY;
}

void secret_clear(struct secret *secret)
{
	int saved = errno;

	if (secret->bytes) {
		wipe(secret->bytes, secret->capacity);
		(void)munmap(secret->bytes, secret->capacity);
	}
	*secret = SECRET_EMPTY;
	errno = saved;
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
