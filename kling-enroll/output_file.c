/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/output_file.h"

#include "lib/base/cleanup.h"
#include "lib/base/number.h"
#include "lib/crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

bool path_ends_in(const char *path, const char *ending)
{
	size_t length = strlen(path), tail = strlen(ending);

	return length > tail && strcasecmp(path + length - tail, ending) == 0;
}

/* Opens the directory of the path; the rest is the name. */
static enum status open_directory(struct output_file *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t length = slash ? (size_t)(slash - path) : 0;
	char directory[4096] = ".";

	if (slash && length < sizeof(directory)) {
		memcpy(directory, length ? path : "/", length ? length : 1);
		directory[length ? length : 1] = '\0';
	}
	if (!name[0] || strlen(name) >= sizeof(file->name) || length >= sizeof(directory)) {
		errno = EINVAL;
		return ST_IO;
	}
	memcpy(file->name, name, strlen(name) + 1);
	file->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->directory < 0)
		return errno == ENOENT ? ST_MISSING : ST_IO;
	return ST_OK;
}

static enum status name_hidden(struct output_file *file)
{
	uint8_t bytes[8];
	char hex[2 * sizeof(bytes) + 1];
	enum status s = random_bytes(bytes, sizeof(bytes));

	hex_format(bytes, sizeof(bytes), hex);
	snprintf(file->hidden, sizeof(file->hidden), ".kling-%s", hex);
	return s;
}

/* Without a name where the file system can do that: then nothing is left behind by a kill. */
static enum status open_nameless(struct output_file *file)
{
	file->fd = openat(file->directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (file->fd >= 0)
		return ST_OK;
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)
		return ST_IO;
	enum status s = name_hidden(file);
	if (s != ST_OK)
		return s;
	file->fd = openat(file->directory, file->hidden,
			  O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0600);
	if (file->fd < 0)
		file->hidden[0] = '\0';
	return file->fd < 0 ? ST_IO : ST_OK;
}

enum status output_file_begin(struct output_file *file, const char *path, bool replace)
{
	struct stat there;

	*file = OUTPUT_FILE_CLOSED;
	enum status s = open_directory(file, path);
	if (s != ST_OK)
		return s;
	if (!replace && fstatat(file->directory, file->name, &there, AT_SYMLINK_NOFOLLOW) == 0)
		return ST_EXISTS;
	s = open_nameless(file);
	if (s != ST_OK)
		return s;
	file->path = path;
	file->replace = replace;
	return fchmod(file->fd, 0600) == 0 ? ST_OK : ST_IO;
}

enum status output_file_write(struct output_file *file, struct out *content)
{
	enum status s = out_flush(content, file->fd);

	if (s != ST_OK)
		return s;
	return fsync(file->fd) == 0 ? ST_OK : ST_IO;
}

/* Links the open file to a name. */
static bool link_as(struct output_file *file, const char *name)
{
	char self[32];

	if (file->hidden[0])
		return linkat(file->directory, file->hidden, file->directory, name, 0) == 0;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", file->fd);
	return linkat(AT_FDCWD, self, file->directory, name, AT_SYMLINK_FOLLOW) == 0;
}

static enum status put_in_place(struct output_file *file)
{
	if (!file->replace)
		return link_as(file, file->name) ? ST_OK : errno == EEXIST ? ST_EXISTS : ST_IO;
	if (!file->hidden[0]) {
		char hidden[sizeof(file->hidden)];
		enum status s = name_hidden(file);
		memcpy(hidden, file->hidden, sizeof(hidden));
		file->hidden[0] = '\0';
		if (s != ST_OK || !link_as(file, hidden))
			return ST_IO;
		memcpy(file->hidden, hidden, sizeof(hidden));
	}
	if (renameat(file->directory, file->hidden, file->directory, file->name) != 0)
		return ST_IO;
	file->hidden[0] = '\0';
	return ST_OK;
}

enum status output_file_publish(struct output_file *file)
{
	if (!file->path)
		return ST_OK;
	enum status s = put_in_place(file);
	if (s != ST_OK)
		return s;
	return fsync(file->directory) == 0 ? ST_OK : ST_IO;
}

void output_file_retract(struct output_file *file)
{
	if (file->path)
		(void)unlinkat(file->directory, file->name, 0);
}

void output_file_discard(struct output_file *file)
{
	if (file->hidden[0])
		(void)unlinkat(file->directory, file->hidden, 0);
	close_fd(&file->fd);
	close_fd(&file->directory);
	*file = OUTPUT_FILE_CLOSED;
}
