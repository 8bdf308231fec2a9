/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/directory.h"

#include "lib/base/cleanup.h"
#include "lib/base/safe_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK };

static enum status status_of_open(void)
{
	switch (errno) {
	case ENOENT:
		return ST_MISSING;
	case ENOTDIR:
	case ELOOP:
		return ST_PERM;
	default:
		return status_of_errno(errno);
	}
}

enum status directory_open_at(int parent, const char *name, uid_t owner, int *fd)
{
	struct stat st;

	*fd = -1;
	AUTO_FD opened = openat(parent, name, DIRECTORY_FLAGS);
	if (opened < 0)
		return status_of_open();
	if (fstat(opened, &st) != 0)
		return status_of_errno(errno);
	if (st.st_uid != owner || (st.st_mode & (S_IWGRP | S_IWOTH)))
		return ST_PERM;
	*fd = opened;
	opened = -1;
	return ST_OK;
}

/* The host's umask may take bits away; ours is not to change. */
static enum status make_private(int parent, const char *name)
{
	if (mkdirat(parent, name, 0700) != 0)
		return errno == EEXIST ? ST_EXISTS : status_of_errno(errno);
	AUTO_FD made = openat(parent, name, DIRECTORY_FLAGS);
	if (made < 0 || fchmod(made, 0700) != 0)
		return status_of_errno(errno);
	return ST_OK;
}

enum status directory_make_at(int parent, const char *name, uid_t owner, int *fd)
{
	enum status s = make_private(parent, name);

	*fd = -1;
	if (s != ST_OK && s != ST_EXISTS)
		return s;
	/* Also when it was there: whoever made it may have died before its flush. */
	if (fsync(parent) != 0)
		return status_of_errno(errno);
	return directory_open_at(parent, name, owner, fd);
}

static enum status flush_parent(const char *path)
{
	char above[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t length = slash && slash > path ? (size_t)(slash - path) : 1;

	memcpy(above, path, length);
	above[length] = '\0';
	AUTO_FD parent = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return parent >= 0 && fsync(parent) == 0 ? ST_OK : ST_IO;
}

static enum status make_one(const char *path, mode_t mode)
{
	if (mkdir(path, mode) != 0)
		return errno == EEXIST ? ST_OK : ST_IO;
	if (chmod(path, mode) != 0)
		return status_of_errno(errno);
	return flush_parent(path);
}

static enum status make_path(const char *path)
{
	char above[PATH_MAX];
	enum status s = ST_OK;

	if (!safe_path_is_clean(path))
		return ST_PERM;
	for (const char *slash = strchr(path + 1, '/'); slash && s == ST_OK;
	     slash = strchr(slash + 1, '/')) {
		memcpy(above, path, (size_t)(slash - path));
		above[slash - path] = '\0';
		s = make_one(above, 0755);
	}
	return s == ST_OK ? make_one(path, 0700) : s;
}

static enum status narrow_if_empty(int fd)
{
	bool empty = false;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return status_of_errno(errno);
	if (!(st.st_mode & (S_IRWXG | S_IRWXO)))
		return ST_OK;
	enum status s = directory_is_empty(fd, &empty);
	if (s == ST_OK && empty && fchmod(fd, 0700) != 0)
		s = ST_IO;
	return s;
}

enum status directory_make(const char *path, uid_t owner, int *fd)
{
	int opened = -1;
	enum status s = make_path(path);

	*fd = -1;
	if (s != ST_OK)
		return s;
	s = safe_directory_open(path, owner, &opened);
	if (s != ST_OK)
		return s;
	s = narrow_if_empty(opened);
	if (s != ST_OK) {
		close_fd(&opened);
		return s;
	}
	*fd = opened;
	return ST_OK;
}

/* What the kernel writes; readdir would cost two more calls and 32 KiB for each login. */
struct entry {
	uint64_t inode;
	int64_t next;
	uint16_t length;
	uint8_t type;
	char name[];
};

static bool is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

enum status directory_each(int fd, enum status (*each)(void *context, const char *name),
			   void *context)
{
	_Alignas(struct entry) char buffer[8192];

	for (;;) {
		long filled = syscall(SYS_getdents64, fd, buffer, sizeof(buffer));
		if (filled < 0)
			return status_of_open(); /* ENOENT: removed while we hold it */
		if (filled == 0)
			return ST_OK;
		for (long at = 0; at < filled;) {
			const struct entry *entry = (const void *)(buffer + at);
			at += entry->length;
			if (is_dot(entry->name))
				continue;
			enum status s = each(context, entry->name);
			if (s != ST_OK)
				return s;
		}
	}
}

static enum status found_one(void *context, const char *name)
{
	(void)context;
	(void)name;
	return ST_EXISTS;
}

enum status directory_is_empty(int fd, bool *empty)
{
	if (lseek(fd, 0, SEEK_SET) != 0)
		return status_of_errno(errno);
	enum status s = directory_each(fd, found_one, NULL);
	*empty = s == ST_OK;
	return s == ST_EXISTS ? ST_OK : s;
}
