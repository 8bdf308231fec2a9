/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/enrollment.h"

#include "tests/unit/store_scene.h"

static void fill_fullest(struct enrollment_record *record)
{
	record->generation = UINT64_MAX;
	record->made = INT64_MIN;
	record->next_token_id = UINT32_MAX;
	record->next_set_id = UINT32_MAX;
	record->token_count = TOKENS_MAX;
	for (uint32_t i = 0; i < TOKENS_MAX; i++) {
		struct token *token = &record->tokens[i];
		token->id = UINT32_MAX - 1 - i;
		memset(token->label, 'l', TOKEN_LABEL_MAX);
		token->algorithm = TOKEN_SHA512;
		token->digits = 8;
		token->period = TOKEN_PERIOD_MAX;
		token->offset = INT32_MIN;
		token->secret_length = TOKEN_SECRET_MAX;
		memset(token->secret, 0x80 + (int)i, TOKEN_SECRET_MAX);
	}
	record->backup.id = UINT32_MAX - 1;
	record->backup.made = INT64_MAX;
	record->backup.iterations = BACKUP_ITERATIONS_MAX;
	record->backup.count = BACKUP_CODES_MAX;
	memset(record->backup.salt, 0x11, sizeof(record->backup.salt));
	memset(record->backup.hash, 0x22, sizeof(record->backup.hash));
}

static void assert_comes_back(const struct enrollment_record *record)
{
	AUTO_SECRET plain = SECRET_EMPTY;
	AUTO_ENROLLMENT again = {SECRET_EMPTY, NULL};

	assert_ok(enrollment_encode(record, &plain));
	assert_ok(enrollment_decode(&plain, &again));
	assert_memory_equal(again.record, record, sizeof(*record));
}

static void records_come_back(void **state)
{
	AUTO_ENROLLMENT e;

	(void)state;
	assert_ok(enrollment_new(&e));
	fill_record(e.record, 3);
	assert_comes_back(e.record);
	fill_fullest(e.record);
	assert_comes_back(e.record);
	e.record->token_count = 0;
	memset(e.record->tokens, 0, sizeof(e.record->tokens));
	assert_comes_back(e.record);
}

struct change {
	const char *what;
	size_t offset;
	size_t size;
	uint64_t value;
	bool allowed;
};

#define CHANGE(field, value, allowed)                                                              \
	{                                                                                          \
#field " " #value, offsetof(struct enrollment_record, field),                      \
		    sizeof(((struct enrollment_record *)NULL)->field), value, allowed              \
	}

/* FIL-14: every limit, on both sides of it; a record outside is neither written nor read. */
static void every_limit_holds(void **state)
{
	static const struct change changes[] = {
	    CHANGE(token_count, 0, true),
	    CHANGE(token_count, 5, false),
	    CHANGE(next_token_id, 0, false),
	    CHANGE(next_token_id, 1, false),
	    CHANGE(next_token_id, 2, true),
	    CHANGE(next_set_id, 0, false),
	    CHANGE(next_set_id, 1, false),
	    CHANGE(tokens[0].id, 0, false),
	    CHANGE(tokens[0].id, 2, false),
	    CHANGE(tokens[0].algorithm, 0, false),
	    CHANGE(tokens[0].algorithm, 3, true),
	    CHANGE(tokens[0].algorithm, 4, false),
	    CHANGE(tokens[0].digits, 5, false),
	    CHANGE(tokens[0].digits, 8, true),
	    CHANGE(tokens[0].digits, 9, false),
	    CHANGE(tokens[0].period, 14, false),
	    CHANGE(tokens[0].period, 15, true),
	    CHANGE(tokens[0].period, 300, true),
	    CHANGE(tokens[0].period, 301, false),
	    CHANGE(tokens[0].secret_length, 0, false),
	    CHANGE(tokens[0].secret_length, TOKEN_SECRET_MIN - 1, false),
	    CHANGE(tokens[0].secret_length, TOKEN_SECRET_MIN, true),
	    CHANGE(tokens[0].secret_length, 64, true),
	    CHANGE(tokens[0].secret_length, 65, false),
	    CHANGE(tokens[0].label[0], 0, true),
	    CHANGE(backup.id, 0, false),
	    CHANGE(backup.id, 2, false),
	    CHANGE(backup.iterations, 0, false),
	    CHANGE(backup.iterations, 1, true),
	    CHANGE(backup.iterations, 1000000, true),
	    CHANGE(backup.iterations, 1000001, false),
	    CHANGE(backup.iterations, UINT32_MAX, false),
	    CHANGE(backup.count, 0, true),
	    CHANGE(backup.count, 20, true),
	    CHANGE(backup.count, 21, false),
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(changes); i++) {
		AUTO_ENROLLMENT e;
		AUTO_SECRET plain = SECRET_EMPTY;
		assert_ok(enrollment_new(&e));
		fill_record(e.record, 1);
		memcpy((char *)e.record + changes[i].offset, &changes[i].value, changes[i].size);
		enum status s = enrollment_encode(e.record, &plain);
		if (s != (changes[i].allowed ? ST_OK : ST_RANGE))
			fail_msg("%s: %s", changes[i].what, status_text(s));
	}
}

static void other_impossible_records(void **state)
{
	AUTO_ENROLLMENT e;
	AUTO_SECRET plain = SECRET_EMPTY;

	(void)state;
	assert_ok(enrollment_new(&e));
	assert_status(enrollment_encode(e.record, &plain), ST_RANGE); /* nothing in it */
	fill_record(e.record, 1);
	memset(e.record->tokens[0].label, 'x', sizeof(e.record->tokens[0].label));
	assert_status(enrollment_encode(e.record, &plain), ST_RANGE);
	fill_record(e.record, 1);
	e.record->tokens[1] = e.record->tokens[0];
	e.record->token_count = 2;
	assert_status(enrollment_encode(e.record, &plain), ST_RANGE);
}

static void every_truncation_is_damage(void **state)
{
	AUTO_ENROLLMENT e;
	AUTO_ENROLLMENT again = {SECRET_EMPTY, NULL};
	AUTO_SECRET plain = SECRET_EMPTY;
	unsigned accepted = 0;

	(void)state;
	assert_ok(enrollment_new(&e));
	fill_fullest(e.record);
	assert_ok(enrollment_encode(e.record, &plain));
	size_t whole = plain.length;
	for (size_t length = 0; length < whole; length++) {
		AUTO_SECRET cut = SECRET_EMPTY;
		assert_ok(secret_copy(&cut, plain.bytes, length));
		enum status s = enrollment_decode(&cut, &again);
		accepted += s == ST_OK; /* a cut between two fields is a smaller record */
		if (s != ST_OK)
			assert_null(again.record);
		enrollment_clear(&again);
	}
	assert_true(accepted <= TOKENS_MAX);
	assert_ok(secret_append(&plain, "", 1));
	assert_status(enrollment_decode(&plain, &again), ST_CORRUPT);
}

/* No byte makes the reader leave the buffer or accept a record it would not write. */
static void every_changed_byte_is_read_or_refused(void **state)
{
	AUTO_ENROLLMENT e;
	AUTO_SECRET plain = SECRET_EMPTY;

	(void)state;
	assert_ok(enrollment_new(&e));
	fill_record(e.record, 1);
	assert_ok(enrollment_encode(e.record, &plain));
	for (size_t i = 0; i < plain.length; i++) {
		for (unsigned change = 1; change < 256; change += 2) {
			AUTO_ENROLLMENT again = {SECRET_EMPTY, NULL};
			AUTO_SECRET twice = SECRET_EMPTY;
			AUTO_SECRET changed = SECRET_EMPTY;
			assert_ok(secret_copy(&changed, plain.bytes, plain.length));
			changed.bytes[i] ^= (uint8_t)change;
			if (enrollment_decode(&changed, &again) == ST_OK)
				assert_ok(enrollment_encode(again.record, &twice));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_come_back),
	    cmocka_unit_test(every_limit_holds),
	    cmocka_unit_test(other_impossible_records),
	    cmocka_unit_test(every_truncation_is_damage),
	    cmocka_unit_test(every_changed_byte_is_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
