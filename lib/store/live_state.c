/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/live_state.h"

#include "lib/crypto/digest.h"
#include "lib/store/bytes.h"

#include <string.h>

/* docs/FORMAT.md describes what stands here. */
enum {
	VERSION = 1,
	MAC_BYTES = 32,
	HEAD_BYTES = 128, /* MAC included */
	FLAG_SOFT = 1,
	BODY_MAX = STATE_SLOT_BYTES - HEAD_BYTES,
};

enum tag {
	TAG_CORE = 1,
	TAG_TOKENS,
	TAG_PENDING_TOKENS,
	TAG_GRACE,
	TAG_SIGHTINGS,
	TAG_ANCHOR,
	TAG_LEDGER, /* one for each in use */
	TAG_PENDING_HIGHEST,
};

enum { CORE_ENROLLED_SHOWN = 1, CORE_REPAIR_DUE = 2, GRACE_ENDED = 1, LEDGER_IN_USE = 1 };

static const char magic[8] = {'K', 'L', 'I', 'N', 'G', 'S', 'T', 'A'};

static void put_address(struct writer *w, const struct address *address)
{
	put_u8(w, address->family);
	put_bytes(w, address->bytes, sizeof(address->bytes));
}

static void put_sighting(struct writer *w, const struct sighting *sighting)
{
	size_t length = strnlen(sighting->service, SERVICE_MAX);

	put_i64(w, sighting->when);
	put_address(w, &sighting->from);
	put_u8(w, (unsigned)length);
	put_bytes(w, sighting->service, length);
}

static void put_core(struct writer *w, const struct live_state *state)
{
	size_t field = put_field(w, TAG_CORE);
	unsigned flags = (state->enrolled_shown ? CORE_ENROLLED_SHOWN : 0) |
			 (state->repair_due ? CORE_REPAIR_DUE : 0);

	put_u64(w, state->generation);
	put_u64(w, state->pending_generation);
	put_u32(w, state->spent);
	put_u32(w, state->pending_spent);
	put_i64(w, state->highest_accepted);
	put_u32(w, state->failures);
	put_i64(w, state->noise.since);
	put_u32(w, state->noise.lines);
	put_u8(w, flags);
	put_field_end(w, field);
}

static void put_tokens(struct writer *w, enum tag tag, const struct token_use *uses)
{
	size_t field = put_field(w, tag);

	for (size_t i = 0; i < TOKENS_MAX; i++) {
		put_u32(w, uses[i].id);
		put_u64(w, uses[i].last_step);
		put_u64(w, uses[i].repeated_step);
		put_i64(w, uses[i].last_used);
	}
	put_field_end(w, field);
}

static void put_grace(struct writer *w, const struct grace *grace)
{
	size_t field = put_field(w, TAG_GRACE);

	put_i64(w, grace->start);
	put_i64(w, grace->extended);
	put_i64(w, grace->seen);
	put_u8(w, grace->ended ? GRACE_ENDED : 0);
	put_field_end(w, field);
}

static void put_sightings(struct writer *w, const struct live_state *state)
{
	size_t field = put_field(w, TAG_SIGHTINGS);

	put_sighting(w, &state->last_login);
	put_sighting(w, &state->last_failure);
	put_sighting(w, &state->shown.last_login);
	put_sighting(w, &state->shown.last_failure);
	put_sighting(w, &state->enrolled_at);
	put_u32(w, state->shown.failures);
	put_field_end(w, field);
}

static void put_anchor(struct writer *w, const struct moment *anchor)
{
	size_t field = put_field(w, TAG_ANCHOR);

	put_i64(w, anchor->wall);
	put_i64(w, anchor->boot);
	put_bytes(w, anchor->boot_id, sizeof(anchor->boot_id));
	put_field_end(w, field);
}

/* Seconds before or after the anchor; what is 68 years away is as far as it gets. */
static uint32_t relative(int64_t at, int64_t anchor)
{
	int64_t distance = 0;

	if (__builtin_sub_overflow(at, anchor, &distance))
		distance = at < anchor ? INT32_MIN : INT32_MAX;
	if (distance < INT32_MIN)
		distance = INT32_MIN;
	if (distance > INT32_MAX)
		distance = INT32_MAX;
	return (uint32_t)distance;
}

static void put_ledger(struct writer *w, size_t index, const struct ledger *ledger, int64_t anchor)
{
	size_t field = put_field(w, TAG_LEDGER);
	unsigned attempts = ledger->attempt_count;

	if (attempts > LEDGER_ATTEMPTS)
		attempts = LEDGER_ATTEMPTS;
	put_u8(w, (unsigned)index);
	put_u8(w, ledger->in_use ? LEDGER_IN_USE : 0);
	put_address(w, &ledger->source);
	put_u32(w, ledger->uid);
	put_i64(w, ledger->last_use);
	put_u32(w, ledger->code_failures);
	put_u32(w, ledger->code_run);
	put_u32(w, ledger->doublings);
	put_i64(w, ledger->code_locked_until);
	put_i64(w, ledger->password_locked_until);
	put_u8(w, attempts);
	for (unsigned i = 0; i < attempts; i++) {
		put_u32(w, relative(ledger->attempts[i].at, anchor));
		put_u32(w, ledger->attempts[i].pid);
		put_u32(w, ledger->attempts[i].started);
	}
	put_field_end(w, field);
}

/* What policy left untouched needs no place. */
static bool is_blank(const struct ledger *ledger)
{
	return !ledger->in_use && ledger->last_use == 0 && ledger->code_failures == 0 &&
	       ledger->code_run == 0 && ledger->doublings == 0 && ledger->code_locked_until == 0 &&
	       ledger->password_locked_until == 0 && ledger->attempt_count == 0;
}

static void put_ledgers(struct writer *w, const struct ledgers *ledgers)
{
	put_anchor(w, &ledgers->anchor);
	for (size_t i = 0; i < LEDGER_COUNT; i++)
		if (!is_blank(&ledgers->ledger[i]))
			put_ledger(w, i, &ledgers->ledger[i], ledgers->anchor.boot);
}

static void put_pending_highest(struct writer *w, int64_t highest)
{
	size_t field = put_field(w, TAG_PENDING_HIGHEST);

	put_i64(w, highest);
	put_field_end(w, field);
}

static bool has_pending(const struct live_state *state)
{
	for (size_t i = 0; i < TOKENS_MAX; i++)
		if (state->pending_tokens[i].id)
			return true;
	return false;
}

static size_t put_body(const struct live_state *state, uint8_t *body, bool *full)
{
	struct writer w = {body, BODY_MAX, 0, false};

	put_core(&w, state);
	put_tokens(&w, TAG_TOKENS, state->tokens);
	if (has_pending(state))
		put_tokens(&w, TAG_PENDING_TOKENS, state->pending_tokens);
	put_grace(&w, &state->grace);
	put_sightings(&w, state);
	put_ledgers(&w, &state->ledgers);
	if (state->pending_highest)
		put_pending_highest(&w, state->pending_highest);
	*full = w.full;
	return w.length;
}

static void put_head(uint8_t *slot, size_t length, const struct slot_stamp *stamp,
		     const struct state_identity *identity)
{
	struct writer w = {slot, HEAD_BYTES, MAC_BYTES, false};

	put_bytes(&w, magic, sizeof(magic));
	put_u32(&w, VERSION);
	put_u32(&w, (uint32_t)length);
	put_u64(&w, stamp->sequence);
	put_u32(&w, identity->kind);
	put_u32(&w, identity->uid);
	put_bytes(&w, identity->host, sizeof(identity->host));
	put_bytes(&w, identity->name_hash, sizeof(identity->name_hash));
	put_bytes(&w, identity->key_id, sizeof(identity->key_id));
	put_u32(&w, stamp->is_soft ? FLAG_SOFT : 0);
	put_u32(&w, 0);
}

static void slot_mac(const uint8_t *slot, size_t body_length, const uint8_t mac_key[32],
		     uint8_t mac[MAC_BYTES])
{
	const struct span covered = {slot + MAC_BYTES, HEAD_BYTES - MAC_BYTES + body_length};

	mac_sha256(mac_key, SHA256_BYTES, &covered, 1, mac);
}

enum status live_state_write(const struct live_state *state, const struct slot_stamp *stamp,
			     const struct state_identity *identity, const uint8_t mac_key[32],
			     uint8_t slot[STATE_SLOT_BYTES])
{
	bool full = false;

	memset(slot, 0, STATE_SLOT_BYTES);
	size_t length = put_body(state, slot + HEAD_BYTES, &full);
	if (full)
		return ST_TOO_BIG;
	put_head(slot, length, stamp, identity);
	slot_mac(slot, length, mac_key, slot);
	return ST_OK;
}

struct head {
	uint8_t magic[8];
	uint32_t version;
	uint32_t length;
	struct slot_stamp stamp;
	struct state_identity identity;
	uint32_t flags;
	uint32_t reserve;
};

static void get_head(const uint8_t *slot, struct head *head)
{
	struct reader r = {slot + MAC_BYTES, HEAD_BYTES - MAC_BYTES, false};

	memset(head, 0, sizeof(*head));
	get_bytes(&r, head->magic, sizeof(head->magic));
	head->version = get_u32(&r);
	head->length = get_u32(&r);
	head->stamp.sequence = get_u64(&r);
	head->identity.kind = get_u32(&r);
	head->identity.uid = get_u32(&r);
	get_bytes(&r, head->identity.host, sizeof(head->identity.host));
	get_bytes(&r, head->identity.name_hash, sizeof(head->identity.name_hash));
	get_bytes(&r, head->identity.key_id, sizeof(head->identity.key_id));
	head->flags = get_u32(&r);
	head->reserve = get_u32(&r);
	head->stamp.is_soft = head->flags & FLAG_SOFT;
}

static bool head_is_sound(const struct head *head)
{
	return memcmp(head->magic, magic, sizeof(magic)) == 0 && head->version == VERSION &&
	       head->length <= BODY_MAX && (head->flags & ~(uint32_t)FLAG_SOFT) == 0 &&
	       head->reserve == 0 && head->stamp.sequence > 0;
}

enum status live_state_claim(const uint8_t slot[STATE_SLOT_BYTES], struct state_identity *identity)
{
	struct head head;

	get_head(slot, &head);
	*identity = head.identity;
	return head_is_sound(&head) ? ST_OK : ST_CORRUPT;
}

/* Bits of which only `known` may be set. */
static unsigned get_flags(struct reader *r, unsigned known)
{
	unsigned value = get_u8(r);

	r->bad = r->bad || (value & ~known);
	return value;
}

static void get_address(struct reader *r, struct address *address)
{
	address->family = get_u8(r);
	get_bytes(r, address->bytes, sizeof(address->bytes));
	r->bad = r->bad || (address->family != 0 && address->family != 4 && address->family != 6);
}

static void get_sighting(struct reader *r, struct sighting *sighting)
{
	sighting->when = get_i64(r);
	get_address(r, &sighting->from);
	size_t length = get_u8(r);
	if (length > SERVICE_MAX) {
		r->bad = true;
		return;
	}
	get_bytes(r, sighting->service, length);
	r->bad = r->bad || strnlen(sighting->service, SERVICE_MAX) != length;
}

static void get_core(struct reader *r, struct live_state *state)
{
	state->generation = get_u64(r);
	state->pending_generation = get_u64(r);
	state->spent = get_u32(r);
	state->pending_spent = get_u32(r);
	state->highest_accepted = get_i64(r);
	state->failures = get_u32(r);
	state->noise.since = get_i64(r);
	state->noise.lines = get_u32(r);
	unsigned flags = get_flags(r, CORE_ENROLLED_SHOWN | CORE_REPAIR_DUE);
	state->enrolled_shown = flags & CORE_ENROLLED_SHOWN;
	state->repair_due = flags & CORE_REPAIR_DUE;
}

static void get_tokens(struct reader *r, struct token_use uses[TOKENS_MAX])
{
	for (size_t i = 0; i < TOKENS_MAX; i++) {
		uses[i].id = get_u32(r);
		uses[i].last_step = get_u64(r);
		uses[i].repeated_step = get_u64(r);
		uses[i].last_used = get_i64(r);
	}
}

static void get_grace(struct reader *r, struct grace *grace)
{
	grace->start = get_i64(r);
	grace->extended = get_i64(r);
	grace->seen = get_i64(r);
	grace->ended = get_flags(r, GRACE_ENDED);
}

static void get_sightings(struct reader *r, struct live_state *state)
{
	get_sighting(r, &state->last_login);
	get_sighting(r, &state->last_failure);
	get_sighting(r, &state->shown.last_login);
	get_sighting(r, &state->shown.last_failure);
	get_sighting(r, &state->enrolled_at);
	state->shown.failures = get_u32(r);
}

static void get_anchor(struct reader *r, struct moment *anchor)
{
	anchor->wall = get_i64(r);
	anchor->boot = get_i64(r);
	get_bytes(r, anchor->boot_id, sizeof(anchor->boot_id));
}

static void get_attempts(struct reader *r, struct ledger *ledger, int64_t anchor)
{
	for (size_t i = 0; i < ledger->attempt_count; i++) {
		int32_t distance = (int32_t)get_u32(r);
		r->bad =
		    r->bad || __builtin_add_overflow(anchor, distance, &ledger->attempts[i].at);
		ledger->attempts[i].pid = get_u32(r);
		ledger->attempts[i].started = get_u32(r);
	}
}

static void get_ledger_values(struct reader *r, struct ledger *ledger, int64_t anchor)
{
	ledger->in_use = get_flags(r, LEDGER_IN_USE);
	get_address(r, &ledger->source);
	ledger->uid = get_u32(r);
	ledger->last_use = get_i64(r);
	ledger->code_failures = get_u32(r);
	ledger->code_run = get_u32(r);
	ledger->doublings = get_u32(r);
	ledger->code_locked_until = get_i64(r);
	ledger->password_locked_until = get_i64(r);
	ledger->attempt_count = get_u8(r);
	if (ledger->attempt_count > LEDGER_ATTEMPTS)
		r->bad = true;
	else
		get_attempts(r, ledger, anchor);
}

/* Ledgers stand in ascending order: *next is the lowest index that may come. */
static void get_ledger(struct reader *r, struct ledgers *ledgers, size_t *next)
{
	size_t index = get_u8(r);

	if (index < *next || index >= LEDGER_COUNT) {
		r->bad = true;
		return;
	}
	*next = index + 1;
	get_ledger_values(r, &ledgers->ledger[index], ledgers->anchor.boot);
}

static void get_pending_highest(struct reader *r, struct live_state *state)
{
	state->pending_highest = get_i64(r);
	r->bad = r->bad || state->pending_highest == 0;
}

struct progress {
	unsigned last;
	size_t next_ledger;
};

static bool may_follow(const struct progress *progress, unsigned tag)
{
	return tag > progress->last || (tag == TAG_LEDGER && progress->last == TAG_LEDGER);
}

static bool get_value(struct live_state *state, struct progress *progress, unsigned tag,
		      struct reader *value)
{
	switch (tag) {
	case TAG_CORE:
		get_core(value, state);
		break;
	case TAG_TOKENS:
		get_tokens(value, state->tokens);
		break;
	case TAG_PENDING_TOKENS:
		get_tokens(value, state->pending_tokens);
		break;
	case TAG_GRACE:
		get_grace(value, &state->grace);
		break;
	case TAG_SIGHTINGS:
		get_sightings(value, state);
		break;
	case TAG_ANCHOR:
		get_anchor(value, &state->ledgers.anchor);
		break;
	case TAG_LEDGER:
		get_ledger(value, &state->ledgers, &progress->next_ledger);
		break;
	case TAG_PENDING_HIGHEST:
		get_pending_highest(value, state);
		break;
	default:
		return tag & TAG_MAY_SKIP;
	}
	return is_read(value);
}

static enum status get_body(const uint8_t *body, size_t length, struct live_state *state)
{
	struct reader r = {body, length, false};
	struct progress progress = {0, 0};
	struct reader value;
	unsigned tag = 0;
	unsigned seen = 0;

	memset(state, 0, sizeof(*state));
	while (get_field(&r, &tag, &value)) {
		if (!may_follow(&progress, tag) || !get_value(state, &progress, tag, &value))
			return ST_CORRUPT;
		progress.last = tag;
		seen += tag < TAG_LEDGER && tag != TAG_PENDING_TOKENS;
	}
	/* All that are always written: core, tokens, grace, sightings, anchor. */
	return is_read(&r) && seen == 5 ? ST_OK : ST_CORRUPT;
}

static bool same_identity(const struct state_identity *a, const struct state_identity *b)
{
	return a->kind == b->kind && a->uid == b->uid &&
	       memcmp(a->host, b->host, sizeof(a->host)) == 0 &&
	       memcmp(a->name_hash, b->name_hash, sizeof(a->name_hash)) == 0;
}

/* Nothing secret: it may stop early, and mostly looks at thousands of bytes. */
static bool is_empty_tail(const uint8_t *bytes, size_t length)
{
	return length == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0);
}

enum status live_state_verify(const uint8_t slot[STATE_SLOT_BYTES],
			      const struct state_identity *identity, const uint8_t mac_key[32],
			      struct slot_stamp *stamp)
{
	uint8_t mac[MAC_BYTES];
	struct head head;

	get_head(slot, &head);
	if (!head_is_sound(&head))
		return ST_CORRUPT;
	slot_mac(slot, head.length, mac_key, mac);
	size_t end = HEAD_BYTES + head.length;
	if (!bytes_equal(mac, slot, MAC_BYTES) ||
	    !is_empty_tail(slot + end, STATE_SLOT_BYTES - end))
		return ST_CORRUPT;
	if (!same_identity(&head.identity, identity))
		return ST_OWNER;
	*stamp = head.stamp;
	return ST_OK;
}

enum status live_state_decode(const uint8_t slot[STATE_SLOT_BYTES], struct live_state *state)
{
	struct head head;

	get_head(slot, &head);
	return head_is_sound(&head) ? get_body(slot + HEAD_BYTES, head.length, state) : ST_CORRUPT;
}
