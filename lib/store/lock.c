/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

enum { NAP_FIRST_NS = 100 * 1000, NAP_LAST_NS = 20 * 1000 * 1000 };

enum status patience_begin(struct patience *patience)
{
	if (clock_gettime(CLOCK_MONOTONIC, &patience->end) != 0)
		return ST_CLOCK;
	patience->end.tv_sec += LOCK_WAIT_SECONDS;
	return ST_OK;
}

bool patience_is_over(const struct patience *patience)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return true;
	return now.tv_sec > patience->end.tv_sec ||
	       (now.tv_sec == patience->end.tv_sec && now.tv_nsec >= patience->end.tv_nsec);
}

struct lock_wish {
	int fd;
	bool whole; /* a directory: flock; otherwise these bytes */
	off_t offset;
	off_t length;
};

static int try_lock(const struct lock_wish *wish)
{
	struct flock bytes = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (wish->whole)
		return flock(wish->fd, LOCK_EX | LOCK_NB);
	bytes.l_start = wish->offset;
	bytes.l_len = wish->length;
	return fcntl(wish->fd, F_OFD_SETLK, &bytes);
}

static int try_lock_shielded(const struct lock_wish *wish, struct shield *shield)
{
	if (shield)
		shield_raise(shield);
	int result = try_lock(wish);
	if (result != 0 && shield)
		shield_lower(shield);
	return result;
}

/* Polled: a wait that only a signal can end has no place in somebody else's process. */
static enum status wait_for(const struct lock_wish *wish, const struct patience *patience,
			    struct shield *shield)
{
	struct timespec nap = {0, NAP_FIRST_NS};

	while (try_lock_shielded(wish, shield) != 0) {
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EACCES)
			return status_of_errno(errno);
		if (patience_is_over(patience))
			return ST_LOCK_TIMEOUT;
		(void)nanosleep(&nap, NULL);
		if (nap.tv_nsec < NAP_LAST_NS)
			nap.tv_nsec += nap.tv_nsec / 2;
	}
	return ST_OK;
}

enum status lock_bytes(int fd, off_t offset, off_t length, const struct patience *patience,
		       struct shield *shield)
{
	return wait_for(&(struct lock_wish){fd, false, offset, length}, patience, shield);
}

void lock_release(int fd, off_t offset, off_t length)
{
	struct flock bytes = {
	    .l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = length};
	int saved = errno;

	(void)fcntl(fd, F_OFD_SETLK, &bytes);
	errno = saved;
}

enum status lock_directory(int fd, const struct patience *patience, struct shield *shield)
{
	return wait_for(&(struct lock_wish){fd, true, 0, 0}, patience, shield);
}
