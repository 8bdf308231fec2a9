/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/tool_run.h"

#include "kling-enroll/tool.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORDS_MAX = 16 };

struct streams {
	int kept[3], input, output, nowhere;
};

static void take_streams(struct streams *streams, const char *input)
{
	streams->input = memfd_create("input", MFD_CLOEXEC);
	streams->output = memfd_create("output", MFD_CLOEXEC);
	streams->nowhere = memfd_create("nowhere", MFD_CLOEXEC);
	(void)!write(streams->input, input, strlen(input));
	(void)lseek(streams->input, 0, SEEK_SET);
	for (int fd = 0; fd <= 2; fd++)
		streams->kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	(void)dup2(streams->input, 0);
	(void)dup2(streams->output, 1);
	(void)dup2(streams->nowhere, 2);
}

static void give_back(struct streams *streams, char *output, size_t size)
{
	ssize_t got = output != NULL ? pread(streams->output, output, size - 1, 0) : 0;
	if (output != NULL)
		output[got > 0 ? got : 0] = '\0';
	for (int fd = 0; fd <= 2; fd++) {
		(void)dup2(streams->kept[fd], fd);
		(void)close(streams->kept[fd]);
	}
	(void)close(streams->input);
	(void)close(streams->output);
	(void)close(streams->nowhere);
}

static int run(int count, char *const *words)
{
	const char *operands[WORDS_MAX];
	struct tool tool = {.store = STORE_CLOSED};
	struct usage_problem problem;
	if (!request_parse(count, words, operands, &tool.request, &problem))
		return EXIT_USAGE;
	int code = (int)tool.request.command->run(&tool);
	tool_close(&tool);
	return code;
}

int tool_run(const char *const *words, const char *input, char *output, size_t size)
{
	struct streams streams;
	char *copies[WORDS_MAX] = {NULL};
	int count = 0;
	for (; words[count] != NULL && count < WORDS_MAX - 1; count++)
		copies[count] = (char *)(uintptr_t)words[count];
	take_streams(&streams, input != NULL ? input : "");
	int code = run(count, copies);
	give_back(&streams, output, size);
	return code;
}
