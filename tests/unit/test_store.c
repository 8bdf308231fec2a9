/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/store.h"

#include "lib/store/table.h"
#include "tests/unit/store_scene.h"

#include <signal.h>
#include <sys/resource.h>

static enum status open_store(struct scene *s)
{
	return scene_reopen(s);
}

static void nothing_is_not_initialised(void **state)
{
	struct scene *s = *state;

	assert_status(open_store(s), ST_UNINITIALISED);
	assert_int_equal(mkdir(s->state_dir, 0700), 0);
	assert_int_equal(mkdir(s->key_dir, 0700), 0);
	assert_status(open_store(s), ST_UNINITIALISED);
	assert_int_equal(s->store.root, -1);
	assert_int_equal(s->store.users, -1);
	assert_int_equal(s->store.keys, -1);
}

static void assert_mode(struct scene *s, const char *below, mode_t mode)
{
	struct stat st;

	assert_int_equal(stat(scene_path(s, below), &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static void init_makes_all_of_it_once(void **state)
{
	struct scene *s = *state;
	struct stat st;
	/* Whatever the mask; a mask of everything is for root alone, who can open what has no mode.
	 */
	mode_t old = umask(geteuid() == 0 ? 0777 : 077);

	assert_ok(store_init(&s->place, false));
	umask(old);
	assert_status(store_init(&s->place, false), ST_EXISTS);
	assert_status(store_init(&s->place, true), ST_EXISTS);
	assert_ok(open_store(s));
	assert_mode(s, "state", 0700);
	assert_mode(s, "keys", 0700);
	assert_mode(s, "state/users", 0700);
	assert_mode(s, "state/marker", 0600);
	assert_mode(s, "state/unknown", 0600);
	assert_int_equal(stat(scene_path(s, "state/unenrolled"), &st), 0);
	assert_int_equal(st.st_size, TABLE_SLOTS * STATE_BYTES);
	/* Real bytes: what is not there yet cannot be overwritten on a full disk. */
	assert_true(st.st_blocks * 512 >= st.st_size);
	assert_int_equal(access(scene_path(s, "state/marker.new"), F_OK), -1);
}

static void init_makes_the_way(void **state)
{
	struct scene *s = *state;
	char state_dir[160];
	char key_dir[160];

	snprintf(state_dir, sizeof(state_dir), "%s/var/lib/kling", s->dir);
	snprintf(key_dir, sizeof(key_dir), "%s/etc/kling/keys", s->dir);
	s->place.state_dir = state_dir;
	s->place.key_dir = key_dir;
	assert_ok(store_init(&s->place, false));
	assert_ok(open_store(s));
	assert_mode(s, "var/lib", 0755);
	assert_mode(s, "etc/kling/keys", 0700);
}

static void init_narrows_what_is_empty(void **state)
{
	struct scene *s = *state;

	assert_int_equal(mkdir(s->key_dir, 0755), 0);
	assert_int_equal(chmod(s->key_dir, 0755), 0);
	assert_ok(store_init(&s->place, false));
	assert_mode(s, "keys", 0700);
}

/* FIL-18: a key alone is a lost store; only `again` makes one beside it. */
static void a_lost_store_is_told(void **state)
{
	static const char *const gone[] = {"state/marker", "state/users", "state"};
	struct scene *s = *state;

	for (size_t i = 0; i < LENGTH(gone); i++) {
		assert_ok(open_store(s));
		remove_tree(scene_path(s, gone[i]));
		assert_status(open_store(s), ST_STORE_LOST);
		if (i == 0)
			assert_status(store_init(&s->place, false), ST_STORE_LOST);
		assert_status(open_store(s), ST_STORE_LOST);
		remove_tree(s->state_dir);
		assert_status(store_init(&s->place, false), ST_STORE_LOST);
		assert_ok(store_init(&s->place, true));
	}
	assert_ok(open_store(s));
	assert_int_equal(s->store.keyring.count, 1);
}

static void assert_gone(struct scene *s, const char *below)
{
	assert_int_equal(access(scene_path(s, below), F_OK), -1);
}

/* What init refuses, it refuses before it has made anything. */
static void a_refusal_leaves_nothing(void **state)
{
	struct scene *s = *state;

	remove_tree(s->key_dir);
	assert_status(store_init(&s->place, false), ST_KEY_MISSING);
	assert_status(store_init(&s->place, true), ST_KEY_MISSING);
	assert_gone(s, "keys");
	remove_tree(s->state_dir);
	assert_ok(store_init(&s->place, false));
	remove_tree(s->state_dir);
	assert_status(store_init(&s->place, false), ST_STORE_LOST);
	assert_gone(s, "state");
	assert_ok(store_init(&s->place, true));
	remove_tree(scene_path(s, "state/users"));
	assert_status(store_init(&s->place, false), ST_STORE_LOST);
	assert_gone(s, "state/users");
	assert_ok(store_init(&s->place, true));
	assert_ok(open_store(s));
}

/* One of the two places cannot be: the other one does not stay. */
static void a_failure_leaves_nothing(void **state)
{
	struct scene *s = *state;
	char below[160];

	write_whole(scene_path(s, "file"), (const uint8_t *)"x", 1);
	snprintf(below, sizeof(below), "%s/file/state", s->dir);
	const char *state_dir = s->place.state_dir;
	s->place.state_dir = below;
	assert_int_not_equal(store_init(&s->place, false), ST_OK);
	assert_gone(s, "keys");
	s->place.state_dir = state_dir;
	snprintf(below, sizeof(below), "%s/file/keys", s->dir);
	s->place.key_dir = below;
	assert_int_not_equal(store_init(&s->place, false), ST_OK);
	assert_gone(s, "state");
}

/* A disk that is full, or a limit of the shell's: as if it had never been tried. */
static void a_full_disk_leaves_nothing(void **state)
{
	struct scene *s = *state;
	struct rlimit before, small = {64, 64};

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	enum status result = store_init(&s->place, false);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	(void)signal(SIGXFSZ, old);
	assert_status(result, ST_LIMIT);
	assert_gone(s, "keys");
	assert_gone(s, "state");
}

/* FIL-18: an empty directory is mounted over it, or nothing is. */
static void an_unmounted_store_is_lost(void **state)
{
	struct scene *s = *state;

	remove_tree(s->state_dir);
	assert_int_equal(mkdir(s->state_dir, 0700), 0);
	assert_status(open_store(s), ST_STORE_LOST);
}

/* CFG-07, CFG-08 */
static void a_lost_key_is_told(void **state)
{
	struct scene *s = *state;

	remove_tree(s->key_dir);
	assert_status(open_store(s), ST_KEY_MISSING);
	assert_status(store_init(&s->place, false), ST_KEY_MISSING);
	assert_status(store_init(&s->place, true), ST_KEY_MISSING);
	assert_int_equal(unlink(scene_path(s, "state/marker")), 0);
	assert_status(open_store(s), ST_UNINITIALISED);
	assert_int_equal(mkdir(scene_path(s, "state/users/alice"), 0700), 0);
	assert_status(open_store(s), ST_KEY_MISSING);
	assert_status(store_init(&s->place, true), ST_KEY_MISSING);
}

/* FIL-09: the whole state directory of another machine. */
static void a_store_of_another_host_is_lost(void **state)
{
	struct scene *s = *state;
	struct scene *other = NULL;

	scene_new((void **)&other);
	remove_tree(s->state_dir);
	assert_int_equal(rename(other->state_dir, s->state_dir), 0);
	assert_status(open_store(s), ST_STORE_LOST);
	assert_status(store_init(&s->place, true), ST_STORE_LOST);
	scene_end((void **)&other);
}

static void a_damaged_marker_is_told(void **state)
{
	struct scene *s = *state;
	uint8_t bytes[256] = {0};
	size_t length = read_whole(scene_path(s, "state/marker"), bytes, sizeof(bytes));

	for (size_t cut = 0; cut < length + 4; cut++) {
		write_whole(scene_path(s, "state/marker"), bytes, cut);
		assert_status(open_store(s), cut == length ? ST_OK : ST_CORRUPT);
	}
	for (size_t bit = 0; bit < 8 * length; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		write_whole(scene_path(s, "state/marker"), bytes, length);
		enum status result = open_store(s);
		assert_true(result == ST_CORRUPT || result == ST_STORE_LOST);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* FIL-01 to FIL-05 for what is not a user's. */
static void unsafe_places_are_refused(void **state)
{
	static const char *const directories[] = {"state", "state/users", "keys"};
	struct scene *s = *state;

	for (size_t i = 0; i < LENGTH(directories); i++) {
		static const mode_t wrong[] = {0720, 0702, 0777, 01777};
		for (size_t j = 0; j < LENGTH(wrong); j++) {
			assert_int_equal(chmod(scene_path(s, directories[i]), wrong[j]), 0);
			assert_status(open_store(s), ST_PERM);
		}
		assert_int_equal(chmod(scene_path(s, directories[i]), 0700), 0);
		char other[512];
		strcpy(other, scene_path(s, "elsewhere"));
		assert_int_equal(rename(scene_path(s, directories[i]), other), 0);
		assert_int_equal(symlink(other, scene_path(s, directories[i])), 0);
		assert_status(open_store(s), ST_PERM);
		assert_int_equal(unlink(scene_path(s, directories[i])), 0);
		assert_int_equal(rename(other, scene_path(s, directories[i])), 0);
		assert_ok(open_store(s));
	}
	assert_int_equal(chmod(scene_path(s, "state/marker"), 0604), 0);
	assert_status(open_store(s), ST_PERM);
}

static void a_missing_table_is_made_again(void **state)
{
	struct scene *s = *state;

	assert_int_equal(unlink(scene_path(s, "state/unknown")), 0);
	assert_ok(store_init(&s->place, false));
	assert_status(store_init(&s->place, false), ST_EXISTS);
	assert_mode(s, "state/unknown", 0600);
}

/* A process that waited sees the keys as they are when it takes the lock. */
static void a_new_key_is_seen(void **state)
{
	struct scene *s = *state;
	struct key_id made;

	assert_ok(store_refresh(&s->store));
	assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &made));
	assert_ok(store_refresh(&s->store));
	assert_int_equal(s->store.keyring.count, 2);
	s->store.keys_changed.tv_sec = 1; /* as if it had been old when it was read */
	assert_ok(store_refresh(&s->store));
	assert_int_equal(s->store.keyring.count, 2);
	remove_tree(s->key_dir);
	assert_status(store_refresh(&s->store), ST_KEY_MISSING);
	assert_int_equal(s->store.keyring.count, 2);
}

/* Each name has one slot, the same after a rekey, and names spread. */
static void slots_are_spread_and_lasting(void **state)
{
	struct scene *s = *state;
	unsigned used[TABLE_SLOTS] = {0};
	unsigned before = table_slot(&s->store.keyring, STATE_OF_UNKNOWN, "alice");
	unsigned taken = 0;
	unsigned most = 0;
	struct key_id made;

	for (unsigned i = 0; i < 10000; i++) {
		char name[16];
		snprintf(name, sizeof(name), "user%u", i);
		unsigned slot = table_slot(&s->store.keyring, STATE_OF_UNKNOWN, name);
		assert_in_range(slot, 0, TABLE_SLOTS - 1);
		used[slot]++;
	}
	for (unsigned i = 0; i < TABLE_SLOTS; i++) {
		taken += used[i] > 0;
		most = used[i] > most ? used[i] : most;
	}
	assert_int_equal(taken, TABLE_SLOTS);
	assert_true(most < 100);
	assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &made));
	assert_ok(scene_reopen(s));
	assert_int_equal(table_slot(&s->store.keyring, STATE_OF_UNKNOWN, "alice"), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_EMPTY(nothing_is_not_initialised),
	    IN_EMPTY(init_makes_all_of_it_once),
	    IN_EMPTY(init_makes_the_way),
	    IN_EMPTY(init_narrows_what_is_empty),
	    IN_SCENE(a_lost_store_is_told),
	    IN_SCENE(a_refusal_leaves_nothing),
	    IN_EMPTY(a_failure_leaves_nothing),
	    IN_EMPTY(a_full_disk_leaves_nothing),
	    IN_SCENE(an_unmounted_store_is_lost),
	    IN_SCENE(a_lost_key_is_told),
	    IN_SCENE(a_store_of_another_host_is_lost),
	    IN_SCENE(a_damaged_marker_is_told),
	    IN_SCENE(unsafe_places_are_refused),
	    IN_SCENE(a_missing_table_is_made_again),
	    IN_SCENE(a_new_key_is_seen),
	    IN_SCENE(slots_are_spread_and_lasting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
