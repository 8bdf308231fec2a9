/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/pair.h"

#include <string.h>

void pair_mac_key(const struct keyring *keyring, size_t index, uint32_t kind,
		  uint8_t mac_key[SHA256_BYTES])
{
	enum purpose purpose = kind == STATE_OF_USER ? PURPOSE_STATE : PURPOSE_TABLE;

	keyring_subkey(keyring, index, purpose, NULL, 0, mac_key);
}

void pair_identity(const struct keyring *keyring, enum state_kind kind, const char *name,
		   uint32_t uid, struct state_identity *identity)
{
	const struct key_head *current = &keyring->heads[keyring->current];

	memset(identity, 0, sizeof(*identity));
	identity->kind = kind;
	identity->uid = uid;
	memcpy(identity->host, current->host, HOST_ID_BYTES);
	memcpy(identity->key_id, current->id.bytes, KEY_ID_BYTES);
	if (name) {
		const struct span text = {name, strlen(name)};
		digest_sha256(&text, 1, identity->name_hash);
	}
}

enum status pair_write(const struct keyring *keyring, const struct state_identity *identity,
		       const struct live_state *state, uint8_t bytes[STATE_BYTES])
{
	uint8_t mac_key[SHA256_BYTES];
	struct slot_stamp stamp = {1, false};

	pair_mac_key(keyring, keyring->current, identity->kind, mac_key);
	enum status s = live_state_write(state, &stamp, identity, mac_key, bytes);
	stamp.sequence = 2;
	if (s == ST_OK)
		s = live_state_write(state, &stamp, identity, mac_key, bytes + STATE_SLOT_BYTES);
	wipe(mac_key, sizeof(mac_key));
	return s;
}

/* The key a slot names; one that is not ours to have says so. */
static enum status find_key(const struct keyring *keyring, const struct state_identity *wanted,
			    const uint8_t *slot, size_t *index)
{
	struct state_identity claim;
	struct key_id id;
	enum status s = live_state_claim(slot, &claim);

	if (s != ST_OK)
		return s;
	memcpy(id.bytes, claim.key_id, KEY_ID_BYTES);
	s = keyring_find(keyring, &id, index);
	if (s == ST_KEY_MISSING && memcmp(claim.host, wanted->host, HOST_ID_BYTES) != 0)
		return ST_OWNER;
	return s;
}

struct slot_view {
	enum status status;
	size_t key;
	struct slot_stamp stamp;
};

static void verify_slot(const struct keyring *keyring, const struct state_identity *identity,
			const uint8_t *slot, struct slot_view *view)
{
	uint8_t mac_key[SHA256_BYTES];

	view->status = find_key(keyring, identity, slot, &view->key);
	if (view->status != ST_OK)
		return;
	pair_mac_key(keyring, view->key, identity->kind, mac_key);
	view->status = live_state_verify(slot, identity, mac_key, &view->stamp);
	wipe(mac_key, sizeof(mac_key));
}

/* The newer of those that verify. */
static bool choose(const struct slot_view slots[2], unsigned *slot)
{
	bool first = slots[0].status == ST_OK;
	bool second = slots[1].status == ST_OK;

	*slot = second && (!first || slots[1].stamp.sequence > slots[0].stamp.sequence);
	return first || second;
}

/* The newest slot that can be read; one that cannot, though its MAC is right, counts as damaged. */
static bool decode_newest(const uint8_t *bytes, struct slot_view slots[2], struct live_state *state,
			  unsigned *slot)
{
	while (choose(slots, slot)) {
		struct slot_view *chosen = &slots[*slot];
		chosen->status = live_state_decode(bytes + *slot * STATE_SLOT_BYTES, state);
		if (chosen->status == ST_OK)
			return true;
	}
	return false;
}

static enum status worse(enum status a, enum status b)
{
	if (a == ST_OWNER || b == ST_OWNER)
		return ST_OWNER;
	if (a == ST_KEY_MISSING || b == ST_KEY_MISSING)
		return ST_KEY_MISSING;
	return ST_CORRUPT;
}

enum status pair_read(const struct keyring *keyring, const struct state_identity *identity,
		      const uint8_t bytes[STATE_BYTES], struct live_state *state,
		      struct pair_view *view)
{
	struct slot_view slots[2] = {{.status = ST_INTERNAL}, {.status = ST_INTERNAL}};

	for (size_t i = 0; i < 2; i++)
		verify_slot(keyring, identity, bytes + i * STATE_SLOT_BYTES, &slots[i]);
	if (!decode_newest(bytes, slots, state, &view->slot))
		return worse(slots[0].status, slots[1].status);
	bool whole = slots[0].status == ST_OK && slots[1].status == ST_OK;
	view->stamp = slots[view->slot].stamp;
	view->was_damaged = !whole;
	view->is_current =
	    whole && slots[0].key == keyring->current && slots[1].key == keyring->current;
	return ST_OK;
}
