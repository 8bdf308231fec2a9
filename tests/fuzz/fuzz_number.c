/* SPDX-License-Identifier: BSD-3-Clause */
/* The strict readers of whole texts, against the C library's lenient ones. */
#include "lib/base/clock.h"
#include "lib/base/number.h"
#include "lib/base/process.h"
#include "lib/base/safe_path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_LIMIT = 600 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void check_number(const char *text)
{
	uint64_t value = 0;
	enum status s = number_parse(text, 0, UINT64_MAX, &value);
	bool digits = *text != '\0' && text[strspn(text, "0123456789")] == '\0';

	errno = 0;
	demand((s != ST_SYNTAX) == digits);
	if (s == ST_OK)
		demand(strtoull(text, NULL, 10) == value && errno == 0);
	if (s == ST_RANGE)
		demand(strtoull(text, NULL, 10) == UINT64_MAX && errno == ERANGE);
}

static void check_duration(const char *text)
{
	char shown[24];
	uint64_t value;
	uint64_t back;

	if (duration_parse(text, 0, UINT64_MAX, &value) != ST_OK)
		return;
	duration_format(value, shown);
	demand(duration_parse(shown, value, value, &back) == ST_OK && back == value);
}

static void check_date(const char *text)
{
	int64_t end;
	struct tm tm;
	char shown[40];

	if (date_parse(text, &end) != ST_OK)
		return;
	time_t last = (time_t)(end - 1);
	demand(end % 86400 == 0 && gmtime_r(&last, &tm));
	strftime(shown, sizeof(shown), "%Y-%m-%d", &tm);
	demand(strcmp(shown, text) == 0);
}

static void check_hex(const char *text)
{
	uint8_t bytes[TEXT_LIMIT / 2];
	char shown[TEXT_LIMIT + 1];
	size_t length = strlen(text) / 2;

	if (hex_parse(text, bytes, length) != ST_OK)
		return;
	hex_format(bytes, length, shown);
	demand(strcasecmp(shown, text) == 0);
}

static void check_others(const char *text)
{
	uint8_t id[16];
	char state;
	uint32_t started;

	(void)process_stat_parse(text, &state, &started);
	if (boot_id_parse(text, id))
		demand(strlen(text) == 37);
	if (safe_path_is_clean(text))
		demand(text[0] == '/' && !strstr(text, "//") && !strstr(text, "/../"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_LIMIT + 1];

	if (size > TEXT_LIMIT)
		return 0;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	check_number(text);
	check_duration(text);
	check_date(text);
	check_hex(text);
	check_others(text);
	return 0;
}
