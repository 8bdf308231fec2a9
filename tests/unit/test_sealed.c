/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/sealed.h"

#include "tests/unit/store_scene.h"

static const struct sealed_head ALICE = {
    .purpose = PURPOSE_ENROLLMENT, .uid = 1000, .file_name = "alice", .generation = 12};

/* A sealed file of hers. */
static size_t make_file(const struct scene *s, uint8_t bytes[1024])
{
	AUTO_SECRET plain = SECRET_EMPTY;
	size_t length = 0;

	assert_ok(secret_copy(&plain, "the secret", 10));
	assert_ok(sealed_write(&s->store.keyring, &ALICE, &plain, bytes, 1024, &length));
	return length;
}

static enum status open_file(const struct scene *s, const struct sealed_head *wanted,
			     const uint8_t *bytes, size_t length)
{
	struct sealed_head head;
	AUTO_SECRET plain = SECRET_EMPTY;
	enum status result = sealed_read(&s->store.keyring, wanted, bytes, length, &head, &plain);

	if (result == ST_OK)
		assert_true(secret_equals(&plain, "the secret", 10));
	else
		assert_null(plain.bytes);
	return result;
}

static void comes_back(void **state)
{
	struct scene *s = *state;
	uint8_t bytes[1024];
	struct sealed_head head;
	size_t blob = 0;
	size_t length = make_file(s, bytes);

	assert_ok(open_file(s, &ALICE, bytes, length));
	assert_ok(sealed_parse(bytes, length, &head, &blob));
	assert_int_equal(head.generation, 12);
	assert_int_equal(head.uid, 1000);
	assert_string_equal(head.file_name, "alice");
	assert_memory_equal(bytes, "kling enrollment 1\nkey ", 23);
	assert_null(memmem(bytes, length, "the secret", 10));
}

static void no_two_are_alike(void **state)
{
	struct scene *s = *state;
	uint8_t one[1024];
	uint8_t two[1024];
	size_t length = make_file(s, one);

	assert_int_equal(make_file(s, two), length);
	assert_memory_not_equal(one + length - 38, two + length - 38, 12);
}

/* FIL-12: a flipped bit may make the header name another key, host or nothing; it never opens. */
static void every_flipped_bit_is_refused(void **state)
{
	struct scene *s = *state;
	uint8_t bytes[1024];
	size_t length = make_file(s, bytes);

	for (size_t bit = 0; bit < 8 * length; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		enum status result = open_file(s, &ALICE, bytes, length);
		assert_true(result == ST_CORRUPT || result == ST_KEY_MISSING);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_ok(open_file(s, &ALICE, bytes, length));
}

/* FIL-13 */
static void every_other_length_is_refused(void **state)
{
	struct scene *s = *state;
	uint8_t bytes[1024] = {0};
	size_t length = make_file(s, bytes);

	for (size_t other = 0; other <= sizeof(bytes); other++)
		if (other != length)
			assert_status(open_file(s, &ALICE, bytes, other), ST_CORRUPT);
}

/* FIL-08, FIL-11: authentic, and somebody else's. */
static void another_owner_is_told(void **state)
{
	struct scene *s = *state;
	uint8_t bytes[1024];
	size_t length = make_file(s, bytes);
	struct sealed_head wanted = ALICE;

	wanted.uid = 1001;
	assert_status(open_file(s, &wanted, bytes, length), ST_OWNER);
	wanted = ALICE;
	strcpy(wanted.file_name, "bob");
	assert_status(open_file(s, &wanted, bytes, length), ST_OWNER);
	wanted = ALICE;
	wanted.purpose = PURPOSE_HISTORY;
	assert_status(open_file(s, &wanted, bytes, length), ST_OWNER);
}

/* FIL-09: another machine's key is not here, and its host id says why. */
static void another_host_is_told(void **state)
{
	struct scene *s = *state;
	struct scene *other = NULL;
	uint8_t bytes[1024];

	scene_new((void **)&other);
	size_t length = make_file(other, bytes);
	assert_status(open_file(s, &ALICE, bytes, length), ST_OWNER);
	scene_end((void **)&other);
}

/* FIL-14, CFG-08: a key of ours that is gone. */
static void a_missing_key_is_told(void **state)
{
	struct scene *s = *state;
	uint8_t bytes[1024];
	struct key_id made;
	struct key_id gone;
	size_t length = make_file(s, bytes);

	gone = s->store.keyring.heads[0].id;
	assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &made));
	assert_ok(scene_reopen(s));
	assert_ok(open_file(s, &ALICE, bytes, length));
	assert_ok(keyring_remove(s->key_dir, s->place.owner, &gone));
	assert_ok(scene_reopen(s));
	assert_status(open_file(s, &ALICE, bytes, length), ST_KEY_MISSING);
}

/* Replaces `from` in the header by `to`; the blob stays. */
static size_t edit(uint8_t *bytes, size_t length, const char *from, const char *to)
{
	uint8_t copy[2048];
	uint8_t *at = memmem(bytes, length, from, strlen(from));

	assert_non_null(at);
	size_t before = (size_t)(at - bytes);
	size_t rest = length - before - strlen(from);
	memcpy(copy, at + strlen(from), rest);
	memcpy(at, to, strlen(to));
	memcpy(at + strlen(to), copy, rest);
	return before + strlen(to) + rest;
}

/* FIL-14: the header is written in one way only, and every word of it is authenticated. */
static void edited_headers_are_refused(void **state)
{
	static const struct {
		const char *from, *to;
		enum status status;
	} edits[] = {
	    {"enrollment 1", "enrollment 2", ST_CORRUPT},
	    {"enrollment 1", "enrollment 01", ST_CORRUPT},
	    {"enrollment 1", "history 1", ST_CORRUPT},
	    {"enrollment 1", "pepper 1", ST_CORRUPT},
	    {"enrollment 1", "nonsense 1", ST_CORRUPT},
	    {"kling", "Kling", ST_CORRUPT},
	    {"uid 1000", "uid 1001", ST_CORRUPT},
	    {"uid 1000", "uid 01000", ST_CORRUPT},
	    {"uid 1000", "uid +1000", ST_CORRUPT},
	    {"uid 1000", "uid 4294967296", ST_CORRUPT},
	    {"uid 1000", "uid  1000", ST_CORRUPT},
	    {"uid 1000", "uid 1000 ", ST_CORRUPT},
	    {"uid 1000", "uid 1000\r", ST_CORRUPT},
	    {"uid 1000\n", "", ST_CORRUPT},
	    {"uid 1000\n", "uid 1000\nuid 1000\n", ST_CORRUPT},
	    {"name alice", "name bob", ST_CORRUPT},
	    {"name alice", "name ", ST_CORRUPT},
	    {"name alice", "name %61lice", ST_CORRUPT},
	    {"name alice", "name .alice", ST_CORRUPT},
	    {"generation 12", "generation 11", ST_CORRUPT},
	    {"generation 12", "generation 18446744073709551616", ST_CORRUPT},
	    {"sealed 38", "sealed 37", ST_CORRUPT},
	    {"sealed 38", "sealed 0x26", ST_CORRUPT},
	    {"sealed 38\n\n", "sealed 38\n\n\n", ST_CORRUPT},
	    {"sealed 38\n\n", "sealed 38\n", ST_CORRUPT},
	    {"sealed 38\n", "sealed 38\nmore 1\n", ST_CORRUPT},
	    {"key ", "key 00", ST_CORRUPT},
	};
	struct scene *s = *state;

	for (size_t i = 0; i < LENGTH(edits); i++) {
		uint8_t bytes[2048];
		size_t length = edit(bytes, make_file(s, bytes), edits[i].from, edits[i].to);
		enum status result = open_file(s, &ALICE, bytes, length);
		if (result != edits[i].status)
			fail_msg("%s -> %s: %s", edits[i].from, edits[i].to, status_text(result));
	}
}

static void a_header_without_end_is_refused(void **state)
{
	struct scene *s = *state;
	uint8_t bytes[1024];

	memset(bytes, 'a', sizeof(bytes));
	memcpy(bytes, "kling enrollment 1\n", 19);
	assert_status(open_file(s, &ALICE, bytes, sizeof(bytes)), ST_CORRUPT);
	memset(bytes, '\n', sizeof(bytes));
	assert_status(open_file(s, &ALICE, bytes, sizeof(bytes)), ST_CORRUPT);
}

/* The longest of everything fits the header. */
static void the_longest_header_fits(void **state)
{
	struct scene *s = *state;
	struct sealed_head longest = {
	    .purpose = PURPOSE_ENROLLMENT, .uid = UINT32_MAX, .generation = UINT64_MAX};
	AUTO_SECRET plain = SECRET_EMPTY;
	uint8_t bytes[1024];
	size_t length = 0;

	memset(longest.file_name, 'n', FILE_NAME_BYTES - 1);
	assert_ok(secret_copy(&plain, "the secret", 10));
	assert_ok(sealed_write(&s->store.keyring, &longest, &plain, bytes, sizeof(bytes), &length));
	assert_ok(open_file(s, &longest, bytes, length));
	assert_status(sealed_write(&s->store.keyring, &longest, &plain, bytes, length - 1, &length),
		      ST_TOO_BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_SCENE(comes_back),
	    IN_SCENE(no_two_are_alike),
	    IN_SCENE(every_flipped_bit_is_refused),
	    IN_SCENE(every_other_length_is_refused),
	    IN_SCENE(another_owner_is_told),
	    IN_SCENE(another_host_is_told),
	    IN_SCENE(a_missing_key_is_told),
	    IN_SCENE(edited_headers_are_refused),
	    IN_SCENE(a_header_without_end_is_refused),
	    IN_SCENE(the_longest_header_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
