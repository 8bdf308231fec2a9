/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/safe_file.h"

#include "lib/base/cleanup.h"
#include "lib/base/safe_path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { FORBIDDEN_BITS = S_IRWXG | S_IRWXO | S_ISUID | S_ISGID | S_ISVTX, NAME_BYTES = 64 };

static enum status open_checked(int dir, const char *name, int flags, uid_t owner, off_t size,
				int *fd, struct stat *st)
{
	enum status s = safe_file_open(dir, name, flags, owner, FORBIDDEN_BITS, size, fd, st);

	return s == ST_TOO_BIG ? ST_CORRUPT : s;
}

enum status safe_file_open_rw(int dir, const char *name, uid_t owner, off_t size, int *fd,
			      struct stat *st)
{
	return open_checked(dir, name, O_RDWR, owner, size, fd, st);
}

enum status safe_file_read_at(int fd, off_t offset, void *bytes, size_t size, size_t *length)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = pread(fd, (uint8_t *)bytes + done, size - done, offset + (off_t)done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return status_of_errno(errno);
		if (got == 0)
			break;
		done += (size_t)got;
	}
	*length = done;
	return ST_OK;
}

bool safe_file_may_reach(off_t end)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
		return false;
	return (rlim_t)end <= limit.rlim_cur; /* RLIM_INFINITY is the largest of all */
}

enum status safe_file_write_at(int fd, off_t offset, const void *bytes, size_t length)
{
	size_t done = 0;

	if (!safe_file_may_reach(offset + (off_t)length)) {
		errno = EFBIG;
		return status_of_errno(errno);
	}
	while (done < length) {
		ssize_t put =
		    pwrite(fd, (const uint8_t *)bytes + done, length - done, offset + (off_t)done);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return status_of_errno(errno);
		done += (size_t)put;
	}
	return ST_OK;
}

/* Only an interrupted flush may be asked for again: after an error the pages count as clean. */
enum status safe_file_flush(int fd)
{
	while (fsync(fd) != 0)
		if (errno != EINTR)
			return status_of_errno(errno);
	return ST_OK;
}

enum status safe_file_flush_data(int fd)
{
	while (fdatasync(fd) != 0)
		if (errno != EINTR)
			return status_of_errno(errno);
	return ST_OK;
}

/* One call: a file that gives less than was asked for has no more. */
static enum status read_once(int fd, uint8_t *bytes, size_t size, size_t *length)
{
	ssize_t got;

	do
		got = pread(fd, bytes, size, 0);
	while (got < 0 && errno == EINTR);
	*length = got < 0 ? 0 : (size_t)got;
	return got < 0 ? status_of_errno(errno) : ST_OK;
}

enum status safe_file_read(int dir, const char *name, uid_t owner, uint8_t *bytes, size_t size,
			   size_t *length)
{
	int opened = -1;
	struct stat st;
	enum status s = open_checked(dir, name, O_RDONLY, owner, (off_t)size, &opened, &st);
	AUTO_FD fd = opened;

	if (s != ST_OK)
		return s;
	return read_once(fd, bytes, size, length);
}

/* What the C library takes for a request of ioctl. */
#ifdef __GLIBC__
typedef unsigned long ioctl_request;
#else
typedef int ioctl_request;
#endif

/* Overwriting in place must not need a new block: on btrfs that means no copy-on-write. */
static void keep_in_place(int fd)
{
	struct statfs fs;
	int flags = 0;

	if (fstatfs(fd, &fs) != 0 || (unsigned long)fs.f_type != BTRFS_SUPER_MAGIC)
		return;
	if (ioctl(fd, (ioctl_request)FS_IOC_GETFLAGS, &flags) != 0)
		return;
	flags |= FS_NOCOW_FL;
	(void)ioctl(fd, (ioctl_request)FS_IOC_SETFLAGS, &flags);
}

static enum status fill(int dir, const char *name, mode_t mode, const void *bytes, size_t length)
{
	AUTO_FD fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0 || fchmod(fd, mode) != 0)
		return status_of_errno(errno);
	keep_in_place(fd);
	enum status s = safe_file_write_at(fd, 0, bytes, length);
	if (s != ST_OK)
		return s;
	return safe_file_flush(fd);
}

enum status safe_file_prepare(int dir, const char *name, mode_t mode, const void *bytes,
			      size_t length)
{
	if (unlinkat(dir, name, 0) != 0 && errno != ENOENT)
		return status_of_errno(errno);
	enum status s = fill(dir, name, mode, bytes, length);
	if (s != ST_OK) {
		int saved = errno;
		(void)unlinkat(dir, name, 0);
		errno = saved;
	}
	return s;
}

enum status safe_file_publish(int dir, const char *prepared, const char *name)
{
	if (renameat(dir, prepared, dir, name) != 0)
		return status_of_errno(errno);
	return safe_file_flush(dir);
}

static bool name_prepared(const char *name, char prepared[NAME_BYTES])
{
	static const char ending[] = ".new";
	size_t length = strlen(name);

	if (length + sizeof(ending) > NAME_BYTES)
		return false;
	memcpy(prepared, name, length);
	memcpy(prepared + length, ending, sizeof(ending));
	return true;
}

enum status safe_file_replace(int dir, const char *name, const void *bytes, size_t length,
			      bool *replaced)
{
	char prepared[NAME_BYTES];

	*replaced = false;
	if (!name_prepared(name, prepared))
		return ST_INTERNAL;
	enum status s = safe_file_prepare(dir, prepared, 0600, bytes, length);
	if (s != ST_OK)
		return s;
	if (renameat(dir, prepared, dir, name) != 0) {
		(void)unlinkat(dir, prepared, 0);
		return status_of_errno(errno);
	}
	*replaced = true;
	return safe_file_flush(dir);
}

enum status safe_file_remove(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) != 0)
		return errno == ENOENT ? ST_MISSING : status_of_errno(errno);
	return safe_file_flush(dir);
}
