/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/live_state.h"

#include "lib/crypto/digest.h"

#include <stdlib.h>
#include <string.h>

/*
 * A slot of a state file. The first byte of the input says whether the MAC is put right (1), so
 * that the parser behind it is reached; the rest is the slot behind its MAC. FIL-19
 */
static const uint8_t MAC_KEY[32] = {7, 7, 7};

static struct live_state state;
static struct live_state again;
static uint8_t slot[STATE_SLOT_BYTES];
static uint8_t written[STATE_SLOT_BYTES];

static void require(int holds)
{
	if (!holds)
		abort();
}

static void sign(void)
{
	size_t length = slot[44] | (size_t)slot[45] << 8 | (size_t)slot[46] << 16;
	struct span covered = {slot + 32, 96 + length};

	if (covered.length <= sizeof(slot) - 32)
		mac_sha256(MAC_KEY, sizeof(MAC_KEY), &covered, 1, slot);
}

static enum status read_slot(const uint8_t bytes[STATE_SLOT_BYTES],
			     const struct state_identity *identity, const uint8_t mac_key[32],
			     struct live_state *into, struct slot_stamp *stamp)
{
	enum status s = live_state_verify(bytes, identity, mac_key, stamp);

	return s == ST_OK ? live_state_decode(bytes, into) : s;
}

/* What was read can be written, reads back as the same, and stays within its limits. */
static void check(const struct state_identity *identity, const struct slot_stamp *stamp)
{
	struct slot_stamp stamp_again;
	static uint8_t twice[STATE_SLOT_BYTES];

	for (size_t i = 0; i < LEDGER_COUNT; i++)
		require(state.ledgers.ledger[i].attempt_count <= LEDGER_ATTEMPTS);
	require(state.last_login.service[SERVICE_MAX] == '\0');
	require(live_state_write(&state, stamp, identity, MAC_KEY, written) == ST_OK);
	require(read_slot(written, identity, MAC_KEY, &again, &stamp_again) == ST_OK);
	require(stamp_again.sequence == stamp->sequence && stamp_again.is_soft == stamp->is_soft);
	require(live_state_write(&again, stamp, identity, MAC_KEY, twice) == ST_OK);
	require(memcmp(written, twice, sizeof(twice)) == 0);
}

/* The bytes behind the MAC; what an input before left behind them is cleared. */
static void set_slot(const uint8_t *data, size_t size)
{
	static size_t dirty;
	size_t used = size < sizeof(slot) - 32 ? size : sizeof(slot) - 32;

	memset(slot, 0, 32 + dirty);
	memcpy(slot + 32, data, used);
	dirty = used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct state_identity identity;
	struct slot_stamp stamp;

	if (size == 0)
		return 0;
	set_slot(data + 1, size - 1);
	if (data[0] & 1)
		sign();
	enum status claim = live_state_claim(slot, &identity);
	enum status s = read_slot(slot, &identity, MAC_KEY, &state, &stamp);
	require(s == ST_OK || s == ST_CORRUPT);
	require(s != ST_OK || (claim == ST_OK && (data[0] & 1)));
	if (s == ST_OK)
		check(&identity, &stamp);
	return 0;
}
