/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_VAULT_H
#define KLING_BASE_VAULT_H

#include "lib/base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Pages that are left out of core dumps and, as far as the limits allow, out of swap. Taken one by
 * one they are the homes of large secrets; a vault is a few of them that many small secrets share,
 * so that a login asks the kernel for them once.
 */
enum { VAULT_BYTES = 8192, VAULT_CELL_BYTES = 256, VAULT_CELLS = VAULT_BYTES / VAULT_CELL_BYTES };

/* A zeroed struct is an empty vault; its pages are taken with the first cell. One thread's. */
struct vault {
	uint8_t *pages;
	uint32_t used; /* a bit for each cell */
};

#define AUTO_VAULT AT_SCOPE_END(vault_close) struct vault

/* Room for *size bytes, which becomes what there is; NULL when it does not fit or there is none. */
void *vault_take(struct vault *vault, size_t *size);

/* Whether these bytes are of this vault. */
bool vault_has(const struct vault *vault, const void *bytes);

/* Gives wiped bytes back. */
void vault_give(struct vault *vault, const void *bytes, size_t size);

/* Wipes all of it and gives the pages back. No secret may live in it any more. */
void vault_close(struct vault *vault);

/* Pages of their own: `size` is whole pages. NULL without memory. */
void *pages_take(size_t size);
void pages_give(void *pages, size_t size);

#endif
