/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/store_scene.h"

#include <errno.h>
#include <linux/fs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>

/*
 * Real file systems, each in a private mount namespace: full, without inodes, read-only.
 * Needs root and loop devices; says what it had to leave out.
 */
struct kind {
	const char *name;
	const char *make;  /* makes the image "disk" of `megabytes`; NULL: none is needed */
	const char *mount; /* mounts on "there" */
	unsigned megabytes;
	bool fills; /* can be filled without hurting anybody */
};

static const struct kind kinds[] = {
    {"ext4", "mkfs.ext4 -q -F -m 0 disk", "mount -o loop disk there", 40, true},
    {"ext4 few inodes", "mkfs.ext4 -q -F -m 0 -N 32 disk", "mount -o loop disk there", 40, false},
    {"xfs", "mkfs.xfs -q -f disk", "mount -o loop disk there", 320, true},
    {"btrfs", "mkfs.btrfs -q -f disk", "mount -o loop disk there", 128, true},
    {"tmpfs", NULL, "mount -t tmpfs -o size=24m,mode=700 kling there", 0, true},
    {"overlay", NULL,
     "mkdir lower upper work && mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work "
     "kling there",
     0, false},
};

static char home[32];

/* A command in the home of the test, quietly. */
static bool run(const char *command)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && { %s; } >/dev/null 2>&1", home, command);
	return system(line) == 0;
}

static bool mount_it(const struct kind *kind)
{
	char make[64];

	snprintf(make, sizeof(make), "rm -rf disk there lower upper work && mkdir -m 700 there");
	if (!run(make))
		return false;
	if (kind->make) {
		snprintf(make, sizeof(make), "truncate -s %uM disk", kind->megabytes);
		if (!run(make) || !run(kind->make))
			return false;
	}
	return run(kind->mount) && run("chmod 700 there");
}

/* A scene whose place is on it. */
static struct scene *begin_there(void)
{
	struct scene *s = scene_begin();

	remove_tree(s->dir);
	snprintf(s->dir, sizeof(s->dir), "%s/there", home);
	snprintf(s->state_dir, sizeof(s->state_dir), "%s/state", s->dir);
	snprintf(s->key_dir, sizeof(s->key_dir), "%s/keys", s->dir);
	assert_ok(store_init(&s->place, false));
	assert_ok(scene_reopen(s));
	enroll_alice(s, 0x41);
	return s;
}

static void end_there(struct scene *s)
{
	account_unlock(&s->account);
	store_close(&s->store);
	free(s);
	(void)run("umount there");
}

static enum status commit_once(struct scene *s, unsigned failures)
{
	enum status result = account_lock(&s->store, &s->alice, &s->account);

	if (result == ST_OK) {
		s->account.state->failures = failures;
		result = account_commit(&s->account);
	}
	account_unlock(&s->account);
	return result;
}

static enum status enroll_once(struct scene *s, const struct who *who, unsigned mark)
{
	enum status result = account_lock_own(&s->store, who, &s->account);

	if (result == ST_OK)
		result = enroll_under_lock(s, mark);
	account_unlock(&s->account);
	return result;
}

/* CON-12: what is counted in parallel is counted. */
static void count_in_parallel(struct scene *s)
{
	enum { PROCESSES = 4, ROUNDS = 25 };

	assert_ok(commit_once(s, 0));
	for (int i = 0; i < PROCESSES; i++) {
		if (fork() != 0)
			continue;
		bool ok = scene_reopen(s) == ST_OK;
		for (int round = 0; ok && round < ROUNDS; round++) {
			ok = account_lock(&s->store, &s->alice, &s->account) == ST_OK;
			if (ok)
				s->account.state->failures++;
			ok = ok && account_commit(&s->account) == ST_OK;
			account_unlock(&s->account);
		}
		_exit(!ok);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int result = 0;
		assert_true(wait(&result) > 0);
		assert_int_equal(result, 0);
	}
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_int_equal(s->account.state->failures, PROCESSES * ROUNDS);
	account_unlock(&s->account);
}

static void fill_up(struct scene *s)
{
	static const char zeros[1 << 16];
	int fd = open(scene_path(s, "filler"), O_WRONLY | O_CREAT, 0600);

	for (size_t size = sizeof(zeros); size > 0; size /= 2)
		while (write(fd, zeros, size) > 0)
			continue;
	(void)fsync(fd);
	close(fd);
	sync();
}

static void use_up_inodes(struct scene *s)
{
	char name[32];

	for (unsigned i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "filler%u", i);
		int fd = open(scene_path(s, name), O_WRONLY | O_CREAT, 0600);
		if (fd < 0)
			return;
		close(fd);
	}
	fail_msg("the inodes do not end");
}

/* DUR-07, DUR-08: commits go on, enrollments fail and leave everything as it was. */
static void check_full(struct scene *s, bool makes_fail)
{
	const struct who bob = {"bob", 1001, true};
	unsigned mark = 0;

	for (unsigned i = 1; i <= 12; i++)
		assert_ok(commit_once(s, i));
	if (!makes_fail)
		return;
	assert_status(enroll_once(s, &s->alice, 0x42), ST_IO);
	assert_ok(login(s, &s->alice, &mark));
	assert_int_equal(mark, 0x41);
	assert_int_equal(s->account.state->failures, 12);
	account_unlock(&s->account);
	assert_status(enroll_once(s, &bob, 0x42), ST_IO);
	assert_int_equal(access(scene_path(s, "state/users/bob"), F_OK), -1);
	assert_int_equal(access(scene_path(s, "state/users/alice/enrollment.new"), F_OK), -1);
	assert_ok(commit_once(s, 13));
}

/* DUR-09 */
static void check_read_only(struct scene *s)
{
	if (!run("mount -o remount,ro there")) {
		print_message("  cannot be made read-only\n");
		return;
	}
	assert_ok(scene_reopen(s));
	assert_status(commit_once(s, 1), ST_IO);
	assert_status(enroll_once(s, &s->alice, 0x42), ST_IO);
	assert_true(run("mount -o remount,rw there"));
	assert_ok(scene_reopen(s));
	assert_ok(commit_once(s, 1));
}

/* FIL-05 */
static void check_immutable(struct scene *s)
{
	int fd = open(scene_path(s, "state/users/alice/state"), O_RDONLY);
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0) {
		int immutable = flags | FS_IMMUTABLE_FL;
		if (ioctl(fd, FS_IOC_SETFLAGS, &immutable) == 0) {
			assert_status(commit_once(s, 1), ST_IO);
			assert_int_equal(ioctl(fd, FS_IOC_SETFLAGS, &flags), 0);
			assert_ok(commit_once(s, 1));
			print_message("  immutable is refused\n");
		}
	}
	close(fd);
}

static void check_kind(const struct kind *kind)
{
	if (!mount_it(kind)) {
		print_message("%s: left out, it cannot be made or mounted here\n", kind->name);
		return;
	}
	print_message("%s\n", kind->name);
	struct scene *s = begin_there();
	count_in_parallel(s);
	check_immutable(s);
	check_read_only(s);
	if (strstr(kind->name, "inodes"))
		use_up_inodes(s);
	else if (kind->fills)
		fill_up(s);
	check_full(s, kind->fills || strstr(kind->name, "inodes"));
	end_there(s);
}

static void every_file_system(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(kinds); i++)
		check_kind(&kinds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_file_system)};

	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
		print_message("left out: needs root and a mount namespace of its own\n");
		return 77;
	}
	strcpy(home, "/tmp/kling-disks-XXXXXX");
	if (!mkdtemp(home))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)run("umount there");
	remove_tree(home);
	return failed;
}
