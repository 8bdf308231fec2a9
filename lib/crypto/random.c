/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/crypto/random.h"

#include "lib/base/secret.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/types.h>

/* What the kernel gives in one call, at least one byte; -1 when it refuses. */
static ssize_t take(void *bytes, size_t length)
{
	ssize_t got;

	do
		got = getrandom(bytes, length, 0);
	while (got < 0 && errno == EINTR);
	return got == 0 ? -1 : got;
}

enum status random_bytes(void *bytes, size_t length)
{
	uint8_t *to = bytes;
	size_t done = 0;

	while (done < length) {
		ssize_t got = take(to + done, length - done);
		if (got < 0) {
			wipe(bytes, length);
			return ST_IO;
		}
		done += (size_t)got;
	}
	return ST_OK;
}
