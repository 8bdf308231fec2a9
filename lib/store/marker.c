/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/marker.h"

#include "lib/base/number.h"
#include "lib/store/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MARKER_MAX = 128 };

static const char name[] = "marker";
static const char unborn[] = "marker.new";
static const char head[] = "kling store 1\nhost ";

static size_t compose(const uint8_t host[HOST_ID_BYTES], char text[MARKER_MAX])
{
	size_t length = sizeof(head) - 1;

	memcpy(text, head, length);
	hex_format(host, HOST_ID_BYTES, text + length);
	length += (size_t)2 * HOST_ID_BYTES;
	text[length++] = '\n';
	return length;
}

static enum status check_one(int root, const char *file, uid_t owner,
			     const uint8_t host[HOST_ID_BYTES])
{
	char wanted[MARKER_MAX];
	uint8_t found[MARKER_MAX];
	size_t length = 0;
	size_t expected = compose(host, wanted);
	enum status s = safe_file_read(root, file, owner, found, sizeof(found), &length);

	if (s != ST_OK)
		return s;
	if (length != expected || memcmp(found, head, sizeof(head) - 1) != 0)
		return ST_CORRUPT;
	return memcmp(found, wanted, expected) == 0 ? ST_OK : ST_STORE_LOST;
}

enum status marker_check(int root, uid_t owner, const uint8_t host[HOST_ID_BYTES])
{
	enum status s = check_one(root, name, owner, host);

	if (s != ST_MISSING)
		return s;
	s = check_one(root, unborn, owner, host);
	return s == ST_CORRUPT || s == ST_STORE_LOST ? ST_MISSING : s;
}

enum status marker_is_final(int root, bool *present)
{
	struct stat st;

	*present = fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	return *present || errno == ENOENT ? ST_OK : status_of_errno(errno);
}

enum status marker_prepare(int root, const uint8_t host[HOST_ID_BYTES])
{
	char text[MARKER_MAX];
	size_t length = compose(host, text);

	enum status s = safe_file_prepare(root, unborn, 0600, text, length);
	return s == ST_OK ? safe_file_flush(root) : s;
}

void marker_forget(int root)
{
	(void)unlinkat(root, unborn, 0);
}

enum status marker_publish(int root)
{
	return safe_file_publish(root, unborn, name);
}
