/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_PAIR_H
#define KLING_STORE_PAIR_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/store/keyring.h"
#include "lib/store/live_state.h"

#include <stdbool.h>

/* One state as it lies on disk: two slots, of which the one with the higher sequence holds. */

/* What a pair was found to say. */
struct pair_view {
	unsigned slot; /* the one that holds */
	struct slot_stamp stamp;
	bool was_damaged; /* the other one did not verify */
	bool is_current;  /* both bear the MAC of the current key */
};

/* The key of the MACs, of one key of the ring. The caller wipes it. */
void pair_mac_key(const struct keyring *keyring, size_t index, uint32_t kind,
		  uint8_t mac_key[SHA256_BYTES]);

/* Who a state belongs to, with the current key. `name` NULL for tables. */
void pair_identity(const struct keyring *keyring, enum state_kind kind, const char *name,
		   uint32_t uid, struct state_identity *identity);

/* A new pair: the state in both slots. */
enum status pair_write(const struct keyring *keyring, const struct state_identity *identity,
		       const struct live_state *state, uint8_t bytes[STATE_BYTES]) MUST_USE;

/*
 * Reads both slots, each by the key it names. *state is what holds. Neither verifies:
 * ST_OWNER when one is authentic for somebody else, ST_KEY_MISSING when one names a key of this
 * host that is not there, else ST_CORRUPT.
 */
enum status pair_read(const struct keyring *keyring, const struct state_identity *identity,
		      const uint8_t bytes[STATE_BYTES], struct live_state *state,
		      struct pair_view *view) MUST_USE;

#endif
