/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 16384 };

void input_close(struct input *input)
{
	secret_clear(&input->held);
	input->over = true;
}

static enum status fill(struct input *input)
{
	ssize_t got;

	if (!input->held.bytes) {
		enum status s = secret_new(&input->held, CHUNK);
		if (s != ST_OK)
			return s;
	}
	do
		got = read(input->fd, input->held.bytes, CHUNK);
	while (got < 0 && errno == EINTR);
	input->given = 0;
	input->held.length = got > 0 ? (size_t)got : 0;
	input->over = got == 0;
	return got < 0 ? ST_IO : ST_OK;
}

/* Takes from what is held up to the end of the line; true when the line ended. */
static bool take(struct input *input, struct secret *line, enum status *status)
{
	const uint8_t *start = input->held.bytes + input->given;
	size_t left = input->held.length - input->given;
	const uint8_t *end = left ? memchr(start, '\n', left) : NULL;
	size_t length = end ? (size_t)(end - start) : left;

	input->given += length + (end ? 1 : 0);
	if (line->length + length > INPUT_LINE_MAX)
		*status = ST_TOO_BIG;
	else if (memchr(start, '\0', length))
		*status = ST_SYNTAX;
	else if (*status == ST_OK)
		*status = secret_append(line, start, length);
	return end != NULL;
}

enum status input_line(struct input *input, struct secret *line)
{
	enum status status = ST_OK;
	bool any = false, ended = false;

	secret_clear(line);
	while (!ended) {
		if (input->given == input->held.length) {
			enum status s = input->over ? ST_OK : fill(input);
			if (s != ST_OK)
				return s;
			if (input->over)
				break;
		}
		any = true;
		ended = take(input, line, &status);
	}
	if (status == ST_OK && line->length > 0 && line->bytes[line->length - 1] == '\r')
		line->length--;
	return any ? status : ST_MISSING;
}

enum status input_open(const char *path, int *fd)
{
	struct stat what;

	if (strcmp(path, "-") == 0)
		*fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (*fd < 0)
		return errno == ENOENT ? ST_MISSING : ST_IO;
	if (fstat(*fd, &what) == 0 && !S_ISDIR(what.st_mode))
		return ST_OK;
	(void)close(*fd);
	*fd = -1;
	return ST_PERM;
}
