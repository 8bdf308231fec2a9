/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_TESTS_SETTINGS_PLACE_H
#define KLING_TESTS_SETTINGS_PLACE_H

#include "lib/conf/settings.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A directory of its own with one configuration file. */
struct place {
	char dir[64];
	char path[96];
};

static inline int place_new(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	strcpy(p->dir, "/tmp/kling-settings-XXXXXX");
	if (!mkdtemp(p->dir))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/kling.conf", p->dir);
	*state = p;
	return 0;
}

/* The file may be there or not; nothing else may be left. */
static inline int place_free(void **state)
{
	struct place *p = *state;

	(void)remove(p->path);
	int failed = rmdir(p->dir);
	free(p);
	return failed;
}

static inline void place_write_bytes(const struct place *p, const char *bytes, size_t length)
{
	int fd = open(p->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	assert_int_equal(fchmod(fd, 0644), 0);
	close(fd);
}

/* Loads the file of the place as it is, with these arguments (NULL at the end, or NULL). */
static inline enum status place_load_with(const struct place *p, const char *const *arguments,
					  struct settings **settings, struct conf_error *error)
{
	static const char *const flags[] = {"preauth", "use_authtok", NULL};
	struct conf_source source = {.path = p->path, .owner = geteuid(), .flags = flags};

	source.argv = arguments;
	while (arguments && arguments[source.argc])
		source.argc++;
	return settings_load(&source, settings, error);
}

/* The same with this text in the file. */
static inline enum status place_load(const struct place *p, const char *text,
				     struct settings **settings, struct conf_error *error)
{
	place_write_bytes(p, text, strlen(text));
	return place_load_with(p, NULL, settings, error);
}

/* What must load, or the test says why it did not. */
static inline struct settings *place_settings(const struct place *p, const char *text,
					      const char *const *arguments)
{
	struct settings *settings = NULL;
	struct conf_error error;

	place_write_bytes(p, text, strlen(text));
	enum status s = place_load_with(p, arguments, &settings, &error);
	if (s != ST_OK)
		fail_msg("%s:%u: %s: %s", error.file, error.line, error.word, error.problem);
	return settings;
}

#define PLACE_TEST(name) cmocka_unit_test_setup_teardown(name, place_new, place_free)

#endif
