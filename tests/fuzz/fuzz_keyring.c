/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/key_file.h"

#include "lib/store/name.h"

#include <stdlib.h>
#include <string.h>

/*
 * A key file, and names of files. The first byte of the input: 0 a key file as it is, 1 one whose
 * check is put right, 2 a file's name, 3 a user's name. FIL-19
 */
static void require(int holds)
{
	if (!holds)
		abort();
}

static void put_check_right(uint8_t bytes[KEY_FILE_BYTES])
{
	const struct span covered = {bytes, KEY_FILE_BYTES - 16};
	uint8_t digest[SHA256_BYTES];

	digest_sha256(&covered, 1, digest);
	memcpy(bytes + KEY_FILE_BYTES - 16, digest, 16);
}

static void try_key(const uint8_t *data, size_t size, int right)
{
	uint8_t bytes[KEY_FILE_BYTES] = {0};
	uint8_t again[KEY_FILE_BYTES];
	AUTO_KEY_FILE file;

	if (right) {
		memcpy(bytes, data, size < sizeof(bytes) ? size : sizeof(bytes));
		put_check_right(bytes);
		data = bytes;
		size = sizeof(bytes);
	}
	enum status s = key_file_decode(data, size, &file);
	require(s == ST_OK || s == ST_KEY_MISMATCH);
	if (s != ST_OK)
		return;
	key_file_encode(&file, again);
	require(size == sizeof(again) && memcmp(again, data, size) == 0);
	require(file.head.serial > 0);
}

/* One file for each name and one name for each file, and no way out of the directory. */
static void try_names(const char *text, int is_file)
{
	char there[FILE_NAME_BYTES];
	char back[FILE_NAME_BYTES];
	struct key_id id;

	(void)key_file_name_parse(text, &id);
	enum status s =
	    is_file ? account_name_of_file(text, there) : account_file_name(text, there);
	require(s == ST_OK || s == ST_BAD_NAME);
	if (s != ST_OK)
		return;
	const char *file = is_file ? text : there;
	require(!strchr(file, '/') && file[0] != '.' && file[0] != '\0');
	s = is_file ? account_file_name(there, back) : account_name_of_file(there, back);
	require(s == ST_OK && strcmp(back, text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[1024];

	if (size == 0 || size > sizeof(text))
		return 0;
	if (data[0] % 4 < 2) {
		try_key(data + 1, size - 1, data[0] % 4);
		return 0;
	}
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	try_names(text, data[0] % 4 == 2);
	return 0;
}
