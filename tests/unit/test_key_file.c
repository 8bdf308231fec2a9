/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/key_file.h"

#include "tests/unit/store_scene.h"

static struct key_file sample(void)
{
	struct key_file file = {.head = {.serial = 7}};

	memset(file.head.id.bytes, 0xa1, KEY_ID_BYTES);
	memset(file.head.host, 0xb2, HOST_ID_BYTES);
	memset(file.key, 0xc3, KEY_BYTES);
	memset(file.lasting, 0xd4, KEY_BYTES);
	return file;
}

static void comes_back(void **state)
{
	const struct key_file file = sample();
	struct key_file again;
	uint8_t bytes[KEY_FILE_BYTES];

	(void)state;
	key_file_encode(&file, bytes);
	assert_ok(key_file_decode(bytes, sizeof(bytes), &again));
	assert_memory_equal(&again, &file, sizeof(file));
}

/* CFG-07 */
static void every_flipped_bit_is_a_mismatch(void **state)
{
	const struct key_file file = sample();
	struct key_file again;
	uint8_t bytes[KEY_FILE_BYTES];

	(void)state;
	for (size_t bit = 0; bit < (size_t)8 * KEY_FILE_BYTES; bit++) {
		key_file_encode(&file, bytes);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_status(key_file_decode(bytes, sizeof(bytes), &again), ST_KEY_MISMATCH);
	}
}

/* CFG-07 */
static void every_other_length_is_a_mismatch(void **state)
{
	const struct key_file file = sample();
	struct key_file again;
	uint8_t bytes[2 * KEY_FILE_BYTES] = {0};

	(void)state;
	key_file_encode(&file, bytes);
	for (size_t length = 0; length <= sizeof(bytes); length++)
		if (length != KEY_FILE_BYTES)
			assert_status(key_file_decode(bytes, length, &again), ST_KEY_MISMATCH);
}

/* CFG-07: what carries a right checksum may still be no key. */
static void zeros_are_no_key(void **state)
{
	struct key_file again;
	uint8_t bytes[KEY_FILE_BYTES] = {0};

	(void)state;
	assert_status(key_file_decode(bytes, sizeof(bytes), &again), ST_KEY_MISMATCH);
	for (int part = 0; part < 5; part++) {
		struct key_file file = sample();
		void *const parts[] = {&file.head.id, file.head.host, file.key, file.lasting,
				       &file.head.serial};
		const size_t sizes[] = {KEY_ID_BYTES, HOST_ID_BYTES, KEY_BYTES, KEY_BYTES, 4};
		memset(parts[part], 0, sizes[part]);
		key_file_encode(&file, bytes);
		assert_status(key_file_decode(bytes, sizeof(bytes), &again), ST_KEY_MISMATCH);
	}
}

static void names_are_sixteen_digits(void **state)
{
	static const char *const wrong[] = {"",
					    "a1a1a1a1a1a1a1a1",
					    "A1a1a1a1a1a1a1a1.key",
					    "a1a1a1a1a1a1a1a1.kex",
					    "a1a1a1a1a1a1a1a1.key.",
					    "a1a1a1a1a1a1a1.key",
					    "g1a1a1a1a1a1a1a1.key",
					    ".key",
					    "a1a1a1a1a1a1a1a1a1.key"};
	const struct key_file file = sample();
	char name[KEY_FILE_NAME_BYTES];
	struct key_id id;

	(void)state;
	key_file_name(&file.head.id, name);
	assert_string_equal(name, "a1a1a1a1a1a1a1a1.key");
	assert_true(key_file_name_parse(name, &id));
	assert_memory_equal(&id, &file.head.id, sizeof(id));
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_false(key_file_name_parse(wrong[i], &id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(comes_back),
	    cmocka_unit_test(every_flipped_bit_is_a_mismatch),
	    cmocka_unit_test(every_other_length_is_a_mismatch),
	    cmocka_unit_test(zeros_are_no_key),
	    cmocka_unit_test(names_are_sixteen_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
