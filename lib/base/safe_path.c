/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/safe_path.h"

#include "lib/base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum { OPEN_ALWAYS = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, REPLACED_TRIES = 3 };

static enum status status_of_open(void)
{
	switch (errno) {
	case ENOENT:
		return ST_MISSING;
	case ELOOP:   /* a symbolic link */
	case ENOTDIR: /* something else where a directory belongs */
	case EISDIR:
	case ENXIO: /* a socket, or a pipe without a reader */
		return ST_PERM;
	default:
		return status_of_errno(errno);
	}
}

static bool is_clean_name(const char *name, size_t length)
{
	return length > 0 && !(length == 1 && name[0] == '.') &&
	       !(length == 2 && name[0] == '.' && name[1] == '.');
}

bool safe_path_is_clean(const char *path)
{
	if (path[0] != '/' || strlen(path) >= PATH_MAX)
		return false;
	if (path[1] == '\0')
		return true;
	while (*path) {
		size_t length = strcspn(path + 1, "/");
		if (!is_clean_name(path + 1, length))
			return false;
		path += 1 + length;
	}
	return true;
}

static bool is_trusted(const struct stat *st, uid_t owner)
{
	return (st->st_uid == 0 || st->st_uid == owner) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* What lies in a sticky directory can be renamed by its owner alone. */
static bool is_sticky_of_root(const struct stat *st)
{
	return st->st_uid == 0 && (st->st_mode & S_ISVTX);
}

static enum status check_ancestor(const char *path, bool immediate, uid_t owner, bool *strict)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return status_of_open();
	if (!S_ISDIR(st.st_mode))
		return ST_PERM;
	*strict = is_trusted(&st, owner);
	return *strict || (!immediate && is_sticky_of_root(&st)) ? ST_OK : ST_PERM;
}

/* Whether the directory at this depth is one that was found safe for this use. */
static bool is_known(const struct safe_way *way, const char *path, size_t length, size_t depth,
		     bool immediate)
{
	if (depth >= way->depth || strncmp(way->path, path, length) != 0)
		return false;
	if (length > 1 && way->path[length] != '/')
		return false;
	return !immediate || (way->strict >> depth & 1);
}

/* One directory further. */
static enum status go_on(const struct safe_way *way, struct safe_way *now, size_t length,
			 bool immediate, uid_t owner)
{
	char above[PATH_MAX];
	enum status s = ST_OK;

	if (now->depth == SAFE_WAY_DEPTH)
		return ST_PERM;
	bool strict = way->strict >> now->depth & 1;
	if (!is_known(way, now->path, length, now->depth, immediate)) {
		memcpy(above, now->path, length);
		above[length] = '\0';
		s = check_ancestor(above, immediate, owner, &strict);
	}
	now->strict |= (uint64_t)strict << now->depth;
	now->depth++;
	return s;
}

/* From the top, so that each step is judged in a directory that is already trusted. */
static enum status check_ancestors(struct safe_way *way, const char *path, uid_t owner)
{
	struct safe_way now = {path, 0, 0};
	enum status s = ST_OK;

	if (!safe_path_is_clean(path))
		return ST_PERM;
	for (const char *slash = path; slash && slash[1] && s == ST_OK;) {
		const char *next = strchr(slash + 1, '/');
		size_t length = slash == path ? 1 : (size_t)(slash - path);
		s = go_on(way, &now, length, next == NULL, owner);
		slash = next;
	}
	if (s == ST_OK)
		*way = now;
	return s;
}

enum status safe_directory_open_along(struct safe_way *way, const char *path, uid_t owner, int *fd,
				      struct stat *st)
{
	enum status s = check_ancestors(way, path, owner);

	*fd = -1;
	if (s != ST_OK)
		return s;
	AUTO_FD opened = open(path, O_RDONLY | O_DIRECTORY | OPEN_ALWAYS);
	if (opened < 0)
		return status_of_open();
	if (fstat(opened, st) != 0)
		return status_of_errno(errno);
	if (!is_trusted(st, owner))
		return ST_PERM;
	*fd = opened;
	opened = -1;
	return ST_OK;
}

enum status safe_directory_open(const char *path, uid_t owner, int *fd)
{
	struct safe_way way = {NULL, 0, 0};
	struct stat st;

	return safe_directory_open_along(&way, path, owner, fd, &st);
}

struct demand {
	uid_t owner;
	mode_t forbidden;
	off_t max_size;
};

static enum status check_file(int fd, const struct demand *demand, struct stat *st)
{
	if (fstat(fd, st) != 0)
		return status_of_errno(errno);
	if (!S_ISREG(st->st_mode))
		return ST_PERM;
	if (st->st_nlink == 0)
		return ST_STALE;
	if (st->st_uid != demand->owner || st->st_nlink != 1 || (st->st_mode & demand->forbidden))
		return ST_PERM;
	return st->st_size > demand->max_size ? ST_TOO_BIG : ST_OK;
}

static enum status open_once(int dir, const char *name, int flags, const struct demand *demand,
			     int *fd, struct stat *st)
{
	AUTO_FD opened = openat(dir, name, flags | OPEN_ALWAYS);

	if (opened < 0)
		return status_of_open();
	enum status s = check_file(opened, demand, st);
	if (s != ST_OK)
		return s;
	*fd = opened;
	opened = -1;
	return ST_OK;
}

enum status safe_file_open(int dir, const char *name, int flags, uid_t owner, mode_t forbidden,
			   off_t max_size, int *fd, struct stat *st)
{
	const struct demand demand = {owner, forbidden, max_size};
	enum status s = ST_STALE;

	*fd = -1;
	if ((flags & O_CREAT) || strchr(name, '/') || !is_clean_name(name, strlen(name)))
		return ST_PERM;
	/* A rename over the name between open and fstat leaves a file without a link. */
	for (int i = 0; i < REPLACED_TRIES && s == ST_STALE; i++)
		s = open_once(dir, name, flags, &demand, fd, st);
	return s;
}

enum status safe_path_open_along(struct safe_way *way, const char *path, uid_t owner,
				 off_t max_size, int *fd, struct stat *st)
{
	enum status s = check_ancestors(way, path, owner);

	*fd = -1;
	if (s != ST_OK)
		return s;
	AUTO_FD opened = open(path, O_RDONLY | OPEN_ALWAYS);
	if (opened < 0)
		return status_of_open();
	if (fstat(opened, st) != 0)
		return status_of_errno(errno);
	if (!S_ISREG(st->st_mode) || !is_trusted(st, owner))
		return ST_PERM;
	if (st->st_size > max_size)
		return ST_TOO_BIG;
	*fd = opened;
	opened = -1;
	return ST_OK;
}

enum status safe_path_open(const char *path, uid_t owner, off_t max_size, int *fd)
{
	struct safe_way way = {NULL, 0, 0};
	struct stat st;

	return safe_path_open_along(&way, path, owner, max_size, fd, &st);
}
