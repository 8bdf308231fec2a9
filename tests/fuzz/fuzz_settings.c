/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/parts.h"
#include "tests/fuzz/rules_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned count_lines(const uint8_t *data, size_t size)
{
	unsigned lines = 0;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines;
}

/* Any text is refused with the line it happens in, or gives rules within all limits. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_SETTINGS settings = NULL;
	struct conf_error error = {.problem = ""};
	unsigned line;

	if (settings_builtin(&settings) != ST_OK)
		return 0;
	char *bytes = malloc(size + 1);
	if (!bytes)
		return 0;
	if (size)
		memcpy(bytes, data, size);
	enum status s = settings_add_text(settings, bytes, size, &error);
	if (s == ST_OK) {
		demand(size == 0 || (!memchr(data, 0x0d, size) && !memchr(data, 0, size)));
		demand(size == 0 || data[size - 1] == '\n');
		const char *problem = settings_contradiction(settings, &line);
		demand(!problem || line <= count_lines(data, size));
		check_settings(settings);
	} else {
		demand(s == ST_CONFIG);
		check_error(&error);
		demand(error.line >= 1 && error.line <= count_lines(data, size) + 1);
	}
	settings_free(&settings);
	free(bytes);
	return 0;
}
