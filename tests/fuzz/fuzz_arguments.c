/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/fuzz/rules_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 16, SIZE_LIMIT = 4096 };

/* Words of any bytes, one a line, are refused or give rules within all limits. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const flags[] = {"preauth", "use_authtok", NULL};
	AUTO_SETTINGS settings = NULL;
	struct conf_error error;
	const char *words[WORDS_MAX];
	char text[SIZE_LIMIT + 1];
	struct conf_source source = {.path = "/nonexistent/kling.conf", .flags = flags};

	if (size > SIZE_LIMIT)
		return 0;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	source.argv = words;
	for (char *next = text; next && source.argc < WORDS_MAX;) {
		char *word = next;
		next = strchr(word, '\n');
		if (next)
			*next++ = '\0';
		if (strncmp(word, "conf=", 5) != 0)
			words[source.argc++] = word;
	}
	enum status s = settings_load(&source, &settings, &error);
	demand((s == ST_OK) == (settings != NULL));
	if (s == ST_OK) {
		check_settings(settings);
	} else if (s != ST_NOMEM) {
		demand(s == ST_CONFIG && error.line == 0);
		check_error(&error);
	}
	return 0;
}
