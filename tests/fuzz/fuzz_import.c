/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file of another tool. The first byte says of which: 0 google-authenticator, 1 users.oath, 2
 * URIs. Whatever is in it, each token that is found is within all limits, every problem has its
 * line and its words, and every line with something in it is answered for.
 */
#include "kling-enroll/import.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_LIMIT = 65536 };

struct tally {
	unsigned tokens, problems, notes;
	unsigned lines;
};

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void take_token(void *context, struct found_token *found, unsigned line)
{
	struct tally *tally = context;
	const struct token *token = &found->otpauth.token;

	tally->tokens++;
	demand(line >= 1 && line <= tally->lines);
	demand(memchr(found->user, '\0', sizeof(found->user)) != NULL);
	demand(token->secret_length >= TOKEN_SECRET_MIN);
	demand(token->secret_length <= sizeof(token->secret));
	demand(token->digits >= 6 && token->digits <= 8);
	demand(token->period >= TOKEN_PERIOD_MIN && token->period <= TOKEN_PERIOD_MAX);
	demand(token->algorithm >= TOKEN_SHA1 && token->algorithm <= TOKEN_SHA512);
	demand(token->offset >= -100000 && token->offset <= 100000);
	demand(memchr(token->label, '\0', sizeof(token->label)) != NULL);
}

static void take_problem(void *context, const char *user, unsigned line, const char *text)
{
	struct tally *tally = context;

	(void)user;
	tally->problems++;
	demand(text != NULL && text[0] != '\0');
	demand(line >= 1 && (line <= tally->lines || line == 1));
}

static void take_note(void *context, unsigned line, const char *text)
{
	struct tally *tally = context;

	tally->notes++;
	demand(text != NULL && text[0] != '\0' && line <= tally->lines);
}

static unsigned count_lines(const uint8_t *data, size_t size)
{
	unsigned lines = 0;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n' || i + 1 == size;
	return lines;
}

static int file_of(const uint8_t *data, size_t size)
{
	int fd = memfd_create("import", MFD_CLOEXEC);

	demand(fd >= 0);
	demand(size == 0 || write(fd, data, size) == (ssize_t)size);
	demand(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum status (*const readers[])(struct input *, const struct finder *) = {
	    import_google, import_oath, import_uris};

	if (size == 0 || size > SIZE_LIMIT)
		return 0;
	unsigned which = data[0] % 3;
	struct tally tally = {.lines = count_lines(data + 1, size - 1)};
	const struct finder finder = {take_token, take_problem, take_note, &tally};
	int fd = file_of(data + 1, size - 1);
	struct input input = INPUT_FROM(fd);
	demand(readers[which](&input, &finder) == ST_OK);
	input_close(&input);
	(void)close(fd);
	demand(which != 0 || (tally.tokens <= 1 && tally.tokens + tally.problems >= 1));
	demand(tally.tokens <= tally.lines);
	return 0;
}
