/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/vault.h"

#include "lib/base/secret.h"

#include <errno.h>
#include <sys/mman.h>

static void *map(size_t size, int more)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | more;
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

void *pages_take(size_t size)
{
	int saved = errno;
	void *pages = map(size, MAP_LOCKED);

	/* Best effort: an old kernel or RLIMIT_MEMLOCK 0 must not keep anybody out. */
	if (!pages)
		pages = map(size, 0);
	if (!pages)
		return NULL;
	(void)madvise(pages, size, MADV_DONTDUMP);
	errno = saved;
	return pages;
}

void pages_give(void *pages, size_t size)
{
	int saved = errno;

	wipe(pages, size);
	(void)munmap(pages, size);
	errno = saved;
}

/* Bits for `count` cells from the first on. */
static uint32_t mask_of(size_t count)
{
	return count >= VAULT_CELLS ? UINT32_MAX : (UINT32_C(1) << count) - 1;
}

static size_t cells_of(size_t size)
{
	return (size + VAULT_CELL_BYTES - 1) / VAULT_CELL_BYTES;
}

void *vault_take(struct vault *vault, size_t *size)
{
	if (*size == 0 || *size > VAULT_BYTES)
		return NULL;
	if (!vault->pages)
		vault->pages = pages_take(VAULT_BYTES);
	if (!vault->pages)
		return NULL;
	size_t count = cells_of(*size);
	for (size_t first = 0; first + count <= VAULT_CELLS; first++) {
		uint32_t wanted = mask_of(count) << first;
		if (vault->used & wanted)
			continue;
		vault->used |= wanted;
		*size = count * VAULT_CELL_BYTES;
		return vault->pages + first * VAULT_CELL_BYTES;
	}
	return NULL;
}

bool vault_has(const struct vault *vault, const void *bytes)
{
	uintptr_t at = (uintptr_t)bytes;
	uintptr_t begin = (uintptr_t)vault->pages;

	return vault->pages && at >= begin && at < begin + VAULT_BYTES;
}

void vault_give(struct vault *vault, const void *bytes, size_t size)
{
	size_t first = (size_t)((const uint8_t *)bytes - vault->pages) / VAULT_CELL_BYTES;

	vault->used &= ~(mask_of(cells_of(size)) << first);
}

void vault_close(struct vault *vault)
{
	if (vault->pages)
		pages_give(vault->pages, VAULT_BYTES);
	*vault = (struct vault){NULL, 0};
}
