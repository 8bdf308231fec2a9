/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/key_file.h"

#include "tests/unit/store_scene.h"

/* A place with one key. */
static int with_key(void **state)
{
	struct scene *s = scene_begin();
	struct key_id id;

	assert_int_equal(mkdir(s->key_dir, 0700), 0);
	assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &id));
	*state = s;
	return 0;
}

static enum status open_ring(struct scene *s, struct keyring *ring)
{
	return keyring_open(s->key_dir, s->place.owner, ring);
}

/* The path of the only key. */
static char *key_path(struct scene *s)
{
	static char path[256];
	char name[KEY_FILE_NAME_BYTES];
	struct keyring ring;

	assert_ok(open_ring(s, &ring));
	key_file_name(&ring.heads[ring.current].id, name);
	snprintf(path, sizeof(path), "%s/%s", s->key_dir, name);
	keyring_close(&ring);
	return path;
}

static void no_key_is_missing(void **state)
{
	struct scene *s = *state;
	struct keyring ring;

	assert_status(open_ring(s, &ring), ST_MISSING);
	assert_int_equal(mkdir(s->key_dir, 0700), 0);
	assert_status(open_ring(s, &ring), ST_MISSING);
	write_whole(scene_path(s, "keys/.new"), "half a key", 10);
	assert_status(open_ring(s, &ring), ST_MISSING);
}

static void a_first_key_has_serial_one(void **state)
{
	struct scene *s = *state;
	struct keyring ring;
	struct stat st;

	assert_ok(open_ring(s, &ring));
	assert_int_equal(ring.count, 1);
	assert_int_equal(ring.heads[0].serial, 1);
	keyring_close(&ring);
	assert_int_equal(stat(key_path(s), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
	assert_int_equal(st.st_size, KEY_FILE_BYTES);
	assert_int_equal(access(scene_path(s, "keys/.new"), F_OK), -1);
}

/* CFG-08: the highest serial is current, whatever the order in the directory. */
static void a_new_key_is_current_and_of_the_same_host(void **state)
{
	struct scene *s = *state;
	struct keyring ring;
	struct key_id made;
	uint8_t host[HOST_ID_BYTES];
	uint8_t before[SHA256_BYTES];
	uint8_t after[SHA256_BYTES];

	assert_ok(open_ring(s, &ring));
	memcpy(host, ring.heads[0].host, sizeof(host));
	keyring_lasting_subkey(&ring, PURPOSE_PEPPER, before);
	keyring_close(&ring);
	for (uint32_t serial = 2; serial <= KEYRING_MAX; serial++) {
		assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &made));
		assert_ok(open_ring(s, &ring));
		assert_int_equal(ring.count, serial);
		assert_int_equal(ring.heads[ring.current].serial, serial);
		assert_memory_equal(&ring.heads[ring.current].id, &made, sizeof(made));
		assert_memory_equal(ring.heads[ring.current].host, host, sizeof(host));
		keyring_lasting_subkey(&ring, PURPOSE_PEPPER, after);
		assert_memory_equal(before, after, sizeof(before));
		keyring_close(&ring);
	}
	assert_status(keyring_add(s->key_dir, s->place.owner, NULL, &made), ST_TOO_BIG);
	assert_ok(open_ring(s, &ring));
	keyring_close(&ring);
}

static void a_given_host_id_is_kept(void **state)
{
	struct scene *s = *state;
	const uint8_t host[HOST_ID_BYTES] = "0123456789abcde";
	struct keyring ring;
	struct key_id made;

	assert_int_equal(mkdir(s->key_dir, 0700), 0);
	assert_ok(keyring_add(s->key_dir, s->place.owner, host, &made));
	assert_ok(open_ring(s, &ring));
	assert_memory_equal(ring.heads[0].host, host, sizeof(host));
	keyring_close(&ring);
}

/* CFG-07 */
static void a_wrong_mode_or_kind_is_a_mismatch(void **state)
{
	static const mode_t wrong[] = {0440, 0404, 0644, 0444, 0420, 0401, 04400, 01400};
	struct scene *s = *state;
	char *path = key_path(s);
	struct keyring ring;

	for (size_t i = 0; i < LENGTH(wrong); i++) {
		assert_int_equal(chmod(path, wrong[i]), 0);
		assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
		assert_null(ring.secrets.bytes);
	}
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(link(path, scene_path(s, "other")), 0);
	assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(scene_path(s, "other"), path), 0);
	assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0400), 0);
	assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
}

static void a_wrong_owner_is_refused(void **state)
{
	struct scene *s = *state;
	struct keyring ring;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(key_path(s), 12345, (gid_t)-1), 0);
	assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
	assert_int_equal(chown(s->key_dir, 12345, (gid_t)-1), 0);
	assert_status(open_ring(s, &ring), ST_PERM);
}

static void count_guest(void *context, const char *name, enum status status)
{
	unsigned *count = context;

	assert_non_null(name);
	*count += status == ST_BAD_NAME;
}

/* CFG-07: what is not named ID.key is no key, and keeps nobody out. */
static void a_guest_among_the_keys_is_passed_over(void **state)
{
	static const char *const names[] = {
	    "README",
	    "1.key",
	    "1.key.dpkg-old",
	    ".1.key.swp",
	    "0123456789abcdef.key~",
	    "0123456789abcdef.key.dpkg-old",
	    "0123456789ABCDEF.key",
	    "0123456789abcdef.KEY",
	    "0123456789abcde.key",
	    "0123456789abcdef0.key",
	    ".new",
	};
	struct scene *s = *state;
	struct keyring ring;
	unsigned guests = 0;
	int fd = open(s->key_dir, O_RDONLY | O_DIRECTORY);

	assert_true(fd >= 0);
	for (size_t i = 0; i < LENGTH(names); i++) {
		char below[64];
		snprintf(below, sizeof(below), "keys/%s", names[i]);
		write_whole(scene_path(s, below), "x", 1);
		assert_ok(open_ring(s, &ring));
		assert_int_equal(ring.count, 1);
		keyring_close(&ring);
	}
	assert_ok(keyring_survey(fd, s->place.owner, count_guest, &guests));
	assert_int_equal(guests, LENGTH(names) - 1); /* .new is ours */
	close(fd);
	assert_int_equal(unlink(key_path(s)), 0);
	assert_status(open_ring(s, &ring), ST_MISSING);
}

/* But what has the name of a key must be one. */
static void a_damaged_key_is_refused_whatever_lies_beside_it(void **state)
{
	struct scene *s = *state;
	struct keyring ring;

	write_whole(scene_path(s, "keys/0123456789abcdef.key"), "x", 1);
	assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
}

static void note_status(void *context, const char *name, enum status status)
{
	enum status *seen = context;

	(void)name;
	*seen = status;
}

/* What is wrong with a key is told apart for who must mend it. */
static void a_survey_tells_what_is_wrong(void **state)
{
	struct scene *s = *state;
	enum status seen = ST_INTERNAL;
	char *path = key_path(s);
	int fd = open(s->key_dir, O_RDONLY | O_DIRECTORY);

	assert_true(fd >= 0);
	assert_ok(keyring_survey(fd, s->place.owner, note_status, &seen));
	assert_ok(seen);
	assert_int_equal(chmod(path, 0644), 0);
	assert_ok(keyring_survey(fd, s->place.owner, note_status, &seen));
	assert_status(seen, ST_PERM);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 100), 0);
	assert_ok(keyring_survey(fd, s->place.owner, note_status, &seen));
	assert_status(seen, ST_CORRUPT);
	assert_int_equal(rename(path, scene_path(s, "keys/.new")), 0);
	seen = ST_OK;
	assert_ok(keyring_survey(fd, s->place.owner, note_status, &seen));
	assert_ok(seen);
	close(fd);
}

/* The name must be the id within. */
static void a_renamed_key_is_a_mismatch(void **state)
{
	struct scene *s = *state;
	struct keyring ring;

	assert_int_equal(rename(key_path(s), scene_path(s, "keys/0123456789abcdef.key")), 0);
	assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
}

static void put_key(struct scene *s, const struct key_file *file)
{
	uint8_t bytes[KEY_FILE_BYTES];
	char name[KEY_FILE_NAME_BYTES];
	char below[64];

	key_file_encode(file, bytes);
	key_file_name(&file->head.id, name);
	snprintf(below, sizeof(below), "keys/%s", name);
	write_whole(scene_path(s, below), bytes, sizeof(bytes));
}

/* Two of one serial, of different hosts, or of different lasting secrets. */
static void keys_that_do_not_belong_together_are_refused(void **state)
{
	struct scene *s = *state;

	for (int wrong = 0; wrong < 4; wrong++) {
		struct key_file one = {
		    .head = {.serial = 1, .id = {{1}}, .host = {2}}, .key = {3}, .lasting = {4}};
		struct key_file two = one;
		struct keyring ring;
		two.head.id.bytes[0] = 9;
		two.head.serial = wrong == 1 ? 1 : 2;
		two.head.host[0] = wrong == 2 ? 9 : 2;
		two.lasting[0] = wrong == 3 ? 9 : 4;
		remove_tree(s->key_dir);
		assert_int_equal(mkdir(s->key_dir, 0700), 0);
		put_key(s, &one);
		put_key(s, &two);
		assert_status(open_ring(s, &ring), wrong ? ST_KEY_MISMATCH : ST_OK);
		keyring_close(&ring);
	}
}

static void more_keys_than_fit_are_refused(void **state)
{
	struct scene *s = *state;
	struct keyring ring;

	assert_int_equal(mkdir(s->key_dir, 0700), 0);
	for (uint8_t i = 1; i <= KEYRING_MAX + 1; i++) {
		struct key_file file = {
		    .head = {.serial = i, .id = {{i}}, .host = {2}}, .key = {3}, .lasting = {4}};
		assert_status(i == 1 ? ST_OK : open_ring(s, &ring), ST_OK);
		if (i > 1)
			keyring_close(&ring);
		put_key(s, &file);
	}
	assert_status(open_ring(s, &ring), ST_KEY_MISMATCH);
}

static void only_keys_that_are_not_current_go(void **state)
{
	struct scene *s = *state;
	struct keyring ring;
	struct key_id first;
	struct key_id second;

	assert_ok(open_ring(s, &ring));
	first = ring.heads[0].id;
	keyring_close(&ring);
	assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &second));
	assert_status(keyring_remove(s->key_dir, s->place.owner, &second), ST_EXISTS);
	assert_ok(keyring_remove(s->key_dir, s->place.owner, &first));
	assert_status(keyring_remove(s->key_dir, s->place.owner, &first), ST_KEY_MISSING);
	assert_ok(open_ring(s, &ring));
	assert_int_equal(ring.count, 1);
	assert_memory_equal(&ring.heads[0].id, &second, sizeof(second));
	keyring_close(&ring);
}

/* SEC-09: every purpose and every subject has a key of its own. */
static void subkeys_differ(void **state)
{
	const struct span ab_c[] = {{"ab", 2}, {"c", 1}};
	const struct span a_bc[] = {{"a", 1}, {"bc", 2}};
	const struct span abc[] = {{"abc", 3}};
	struct scene *s = *state;
	uint8_t keys[2 * PURPOSE_COUNT + 4][SHA256_BYTES];
	struct keyring ring;
	size_t count = 0;

	assert_ok(open_ring(s, &ring));
	for (int p = PURPOSE_ENROLLMENT; p < PURPOSE_COUNT; p++) {
		keyring_subkey(&ring, 0, (enum purpose)p, NULL, 0, keys[count++]);
		keyring_lasting_subkey(&ring, (enum purpose)p, keys[count++]);
	}
	keyring_subkey(&ring, 0, PURPOSE_STATE, ab_c, 2, keys[count++]);
	keyring_subkey(&ring, 0, PURPOSE_STATE, a_bc, 2, keys[count++]);
	keyring_subkey(&ring, 0, PURPOSE_STATE, abc, 1, keys[count++]);
	keyring_close(&ring);
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			assert_memory_not_equal(keys[i], keys[j], SHA256_BYTES);
}

#define WITH_KEY(test) cmocka_unit_test_setup_teardown(test, with_key, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_EMPTY(no_key_is_missing),
	    WITH_KEY(a_first_key_has_serial_one),
	    WITH_KEY(a_new_key_is_current_and_of_the_same_host),
	    IN_EMPTY(a_given_host_id_is_kept),
	    WITH_KEY(a_wrong_mode_or_kind_is_a_mismatch),
	    WITH_KEY(a_wrong_owner_is_refused),
	    WITH_KEY(a_guest_among_the_keys_is_passed_over),
	    WITH_KEY(a_damaged_key_is_refused_whatever_lies_beside_it),
	    WITH_KEY(a_survey_tells_what_is_wrong),
	    WITH_KEY(a_renamed_key_is_a_mismatch),
	    IN_EMPTY(keys_that_do_not_belong_together_are_refused),
	    IN_EMPTY(more_keys_than_fit_are_refused),
	    WITH_KEY(only_keys_that_are_not_current_go),
	    WITH_KEY(subkeys_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
