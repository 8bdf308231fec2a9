/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/swap.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { ENOUGH = 64 * 1024 }; /* for the few pages of one login */

bool swap_can_be_kept_out(void)
{
	struct rlimit limit;
	int saved = errno;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur >= ENOUGH)
		return true;
	void *probe = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool locked = probe != MAP_FAILED && mlock(probe, page) == 0;
	if (probe != MAP_FAILED)
		(void)munmap(probe, page);
	errno = saved;
	return locked;
}
