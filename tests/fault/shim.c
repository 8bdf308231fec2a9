/* SPDX-License-Identifier: BSD-3-Clause */
/* FORTIFY would put inline functions in the place of those that stand below. */
#undef _FORTIFY_SOURCE

#include "tests/fault/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EVENTS_MAX = 4096 };

static struct {
	bool armed;
	struct shim_plan plan;
	long calls;
	const char *failed;
	bool recording;
	struct shim_event events[EVENTS_MAX];
	size_t count;
} shim;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void shim_arm(const struct shim_plan *plan)
{
	shim.plan = *plan;
	shim.calls = 0;
	shim.failed = NULL;
	shim.armed = true;
}

long shim_disarm(const char **failed)
{
	shim.armed = false;
	if (failed)
		*failed = shim.failed;
	return shim.calls;
}

void shim_record(void)
{
	shim_forget();
	shim.recording = true;
}

const struct shim_event *shim_recorded(size_t *count)
{
	shim.recording = false;
	*count = shim.count;
	return shim.events;
}

void shim_forget(void)
{
	shim.recording = false;
	for (size_t i = 0; i < shim.count; i++)
		free(shim.events[i].bytes);
	memset(shim.events, 0, shim.count * sizeof(shim.events[0]));
	shim.count = 0;
}

/* Whether this call is to fail. */
static bool fails(const char *name)
{
	if (!shim.armed)
		return false;
	shim.calls++;
	bool again = shim.failed && shim.plan.lasting && strcmp(shim.failed, name) == 0;
	if (shim.calls != shim.plan.fail_at && !again)
		return false;
	shim.failed = name;
	if (shim.plan.die) {
		shim.armed = false;
		longjmp(*shim.plan.die, 1);
	}
	errno = shim.plan.error;
	return true;
}

static struct shim_event *add_event(enum shim_kind kind)
{
	static struct shim_event beyond;

	if (!shim.recording)
		return &beyond;
	if (shim.count == EVENTS_MAX) {
		fprintf(stderr, "too many events\n");
		abort();
	}
	struct shim_event *event = &shim.events[shim.count++];
	event->kind = kind;
	return event;
}

void shim_mark(long mark)
{
	add_event(SHIM_MARK)->mark = mark;
}

static void path_of(int dir, const char *name, char out[256])
{
	char link[64];

	if (name && name[0] == '/') {
		snprintf(out, 256, "%s", name);
		return;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, out, 255);
	length = length < 0 ? 0 : length;
	out[length] = '\0';
	if (name)
		snprintf(out + length, 256 - (size_t)length, "/%s", name);
}

static struct stat raw_stat(int dir, const char *name)
{
	struct stat st = {0};

	(void)syscall(SYS_newfstatat, dir, name, &st,
		      name[0] ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH);
	return st;
}

static void record_create(int fd, int dir, const char *name, int flags)
{
	if (!shim.recording || fd < 0 || !(flags & O_CREAT))
		return;
	struct shim_event *event = add_event(SHIM_CREATE);
	path_of(dir, name, event->path);
	event->file = raw_stat(fd, "").st_ino;
}

int openat(int dir, const char *name, int flags, ...)
{
	va_list arguments;

	va_start(arguments, flags);
	mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	if (fails("openat"))
		return -1;
	int fd = (int)syscall(SYS_openat, dir, name, flags, mode);
	record_create(fd, dir, name, flags);
	return fd;
}

int open(const char *name, int flags, ...)
{
	va_list arguments;

	va_start(arguments, flags);
	mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	if (fails("open"))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, name, flags, mode);
}

int mkdirat(int dir, const char *name, mode_t mode)
{
	if (fails("mkdirat"))
		return -1;
	int result = (int)syscall(SYS_mkdirat, dir, name, mode);
	if (result == 0)
		path_of(dir, name, add_event(SHIM_MKDIR)->path);
	return result;
}

int mkdir(const char *name, mode_t mode)
{
	if (fails("mkdir"))
		return -1;
	int result = (int)syscall(SYS_mkdirat, AT_FDCWD, name, mode);
	if (result == 0)
		path_of(AT_FDCWD, name, add_event(SHIM_MKDIR)->path);
	return result;
}

int unlinkat(int dir, const char *name, int flags)
{
	char path[256] = "";

	if (fails("unlinkat"))
		return -1;
	path_of(dir, name, path);
	int result = (int)syscall(SYS_unlinkat, dir, name, flags);
	if (result == 0)
		memcpy(add_event(SHIM_UNLINK)->path, path, sizeof(path));
	return result;
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	if (fails("renameat"))
		return -1;
	uint64_t file = raw_stat(from_dir, from).st_ino;
	int result = (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, 0);
	if (result != 0)
		return result;
	struct shim_event *event = add_event(SHIM_RENAME);
	path_of(from_dir, from, event->path);
	path_of(to_dir, to, event->to);
	event->file = file;
	return 0;
}

static void record_write(int fd, const void *bytes, size_t length, off_t offset)
{
	if (!shim.recording || length == 0)
		return;
	struct shim_event *event = add_event(SHIM_WRITE);
	path_of(fd, NULL, event->path);
	event->file = raw_stat(fd, "").st_ino;
	event->offset = offset;
	event->length = length;
	event->bytes = __real_malloc(length);
	memcpy(event->bytes, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	if (fails("pwrite")) {
		if (shim.plan.error)
			return -1;
		length /= 2;
	}
	ssize_t put = syscall(SYS_pwrite64, fd, bytes, length, offset);
	if (put > 0)
		record_write(fd, bytes, (size_t)put, offset);
	return put;
}

ssize_t pread(int fd, void *bytes, size_t length, off_t offset)
{
	if (fails("pread")) {
		if (shim.plan.error)
			return -1;
		length = (length + 1) / 2;
	}
	return syscall(SYS_pread64, fd, bytes, length, offset);
}

static void record_flush(int fd)
{
	if (!shim.recording)
		return;
	struct stat st = raw_stat(fd, "");
	struct shim_event *event =
	    add_event(S_ISDIR(st.st_mode) ? SHIM_FLUSH_DIRECTORY : SHIM_FLUSH);
	path_of(fd, NULL, event->path);
	event->file = st.st_ino;
}

int fdatasync(int fd)
{
	if (fails("fdatasync"))
		return -1;
	int result = (int)syscall(SYS_fdatasync, fd);
	if (result == 0)
		record_flush(fd);
	return result;
}

int fsync(int fd)
{
	if (fails("fsync"))
		return -1;
	int result = (int)syscall(SYS_fsync, fd);
	if (result == 0)
		record_flush(fd);
	return result;
}

int fchmod(int fd, mode_t mode)
{
	return fails("fchmod") ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int chmod(const char *path, mode_t mode)
{
	return fails("chmod") ? -1 : (int)syscall(SYS_fchmodat, AT_FDCWD, path, mode);
}

int fstat(int fd, struct stat *st)
{
	return fails("fstat") ? -1 : (int)syscall(SYS_newfstatat, fd, "", st, AT_EMPTY_PATH);
}

int fstatat(int dir, const char *restrict name, struct stat *restrict st, int flags)
{
	return fails("fstatat") ? -1 : (int)syscall(SYS_newfstatat, dir, name, st, flags);
}

int lstat(const char *restrict name, struct stat *restrict st)
{
	return fails("lstat")
		   ? -1
		   : (int)syscall(SYS_newfstatat, AT_FDCWD, name, st, AT_SYMLINK_NOFOLLOW);
}

int fcntl(int fd, int command, ...)
{
	va_list arguments;

	va_start(arguments, command);
	void *argument = va_arg(arguments, void *);
	va_end(arguments);
	/* Giving a lock back cannot fail in a way that anybody could answer. */
	if (command == F_OFD_SETLK && ((struct flock *)argument)->l_type == F_WRLCK &&
	    fails("fcntl"))
		return -1;
	return (int)syscall(SYS_fcntl, fd, command, argument);
}

int flock(int fd, int operation)
{
	return fails("flock") ? -1 : (int)syscall(SYS_flock, fd, operation);
}

off_t lseek(int fd, off_t offset, int whence)
{
	return fails("lseek") ? -1 : (off_t)syscall(SYS_lseek, fd, offset, whence);
}

/* As Linux does it: the descriptor is gone, whatever close says. */
int close(int fd)
{
	bool failing = fails("close");
	int saved = errno;
	int result = (int)syscall(SYS_close, fd);

	if (!failing)
		return result;
	errno = saved;
	return -1;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	if (fd == -1 && fails("mmap")) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

ssize_t getrandom(void *bytes, size_t length, unsigned flags)
{
	if (fails("getrandom")) {
		if (shim.plan.error)
			return -1;
		length /= 2;
	}
	return syscall(SYS_getrandom, bytes, length, flags);
}

void *__wrap_malloc(size_t size)
{
	if (fails("malloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return __real_malloc(size);
}
