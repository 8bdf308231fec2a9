/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/pair.h"

#include "lib/crypto/digest.h"
#include "tests/unit/store_scene.h"

/* Of docs/FORMAT.md: where the body begins, and what the MAC covers. */
enum { MAC_BYTES = 32, LENGTH_AT = 44, BODY_AT = 128 };

struct pair {
	struct state_identity identity;
	uint8_t bytes[STATE_BYTES];
	struct live_state state;
	struct pair_view view;
};

/* The older slot holds one failure, the newer one two. */
static struct pair *pair_of(const struct scene *s)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	uint8_t mac_key[SHA256_BYTES];

	assert_non_null(pair);
	pair_identity(&s->store.keyring, STATE_OF_USER, "alice", 1000, &pair->identity);
	pair_mac_key(&s->store.keyring, s->store.keyring.current, STATE_OF_USER, mac_key);
	for (unsigned slot = 0; slot < 2; slot++) {
		const struct slot_stamp stamp = {slot + 7, false};
		pair->state.failures = slot + 1;
		assert_ok(live_state_write(&pair->state, &stamp, &pair->identity, mac_key,
					   pair->bytes + (size_t)slot * STATE_SLOT_BYTES));
	}
	return pair;
}

static enum status read_again(const struct scene *s, struct pair *pair)
{
	memset(&pair->state, 0xff, sizeof(pair->state));
	return pair_read(&s->store.keyring, &pair->identity, pair->bytes, &pair->state,
			 &pair->view);
}

/* A body that nobody writes, below a MAC that is right. */
static void garble(const struct scene *s, struct pair *pair, unsigned index)
{
	uint8_t *slot = pair->bytes + (size_t)index * STATE_SLOT_BYTES;
	const size_t length = slot[LENGTH_AT] | (size_t)slot[LENGTH_AT + 1] << 8;
	const struct span covered = {slot + MAC_BYTES, BODY_AT - MAC_BYTES + length};
	uint8_t mac_key[SHA256_BYTES];

	pair_mac_key(&s->store.keyring, s->store.keyring.current, STATE_OF_USER, mac_key);
	slot[BODY_AT] = 0x7f;
	mac_sha256(mac_key, sizeof(mac_key), &covered, 1, slot);
}

static void the_newer_slot_holds(void **state)
{
	const struct scene *s = *state;
	struct pair *pair = pair_of(s);

	assert_ok(read_again(s, pair));
	assert_int_equal(pair->view.slot, 1);
	assert_int_equal(pair->view.stamp.sequence, 8);
	assert_int_equal(pair->state.failures, 2);
	assert_false(pair->view.was_damaged);
	assert_true(pair->view.is_current);
	free(pair);
}

/* FIL-12, and a body that cannot be read though its MAC is right */
static void the_other_slot_holds_when_one_cannot_be_read(void **state)
{
	const struct scene *s = *state;

	for (unsigned bad = 0; bad < 2; bad++) {
		for (unsigned how = 0; how < 2; how++) {
			struct pair *pair = pair_of(s);
			if (how == 0)
				garble(s, pair, bad);
			else
				pair->bytes[(size_t)bad * STATE_SLOT_BYTES + BODY_AT] ^= 1;
			assert_ok(read_again(s, pair));
			assert_int_equal(pair->view.slot, 1 - bad);
			assert_int_equal(pair->view.stamp.sequence, 8 - bad);
			assert_int_equal(pair->state.failures, 2 - bad);
			/* A garbled older slot is never looked into, and is the next to be written.
			 */
			assert_int_equal(pair->view.was_damaged, how == 1 || bad == 1);
			free(pair);
		}
	}
}

static void nothing_holds_when_neither_can_be_read(void **state)
{
	const struct scene *s = *state;
	struct pair *pair = pair_of(s);

	garble(s, pair, 0);
	garble(s, pair, 1);
	assert_status(read_again(s, pair), ST_CORRUPT);
	free(pair);
}

static void a_pair_of_somebody_else_is_no_damage(void **state)
{
	const struct scene *s = *state;
	struct pair *pair = pair_of(s);

	pair->identity.uid++;
	assert_status(read_again(s, pair), ST_OWNER);
	free(pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_newer_slot_holds, scene_new, scene_end),
	    cmocka_unit_test_setup_teardown(the_other_slot_holds_when_one_cannot_be_read, scene_new,
					    scene_end),
	    cmocka_unit_test_setup_teardown(nothing_holds_when_neither_can_be_read, scene_new,
					    scene_end),
	    cmocka_unit_test_setup_teardown(a_pair_of_somebody_else_is_no_damage, scene_new,
					    scene_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
