/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/live_state.h"

#include "lib/crypto/digest.h"
#include "tests/unit/store_scene.h"

static const uint8_t MAC_KEY[32] = {1, 2, 3};
static const struct state_identity ALICE = {STATE_OF_USER, 1000, {1}, {2}, {3}};
static const struct slot_stamp STAMP = {5, false};

static enum status read_slot(const uint8_t bytes[STATE_SLOT_BYTES],
			     const struct state_identity *identity, const uint8_t mac_key[32],
			     struct live_state *into, struct slot_stamp *stamp)
{
	enum status s = live_state_verify(bytes, identity, mac_key, stamp);

	return s == ST_OK ? live_state_decode(bytes, into) : s;
}

static struct sighting sample_sighting(unsigned mark)
{
	struct sighting sighting = {.when = 1700000000 + mark,
				    .from = {6, {0x20, 1, (uint8_t)mark}}};

	memset(sighting.service, 's', SERVICE_MAX);
	return sighting;
}

static void fill_ledger(struct ledger *ledger, unsigned mark)
{
	*ledger = (struct ledger){.in_use = true,
				  .source = {4, {192, 0, 2, (uint8_t)mark}},
				  .uid = 1000 + mark,
				  .last_use = -5,
				  .code_failures = mark,
				  .code_run = 2 * mark,
				  .doublings = 3,
				  .code_locked_until = LOCKED_UNTIL_UNLOCK,
				  .password_locked_until = 77,
				  .attempt_count = LEDGER_ATTEMPTS};
	for (unsigned i = 0; i < LEDGER_ATTEMPTS; i++)
		ledger->attempts[i] = (struct attempt){1000000 - (int64_t)i, i * mark, ~i};
}

/* Everything at its largest. */
static struct live_state *fullest(void)
{
	struct live_state *state = calloc(1, sizeof(*state));

	assert_non_null(state);
	for (unsigned i = 0; i < TOKENS_MAX; i++) {
		state->tokens[i] = (struct token_use){i + 1, UINT64_MAX - i, i, -1};
		state->pending_tokens[i] = (struct token_use){i + 9, i, UINT64_MAX, 1};
	}
	state->generation = UINT64_MAX - 1;
	state->pending_generation = UINT64_MAX;
	state->spent = 0xfffff;
	state->pending_spent = 1;
	state->pending_highest = -1;
	state->repair_due = true;
	state->grace = (struct grace){1, 2, true, 3};
	state->highest_accepted = INT64_MAX;
	state->last_login = sample_sighting(1);
	state->last_failure = sample_sighting(2);
	state->failures = UINT32_MAX;
	state->shown = (struct report){sample_sighting(3), sample_sighting(4), 9};
	state->enrolled_at = sample_sighting(5);
	state->enrolled_shown = true;
	state->noise = (struct noise){1700000000, 4};
	state->ledgers.anchor = (struct moment){1700000000, 1000000, {1, 2, 3}};
	for (unsigned i = 0; i < LEDGER_COUNT; i++)
		fill_ledger(&state->ledgers.ledger[i], i + 1);
	return state;
}

static void assert_comes_back(const struct live_state *state)
{
	struct live_state *again = malloc(sizeof(*again));
	static uint8_t slot[STATE_SLOT_BYTES];
	static uint8_t twice[STATE_SLOT_BYTES];
	struct slot_stamp stamp;

	assert_non_null(again);
	assert_ok(live_state_write(state, &STAMP, &ALICE, MAC_KEY, slot));
	assert_ok(read_slot(slot, &ALICE, MAC_KEY, again, &stamp));
	assert_int_equal(stamp.sequence, STAMP.sequence);
	assert_false(stamp.is_soft);
	assert_ok(live_state_write(again, &STAMP, &ALICE, MAC_KEY, twice));
	assert_memory_equal(slot, twice, sizeof(slot));
	/* Written alike says nothing of what is not written at all. */
	assert_memory_equal(state->tokens, again->tokens, sizeof(state->tokens));
	assert_memory_equal(state->pending_tokens, again->pending_tokens, sizeof(state->tokens));
	assert_memory_equal(&state->enrolled_at.service, &again->enrolled_at.service,
			    sizeof(state->enrolled_at.service));
	for (size_t i = 0; i < LEDGER_COUNT; i++)
		assert_memory_equal(state->ledgers.ledger[i].attempts,
				    again->ledgers.ledger[i].attempts,
				    sizeof(state->ledgers.ledger[i].attempts));
	assert_int_equal(state->repair_due, again->repair_due);
	assert_int_equal(state->grace.ended, again->grace.ended);
	assert_int_equal(state->noise.lines, again->noise.lines);
	free(again);
}

static void empty_and_fullest_come_back(void **state)
{
	static const struct live_state empty;
	struct live_state *full = fullest();

	(void)state;
	assert_comes_back(&empty);
	assert_comes_back(full);
	free(full);
}

/* Each field alone arrives alone: no two share a place. */
static void every_field_has_a_place(void **state)
{
	static const struct live_state empty;
	struct live_state *full = fullest();
	struct live_state *one = malloc(sizeof(*one));
	static uint8_t plain[STATE_SLOT_BYTES];
	static uint8_t slot[STATE_SLOT_BYTES];
#define FIELD(name)                                                                                \
	{                                                                                          \
		offsetof(struct live_state, name), sizeof(one->name)                               \
	}
	static const struct {
		size_t offset, size;
	} fields[] = {FIELD(generation),       FIELD(pending_generation),
		      FIELD(tokens),           FIELD(spent),
		      FIELD(pending_tokens),   FIELD(pending_spent),
		      FIELD(pending_highest),  FIELD(ledgers.anchor),
		      FIELD(ledgers.ledger),   FIELD(repair_due),
		      FIELD(grace.start),      FIELD(grace.extended),
		      FIELD(grace.ended),      FIELD(grace.seen),
		      FIELD(highest_accepted), FIELD(last_login),
		      FIELD(last_failure),     FIELD(failures),
		      FIELD(shown.last_login), FIELD(shown.last_failure),
		      FIELD(shown.failures),   FIELD(enrolled_at),
		      FIELD(enrolled_shown),   FIELD(noise.since),
		      FIELD(noise.lines)};

	(void)state;
	assert_non_null(one);
	assert_ok(live_state_write(&empty, &STAMP, &ALICE, MAC_KEY, plain));
	for (size_t i = 0; i < LENGTH(fields); i++) {
		memset(one, 0, sizeof(*one));
		memcpy((char *)one + fields[i].offset, (char *)full + fields[i].offset,
		       fields[i].size);
		assert_ok(live_state_write(one, &STAMP, &ALICE, MAC_KEY, slot));
		assert_memory_not_equal(slot, plain, sizeof(slot));
		assert_comes_back(one);
	}
	free(one);
	free(full);
}

/* docs/FORMAT.md says how much is left for later fields. */
static void the_fullest_leaves_room(void **state)
{
	struct live_state *full = fullest();
	static uint8_t slot[STATE_SLOT_BYTES];

	(void)state;
	assert_ok(live_state_write(full, &STAMP, &ALICE, MAC_KEY, slot));
	assert_int_equal(slot[44] | slot[45] << 8, 6991);
	free(full);
}

static void soft_is_remembered(void **state)
{
	static const struct live_state empty;
	const struct slot_stamp soft = {UINT64_MAX, true};
	struct live_state *again = malloc(sizeof(*again));
	static uint8_t slot[STATE_SLOT_BYTES];
	struct slot_stamp stamp;

	(void)state;
	assert_ok(live_state_write(&empty, &soft, &ALICE, MAC_KEY, slot));
	assert_ok(read_slot(slot, &ALICE, MAC_KEY, again, &stamp));
	assert_true(stamp.is_soft);
	assert_true(stamp.sequence == UINT64_MAX);
	free(again);
}

/* FIL-12: any bit of the slot, used or not. */
static void every_flipped_bit_is_damage(void **state)
{
	struct live_state *one = calloc(1, sizeof(*one));
	static uint8_t slot[STATE_SLOT_BYTES];
	struct slot_stamp stamp;

	(void)state;
	one->generation = 1;
	fill_ledger(&one->ledgers.ledger[3], 1);
	assert_ok(live_state_write(one, &STAMP, &ALICE, MAC_KEY, slot));
	for (size_t bit = 0; bit < (size_t)8 * STATE_SLOT_BYTES; bit++) {
		slot[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_status(read_slot(slot, &ALICE, MAC_KEY, one, &stamp), ST_CORRUPT);
		slot[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_ok(read_slot(slot, &ALICE, MAC_KEY, one, &stamp));
	free(one);
}

/* A slot that is neither the new nor the old one, as a whole, is none. */
static unsigned check_torn(const uint8_t *torn, const uint8_t *slot, const uint8_t *older)
{
	struct live_state *again = malloc(sizeof(*again));
	struct slot_stamp stamp;
	bool whole =
	    memcmp(torn, slot, STATE_SLOT_BYTES) == 0 || memcmp(torn, older, STATE_SLOT_BYTES) == 0;

	assert_status(read_slot(torn, &ALICE, MAC_KEY, again, &stamp), whole ? ST_OK : ST_CORRUPT);
	free(again);
	return !whole;
}

/* FIL-13, DUR-13: what was written in part only, over zeros or over something older. */
static void every_torn_slot_is_damage(void **state)
{
	struct live_state *full = fullest();
	static uint8_t slot[STATE_SLOT_BYTES];
	static uint8_t older[STATE_SLOT_BYTES];
	static uint8_t torn[STATE_SLOT_BYTES];
	unsigned torn_count = 0;

	(void)state;
	assert_ok(live_state_write(full, &(struct slot_stamp){3, false}, &ALICE, MAC_KEY, older));
	full->failures--;
	assert_ok(live_state_write(full, &STAMP, &ALICE, MAC_KEY, slot));
	for (size_t cut = 1; cut < 7000; cut += 7) {
		memset(torn, 0, sizeof(torn));
		memcpy(torn, slot, cut);
		torn_count += check_torn(torn, slot, older);
		memcpy(torn + cut, older + cut, sizeof(torn) - cut);
		torn_count += check_torn(torn, slot, older);
	}
	assert_true(torn_count > 800);
	free(full);
}

static void zeros_are_no_state(void **state)
{
	const uint8_t slot[STATE_SLOT_BYTES] = {0};
	struct live_state *again = malloc(sizeof(*again));
	struct slot_stamp stamp;

	(void)state;
	assert_status(read_slot(slot, &ALICE, MAC_KEY, again, &stamp), ST_CORRUPT);
	free(again);
}

/* FIL-08, FIL-11 */
static void somebody_elses_is_told_apart_from_damage(void **state)
{
	static const struct live_state empty;
	struct live_state *again = malloc(sizeof(*again));
	static uint8_t slot[STATE_SLOT_BYTES];
	struct slot_stamp stamp;
	const uint8_t other_key[32] = {9};

	(void)state;
	assert_ok(live_state_write(&empty, &STAMP, &ALICE, MAC_KEY, slot));
	for (int part = 0; part < 4; part++) {
		struct state_identity other = ALICE;
		other.kind += part == 0;
		other.uid += part == 1;
		other.host[15] ^= part == 2;
		other.name_hash[31] ^= part == 3;
		assert_status(read_slot(slot, &other, MAC_KEY, again, &stamp), ST_OWNER);
	}
	assert_status(read_slot(slot, &ALICE, other_key, again, &stamp), ST_CORRUPT);
	free(again);
}

/* Bytes as an author with the key might write them, but this version never does. */
static void sign(uint8_t *slot)
{
	uint32_t length = slot[44] | (uint32_t)slot[45] << 8;
	const struct span covered = {slot + 32, 96 + length};

	mac_sha256(MAC_KEY, sizeof(MAC_KEY), &covered, 1, slot);
}

static enum status read_signed(uint8_t *slot)
{
	struct live_state *again = malloc(sizeof(*again));
	struct slot_stamp stamp;

	sign(slot);
	enum status s = read_slot(slot, &ALICE, MAC_KEY, again, &stamp);
	free(again);
	return s;
}

/* FIL-14: authentic, and still refused. */
static void strange_content_is_damage(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} changes[] = {
	    {40, 2},       /* version */
	    {32, 'X'},     /* magic */
	    {46, 1},       /* length beyond the slot */
	    {44, 0},       /* no fields at all */
	    {48, 0},       /* sequence 0 */
	    {120, 2},      /* unknown flag */
	    {124, 1},      /* reserve */
	    {128, 2},      /* first field missing */
	    {130, 57},     /* a field's length */
	    {132 + 48, 4}, /* unknown flag of the core */
	};
	static const struct live_state empty;

	(void)state;
	for (size_t i = 0; i < LENGTH(changes); i++) {
		uint8_t slot[STATE_SLOT_BYTES];
		assert_ok(live_state_write(&empty, &STAMP, &ALICE, MAC_KEY, slot));
		assert_ok(read_signed(slot));
		slot[changes[i].at] = changes[i].value;
		assert_status(read_signed(slot), ST_CORRUPT);
	}
}

/* Fields of a later version: one that says it may be skipped is, any other is not. */
static void later_fields(void **state)
{
	static const struct live_state empty;
	static uint8_t slot[STATE_SLOT_BYTES];

	(void)state;
	assert_ok(live_state_write(&empty, &STAMP, &ALICE, MAC_KEY, slot));
	size_t length = slot[44] | (size_t)slot[45] << 8;
	uint8_t *end = slot + 128 + length;
	memcpy(end, (uint8_t[]){8, 0x80, 1, 0, 'x'}, 5);
	length += 5;
	slot[44] = (uint8_t)length;
	slot[45] = (uint8_t)(length >> 8);
	assert_ok(read_signed(slot));
	end[1] = 0;
	assert_status(read_signed(slot), ST_CORRUPT);
}

/* Times far from the anchor keep their side. */
static void far_attempts_are_clamped(void **state)
{
	struct live_state *one = calloc(1, sizeof(*one));
	static uint8_t slot[STATE_SLOT_BYTES];
	struct slot_stamp stamp;

	(void)state;
	one->ledgers.anchor.boot = 100;
	one->ledgers.ledger[0].attempt_count = 2;
	one->ledgers.ledger[0].attempts[0].at = INT64_MIN;
	one->ledgers.ledger[0].attempts[1].at = INT64_MAX;
	assert_ok(live_state_write(one, &STAMP, &ALICE, MAC_KEY, slot));
	assert_ok(read_slot(slot, &ALICE, MAC_KEY, one, &stamp));
	assert_true(one->ledgers.ledger[0].attempts[0].at == 100 + (int64_t)INT32_MIN);
	assert_true(one->ledgers.ledger[0].attempts[1].at == 100 + (int64_t)INT32_MAX);
	free(one);
}

/* Where the value of the n-th field with that tag begins. */
static uint8_t *field(uint8_t *slot, unsigned tag, unsigned nth)
{
	uint8_t *at = slot + 128;
	const uint8_t *end = at + (slot[44] | (size_t)slot[45] << 8);

	while (at < end) {
		if ((at[0] | (unsigned)at[1] << 8) == tag && nth-- == 0)
			return at + 4;
		at += 4 + (at[2] | (size_t)at[3] << 8);
	}
	fail_msg("no field %u", tag);
	return NULL;
}

/* FIL-14: the same within ledgers and sightings, whose lengths and places have bounds. */
static void strange_ledgers_and_sightings_are_damage(void **state)
{
	enum { SIGHTINGS = 5, ANCHOR = 6, LEDGER = 7 };
	static const struct {
		unsigned tag, nth, at, value;
	} changes[] = {
	    {LEDGER, 1, 0, 0},                     /* an index that was there before */
	    {LEDGER, 1, 0, LEDGER_COUNT},          /* and one that never is */
	    {LEDGER, 0, 1, 2},                     /* unknown flag */
	    {LEDGER, 0, 2, 5},                     /* address family */
	    {LEDGER, 0, 59, LEDGER_ATTEMPTS + 1},  /* more attempts than there are places */
	    {LEDGER, 0, 59, LEDGER_ATTEMPTS - 1U}, /* fewer than the field holds */
	    {ANCHOR, 0, 15, 0x7f},                 /* an attempt behind the end of time */
	    {SIGHTINGS, 0, 8, 5},                  /* address family */
	    {SIGHTINGS, 0, 25, SERVICE_MAX + 1},   /* a service's length */
	    {SIGHTINGS, 0, 26, 0},                 /* a service that ends before it does */
	};
	struct live_state *full = fullest();
	static uint8_t slot[STATE_SLOT_BYTES];

	(void)state;
	full->ledgers.anchor.boot = 0x00ffffffffffffff;
	full->ledgers.ledger[0].attempts[0].at = full->ledgers.anchor.boot + 1;
	for (size_t i = 0; i < LENGTH(changes); i++) {
		assert_ok(live_state_write(full, &STAMP, &ALICE, MAC_KEY, slot));
		assert_ok(read_signed(slot));
		field(slot, changes[i].tag, changes[i].nth)[changes[i].at] =
		    (uint8_t)changes[i].value;
		assert_status(read_signed(slot), ST_CORRUPT);
	}
	free(full);
}

/* An anchor on either end of time, and more attempts than there are places. */
static void nothing_is_written_out_of_bounds(void **state)
{
	static const struct {
		int64_t anchor, at, read;
	} cases[] = {
	    {-100, INT64_MAX, -100 + (int64_t)INT32_MAX},
	    {INT64_MAX, INT64_MIN, INT64_MAX + (int64_t)INT32_MIN},
	    {100, -((int64_t)1 << 40), 100 + (int64_t)INT32_MIN},
	    {100, (int64_t)1 << 40, 100 + (int64_t)INT32_MAX},
	    {INT64_MAX, INT64_MAX, INT64_MAX},
	    {INT64_MIN, INT64_MIN, INT64_MIN},
	};
	struct live_state *one = calloc(1, sizeof(*one));
	static uint8_t slot[STATE_SLOT_BYTES];
	struct slot_stamp stamp;

	(void)state;
	assert_non_null(one);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		memset(one, 0, sizeof(*one));
		one->ledgers.anchor.boot = cases[i].anchor;
		one->ledgers.ledger[2].attempt_count = LEDGER_ATTEMPTS + 1;
		one->ledgers.ledger[2].attempts[0].at = cases[i].at;
		for (size_t j = 1; j < LEDGER_ATTEMPTS; j++)
			one->ledgers.ledger[2].attempts[j].at = cases[i].anchor;
		assert_ok(live_state_write(one, &STAMP, &ALICE, MAC_KEY, slot));
		memset(one, 0xff, sizeof(*one));
		assert_ok(read_slot(slot, &ALICE, MAC_KEY, one, &stamp));
		assert_int_equal(one->ledgers.ledger[2].attempt_count, LEDGER_ATTEMPTS);
		assert_true(one->ledgers.ledger[2].attempts[0].at == cases[i].read);
	}
	free(one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(empty_and_fullest_come_back),
	    cmocka_unit_test(every_field_has_a_place),
	    cmocka_unit_test(the_fullest_leaves_room),
	    cmocka_unit_test(soft_is_remembered),
	    cmocka_unit_test(every_flipped_bit_is_damage),
	    cmocka_unit_test(every_torn_slot_is_damage),
	    cmocka_unit_test(zeros_are_no_state),
	    cmocka_unit_test(somebody_elses_is_told_apart_from_damage),
	    cmocka_unit_test(strange_content_is_damage),
	    cmocka_unit_test(later_fields),
	    cmocka_unit_test(far_attempts_are_clamped),
	    cmocka_unit_test(strange_ledgers_and_sightings_are_damage),
	    cmocka_unit_test(nothing_is_written_out_of_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
