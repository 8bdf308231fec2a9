/* SPDX-License-Identifier: BSD-3-Clause */
/* User names as directory names, both ways: INP-06, INP-08, INP-20. */
#include "lib/store/name.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_LIMIT = 1024 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* A name in the directory of the users, and in no other, hidden from nobody. */
static void check_file_name(const char *file)
{
	demand(file[0] != '\0' && file[0] != '.' && strlen(file) < FILE_NAME_BYTES);
	for (const char *c = file; *c; c++)
		demand(*c > ' ' && *c < 0x7f && *c != '/' && *c != '"' && *c != '\\');
}

static void check_name(const char *name)
{
	char file[FILE_NAME_BYTES];
	char back[FILE_NAME_BYTES];
	enum status s = account_file_name(name, file);

	if (s != ST_OK) {
		demand(s == ST_BAD_NAME && file[0] == '\0');
		demand(name[0] == '\0' || 3 * strlen(name) >= FILE_NAME_BYTES);
		return;
	}
	check_file_name(file);
	demand(account_name_of_file(file, back) == ST_OK);
	demand(strcmp(back, name) == 0);
}

/* What a directory may be called is what exactly one name is written as. */
static void check_file(const char *file)
{
	char name[FILE_NAME_BYTES];
	char again[FILE_NAME_BYTES];

	if (account_name_of_file(file, name) != ST_OK)
		return;
	demand(account_file_name(name, again) == ST_OK);
	demand(strcmp(again, file) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[SIZE_LIMIT + 1];

	if (size > SIZE_LIMIT)
		return 0;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	check_name(text);
	check_file(text);
	return 0;
}
