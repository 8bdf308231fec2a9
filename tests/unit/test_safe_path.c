/* SPDX-License-Identifier: BSD-3-Clause */
/* Cases CFG-02 and CFG-06, and rule 6 of the state files: what may stand on the way. */
#include "lib/base/safe_path.h"

#include "lib/base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOMEBODY = 12345 };

/* ROOT/safe/store (0700) and ROOT/safe/store/file (0600). */
struct tree {
	char root[64];
	char store[96];
	char file[128];
	uid_t owner;
};

static void write_file(const char *path, const char *bytes, mode_t mode)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
	assert_int_equal(fchmod(fd, mode), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int setup(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));
	char safe[80];

	assert_non_null(t);
	strcpy(t->root, "/tmp/kling-safe-path-XXXXXX");
	assert_non_null(mkdtemp(t->root));
	snprintf(safe, sizeof(safe), "%s/safe", t->root);
	snprintf(t->store, sizeof(t->store), "%s/store", safe);
	snprintf(t->file, sizeof(t->file), "%s/file", t->store);
	t->owner = geteuid();
	assert_int_equal(mkdir(safe, 0755) | mkdir(t->store, 0700), 0);
	write_file(t->file, "hello", 0600);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct tree *t = *state;
	int failed = nftw(t->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);

	free(t);
	return failed;
}

static enum status try_directory(const char *path, uid_t owner)
{
	AUTO_FD fd = 99;
	enum status s = safe_directory_open(path, owner, &fd);

	if (s == ST_OK)
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	else
		assert_int_equal(fd, -1);
	return s;
}

static enum status try_path(const char *path, uid_t owner, off_t max)
{
	AUTO_FD fd = 99;
	enum status s = safe_path_open(path, owner, max, &fd);

	if (s == ST_OK)
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	else
		assert_int_equal(fd, -1);
	return s;
}

static enum status try_file(const struct tree *t, const char *name, off_t max)
{
	AUTO_FD dir = open(t->store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD fd = 99;
	struct stat st;

	assert_true(dir >= 0);
	enum status s = safe_file_open(dir, name, O_RDWR, t->owner, 0077, max, &fd, &st);
	if (s == ST_OK)
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	else
		assert_int_equal(fd, -1);
	return s;
}

static void clean_paths(void **state)
{
	static const char *const clean[] = {"/", "/a", "/a/b", "/a/...", "/.a/b..", "/a b/c"};
	static const char *const dirty[] = {"",      "a",      "a/b",     "./a", "/a/", "//",
					    "/a//b", "/a/./b", "/a/../b", "/..", "/.",  "//a"};
	char huge[5000];

	(void)state;
	for (size_t i = 0; i < sizeof(clean) / sizeof(clean[0]); i++)
		assert_true(safe_path_is_clean(clean[i]));
	for (size_t i = 0; i < sizeof(dirty) / sizeof(dirty[0]); i++) {
		assert_false(safe_path_is_clean(dirty[i]));
		assert_int_equal(try_directory(dirty[i], 0), ST_PERM);
		assert_int_equal(try_path(dirty[i], 0, 10), ST_PERM);
	}
	memset(huge, 'a', sizeof(huge));
	huge[0] = '/';
	huge[sizeof(huge) - 1] = '\0';
	assert_false(safe_path_is_clean(huge));
}

static void what_is_right_opens(void **state)
{
	const struct tree *t = *state;

	assert_int_equal(try_directory("/", 0), ST_OK);
	assert_int_equal(try_directory(t->store, t->owner), ST_OK);
	assert_int_equal(try_path(t->file, t->owner, 5), ST_OK);
	assert_int_equal(try_file(t, "file", 5), ST_OK);
}

static void missing(void **state)
{
	const struct tree *t = *state;
	char path[200];

	snprintf(path, sizeof(path), "%s/none", t->store);
	assert_int_equal(try_directory(path, t->owner), ST_MISSING);
	assert_int_equal(try_path(path, t->owner, 5), ST_MISSING);
	snprintf(path, sizeof(path), "%s/none/none", t->store);
	assert_int_equal(try_directory(path, t->owner), ST_MISSING);
	assert_int_equal(try_path(path, t->owner, 5), ST_MISSING);
	assert_int_equal(try_file(t, "none", 5), ST_MISSING);
}

static void modes(void **state)
{
	const struct tree *t = *state;
	static const struct {
		mode_t mode;
		enum status path, state;
	} table[] = {
	    {0600, ST_OK, ST_OK},     {0400, ST_OK, ST_OK},     {0644, ST_OK, ST_PERM},
	    {0640, ST_OK, ST_PERM},   {0601, ST_OK, ST_PERM},   {0620, ST_PERM, ST_PERM},
	    {0602, ST_PERM, ST_PERM}, {0666, ST_PERM, ST_PERM},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(chmod(t->file, table[i].mode), 0);
		assert_int_equal(try_path(t->file, t->owner, 5), table[i].path);
		if (t->owner == 0 || table[i].mode & 0200)
			assert_int_equal(try_file(t, "file", 5), table[i].state);
	}
}

static void sizes(void **state)
{
	const struct tree *t = *state;

	assert_int_equal(try_path(t->file, t->owner, 4), ST_TOO_BIG);
	assert_int_equal(try_file(t, "file", 4), ST_TOO_BIG);
	assert_int_equal(truncate(t->file, (off_t)1 << 30), 0);
	assert_int_equal(try_path(t->file, t->owner, 1 << 20), ST_TOO_BIG);
}

static void links(void **state)
{
	const struct tree *t = *state;
	char path[200];

	snprintf(path, sizeof(path), "%s/soft", t->store);
	assert_int_equal(symlink("file", path), 0);
	assert_int_equal(try_file(t, "soft", 5), ST_PERM);
	assert_int_equal(try_path(path, t->owner, 5), ST_PERM);
	snprintf(path, sizeof(path), "%s/dangling", t->store);
	assert_int_equal(symlink("none", path), 0);
	assert_int_equal(try_file(t, "dangling", 5), ST_PERM);
	assert_int_equal(try_path(path, t->owner, 5), ST_PERM);
	snprintf(path, sizeof(path), "%s/hard", t->store);
	assert_int_equal(link(t->file, path), 0);
	assert_int_equal(try_file(t, "hard", 5), ST_PERM);
	assert_int_equal(try_file(t, "file", 5), ST_PERM);
}

static void a_linked_directory(void **state)
{
	const struct tree *t = *state;
	char path[200];
	char below[220];

	snprintf(path, sizeof(path), "%s/elsewhere", t->root);
	assert_int_equal(symlink(t->store, path), 0);
	assert_int_equal(try_directory(path, t->owner), ST_PERM);
	snprintf(below, sizeof(below), "%s/file", path);
	assert_int_equal(try_path(below, t->owner, 5), ST_PERM);
	assert_int_equal(try_directory(below, t->owner), ST_PERM);
}

static void not_a_regular_file(void **state)
{
	const struct tree *t = *state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_FD listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char path[200];

	snprintf(path, sizeof(path), "%s/pipe", t->store);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(try_file(t, "pipe", 5), ST_PERM);
	assert_int_equal(try_path(path, t->owner, 5), ST_PERM);
	assert_int_equal(try_directory(path, t->owner), ST_PERM);
	snprintf(path, sizeof(path), "%s/folder", t->store);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(try_file(t, "folder", 5), ST_PERM);
	assert_int_equal(try_path(path, t->owner, 1 << 20), ST_PERM);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", t->store);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(try_file(t, "socket", 5), ST_PERM);
	assert_int_equal(try_path("/dev/null", 0, 5), ST_PERM);
}

static void names(void **state)
{
	static const char *const bad[] = {"", ".", "..", "/", "../store/file", "./file", "file/"};
	const struct tree *t = *state;
	AUTO_FD dir = open(t->store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	int fd;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(try_file(t, bad[i], 5), ST_PERM);
	assert_int_equal(safe_file_open(dir, "new", O_RDWR | O_CREAT, t->owner, 0, 5, &fd, &st),
			 ST_PERM);
	assert_int_equal(faccessat(dir, "new", F_OK, 0), -1);
}

/* CFG-06: a writable directory anywhere above. */
static void ancestors(void **state)
{
	const struct tree *t = *state;
	static const mode_t open_modes[] = {0770, 0777, 0707, 01777};
	char safe[80];

	snprintf(safe, sizeof(safe), "%s/safe", t->root);
	for (size_t i = 0; i < sizeof(open_modes) / sizeof(open_modes[0]); i++) {
		bool sticky_of_root = open_modes[i] == 01777 && t->owner == 0;
		assert_int_equal(chmod(safe, open_modes[i]), 0);
		assert_int_equal(try_directory(t->store, t->owner), ST_PERM);
		assert_int_equal(try_path(t->file, t->owner, 5), sticky_of_root ? ST_OK : ST_PERM);
	}
	assert_int_equal(chmod(safe, 0755), 0);
	for (size_t i = 0; i < sizeof(open_modes) / sizeof(open_modes[0]); i++) {
		assert_int_equal(chmod(t->store, open_modes[i]), 0);
		assert_int_equal(try_directory(t->store, t->owner), ST_PERM);
		assert_int_equal(try_path(t->file, t->owner, 5), ST_PERM);
	}
}

/* CFG-06: /tmp may be above, but nothing of ours lies in it directly. */
static void directly_in_a_sticky_directory(void **state)
{
	const struct tree *t = *state;

	assert_int_equal(try_directory(t->root, t->owner), ST_PERM);
	assert_int_equal(try_directory("/tmp", 0), ST_PERM);
}

static enum status try_along(struct safe_way *way, const char *path, uid_t owner, bool file)
{
	AUTO_FD fd = 99;
	struct stat st, now;
	enum status s = file ? safe_path_open_along(way, path, owner, 5, &fd, &st)
			     : safe_directory_open_along(way, path, owner, &fd, &st);

	if (s != ST_OK)
		return s;
	assert_int_equal(fstat(fd, &now), 0);
	assert_true(st.st_ino == now.st_ino && st.st_dev == now.st_dev);
	return s;
}

/* What two paths share is looked at once; nothing else is, and nothing passes for more than it is.
 */
static void a_way_that_is_known(void **state)
{
	const struct tree *t = *state;
	struct safe_way way = {NULL, 0, 0};
	char safe[80], beside[96], below[160];

	snprintf(safe, sizeof(safe), "%s/safe", t->root);
	snprintf(beside, sizeof(beside), "%s/safe/st", t->root);
	snprintf(below, sizeof(below), "%s/below", t->store);
	assert_int_equal(mkdir(beside, 0700) | mkdir(below, 0700), 0);
	assert_int_equal(try_along(&way, t->file, t->owner, true), ST_OK);
	assert_int_equal(way.depth, 5); /* / /tmp ROOT safe store */
	/* Seen safe before: within one piece of work that stands. */
	assert_int_equal(chmod(safe, 0777), 0);
	assert_int_equal(try_along(&way, t->file, t->owner, true), ST_OK);
	assert_int_equal(try_along(&way, below, t->owner, false), ST_OK);
	assert_int_equal(try_directory(below, t->owner), ST_PERM);
	/* A name that begins alike is another name, and its own mode still counts. */
	assert_int_equal(chmod(beside, 0770), 0);
	assert_int_equal(try_along(&way, beside, t->owner, false), ST_PERM);
	assert_int_equal(chmod(beside, 0700), 0);
	assert_int_equal(try_along(&way, beside, t->owner, false), ST_OK);
	assert_int_equal(way.depth, 4);
	assert_int_equal(try_along(&way, beside, t->owner, false), ST_OK);
	/* The store is no longer on the way: what is above is known, it itself is not. */
	assert_int_equal(chmod(t->store, 0770), 0);
	assert_int_equal(try_along(&way, t->file, t->owner, true), ST_PERM);
	/* A failure leaves what was known. */
	assert_int_equal(way.depth, 4);
}

/* /tmp was passed on the way, but nothing of ours lies in it directly. */
static void a_sticky_directory_on_the_way(void **state)
{
	const struct tree *t = *state;
	struct safe_way way = {NULL, 0, 0};

	assert_int_equal(try_along(&way, t->file, t->owner, true), ST_OK);
	assert_int_equal(try_along(&way, t->root, t->owner, false), ST_PERM);
}

/* "saf" is not known because "safe" is. */
static void the_beginning_of_a_known_name(void **state)
{
	const struct tree *t = *state;
	struct safe_way way = {NULL, 0, 0};
	char above[80], path[96];

	snprintf(above, sizeof(above), "%s/saf", t->root);
	snprintf(path, sizeof(path), "%s/store", above);
	assert_int_equal(mkdir(above, 0755) | mkdir(path, 0700), 0);
	assert_int_equal(try_along(&way, t->store, t->owner, false), ST_OK);
	assert_int_equal(chmod(above, 0777), 0);
	assert_int_equal(try_along(&way, path, t->owner, false), ST_PERM);
	assert_int_equal(chmod(above, 0755), 0);
	assert_int_equal(try_along(&way, path, t->owner, false), ST_OK);
}

static void too_deep_a_path(void **state)
{
	const struct tree *t = *state;
	char path[sizeof(t->root) + 4 * SAFE_WAY_DEPTH];
	struct safe_way way = {NULL, 0, 0};
	size_t depth = 1;

	/* The root and what lies above the last name count; "/tmp", too. */
	strcpy(path, t->root);
	for (const char *c = path + 1; *c; c++)
		depth += *c == '/';
	for (; depth < SAFE_WAY_DEPTH; depth++) {
		strcat(path, "/a");
		assert_int_equal(mkdir(path, 0755), 0);
		assert_int_equal(try_along(&way, path, t->owner, false), ST_OK);
	}
	strcat(path, "/a");
	assert_int_equal(mkdir(path, 0755), 0);
	struct safe_way none = {NULL, 0, 0};
	assert_int_equal(try_along(&none, path, t->owner, false), ST_PERM);
	assert_int_equal(none.depth, 0);
}

static void another_owner(void **state)
{
	const struct tree *t = *state;
	uid_t other = t->owner ? t->owner + 1 : 0;

	if (t->owner == 0) {
		assert_int_equal(chown(t->file, SOMEBODY, 0), 0);
		assert_int_equal(try_path(t->file, 0, 5), ST_PERM);
		assert_int_equal(try_path(t->file, SOMEBODY, 5), ST_OK);
		assert_int_equal(try_file(t, "file", 5), ST_PERM);
		assert_int_equal(chown(t->store, SOMEBODY, 0), 0);
	}
	assert_int_equal(try_directory(t->store, other), ST_PERM);
	assert_int_equal(try_path(t->file, other, 5), ST_PERM);
}

static void no_descriptors(void **state)
{
	const struct tree *t = *state;
	struct rlimit before;
	struct rlimit none;
	int fd;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	errno = 0;
	enum status s = safe_path_open(t->file, t->owner, 5, &fd);
	int reason = errno;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(s, ST_LIMIT);
	assert_int_equal(reason, EMFILE);
	assert_int_equal(fd, -1);
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static int run_all(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(clean_paths),
	    TREE_TEST(what_is_right_opens),
	    TREE_TEST(missing),
	    TREE_TEST(modes),
	    TREE_TEST(sizes),
	    TREE_TEST(links),
	    TREE_TEST(a_linked_directory),
	    TREE_TEST(not_a_regular_file),
	    TREE_TEST(names),
	    TREE_TEST(ancestors),
	    TREE_TEST(directly_in_a_sticky_directory),
	    TREE_TEST(a_way_that_is_known),
	    TREE_TEST(a_sticky_directory_on_the_way),
	    TREE_TEST(the_beginning_of_a_known_name),
	    TREE_TEST(too_deep_a_path),
	    TREE_TEST(another_owner),
	    TREE_TEST(no_descriptors),
	};

	return cmocka_run_group_tests_name(geteuid() ? "safe_path" : "safe_path as root", tests,
					   NULL, NULL);
}

/* As root everything runs twice: once more as somebody else. */
int main(void)
{
	int failed = run_all();
	int status = 0;

	if (geteuid() != 0)
		return failed;
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		if (setgid(SOMEBODY) != 0 || setuid(SOMEBODY) != 0)
			_exit(1);
		exit(run_all());
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	return failed + (status != 0);
}
