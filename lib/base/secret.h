/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_SECRET_H
#define KLING_BASE_SECRET_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vault;

/*
 * Owned bytes that wipe themselves. They live in pages that are left out of core dumps and, as far
 * as the limits allow, out of swap: their own, or a vault's while it has room. A zeroed struct is
 * the empty secret. Nothing prints one.
 */
struct secret {
	uint8_t *bytes;      /* NULL when capacity is 0 */
	size_t length;       /* bytes in use */
	size_t capacity;     /* bytes that fit without a move */
	struct vault *vault; /* where to live; outlives the secret; NULL: in pages of its own */
};

#define SECRET_EMPTY     ((struct secret){NULL, 0, 0, NULL})
#define SECRET_IN(where) ((struct secret){NULL, 0, 0, (where)})
#define AUTO_SECRET      AT_SCOPE_END(secret_clear) struct secret

/* Makes room for `capacity` bytes, length 0; what it held is wiped. ST_NOMEM leaves it empty. */
enum status secret_new(struct secret *secret, size_t capacity) MUST_USE;

/* A copy of bytes that are not its own; what it held is wiped. ST_NOMEM leaves it empty. */
enum status secret_copy(struct secret *secret, const void *bytes, size_t length) MUST_USE;

/* Appends bytes; grows by moving to new room and wiping the old. On failure unchanged. */
enum status secret_append(struct secret *secret, const void *bytes, size_t length) MUST_USE;

/* Moves ownership and the place to live; `from` becomes empty, what `to` held before is wiped. */
void secret_move(struct secret *to, struct secret *from);

/* Wipes and gives back the room; the secret is empty afterwards. Safe on an empty one. */
void secret_clear(struct secret *secret);

/* Equal length and bytes, in a time that depends on the lengths alone. */
bool secret_equals(const struct secret *secret, const void *bytes, size_t length);

/*
 * Copies what is secret by general registers. What memcpy leaves in vector registers stays there
 * until something else needs them, and a core file has the registers, too.
 */
void copy_quietly(void *to, const void *from, size_t length);

/* Wipes memory in a way no compiler removes. */
void wipe(void *bytes, size_t length);

/* Wipes and frees a malloc'd C string, as PAM hands replies over. NULL is fine. */
void wipe_string(char *string);

/* Defines `name`, which wipes a value of `type`: for AT_SCOPE_END(name) beside secrets on the
 * stack. */
#define DEFINE_WIPER(type, name)                                                                   \
	static inline void name(type *value)                                                       \
	{                                                                                          \
		wipe(value, sizeof(*value));                                                       \
	}

#endif
