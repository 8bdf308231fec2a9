/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_TABLE_H
#define KLING_STORE_TABLE_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/store/keyring.h"
#include "lib/store/live_state.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * A file of TABLE_SLOTS live states for those who have none of their own. Names share slots by a
 * keyed hash; the file never grows.
 */
enum { TABLE_SLOTS = 256 };

/* "unenrolled" or "unknown" for STATE_OF_UNENROLLED and STATE_OF_UNKNOWN. */
const char *table_name(enum state_kind kind);

/* Which slot a name falls into. */
unsigned table_slot(const struct keyring *keyring, enum state_kind kind, const char *name);

/* Makes a table with a fresh state in every slot, over whatever was there. */
enum status table_make(int root, const struct keyring *keyring, enum state_kind kind) MUST_USE;

/* Whether there is one. */
enum status table_exists(int root, enum state_kind kind, bool *exists) MUST_USE;

#endif
