/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/key_file.h"

#include "lib/base/number.h"
#include "lib/store/bytes.h"

#include <string.h>

enum { KEY_FILE_VERSION = 1, CHECK_BYTES = 16 };
enum { CHECKED_BYTES = KEY_FILE_BYTES - CHECK_BYTES };

static const char magic[8] = {'K', 'L', 'I', 'N', 'G', 'K', 'E', 'Y'};

/* No secret is needed: who may write the file may write anything. It finds damage. */
static void put_check(uint8_t bytes[KEY_FILE_BYTES])
{
	const struct span checked = {bytes, CHECKED_BYTES};
	uint8_t digest[SHA256_BYTES];

	digest_sha256(&checked, 1, digest);
	memcpy(bytes + CHECKED_BYTES, digest, CHECK_BYTES);
	wipe(digest, sizeof(digest));
}

void key_file_encode(const struct key_file *file, uint8_t bytes[KEY_FILE_BYTES])
{
	struct writer w = {bytes, KEY_FILE_BYTES, 0, false};

	memset(bytes, 0, KEY_FILE_BYTES);
	put_bytes(&w, magic, sizeof(magic));
	put_u32(&w, KEY_FILE_VERSION);
	put_u32(&w, file->head.serial);
	put_bytes(&w, file->head.id.bytes, KEY_ID_BYTES);
	put_bytes(&w, file->head.host, HOST_ID_BYTES);
	put_bytes(&w, file->key, KEY_BYTES);
	put_bytes(&w, file->lasting, KEY_BYTES);
	put_check(bytes);
}

static void read_fields(const uint8_t *bytes, struct key_file *file)
{
	struct reader r = {bytes, CHECKED_BYTES, false};
	uint8_t ignored[sizeof(magic)];

	get_bytes(&r, ignored, sizeof(ignored));
	(void)get_u32(&r);
	file->head.serial = get_u32(&r);
	get_bytes(&r, file->head.id.bytes, KEY_ID_BYTES);
	get_bytes(&r, file->head.host, HOST_ID_BYTES);
	get_bytes(&r, file->key, KEY_BYTES);
	get_bytes(&r, file->lasting, KEY_BYTES);
}

static bool is_sound(const struct key_file *file)
{
	return file->head.serial > 0 && !all_zero(file->head.id.bytes, KEY_ID_BYTES) &&
	       !all_zero(file->head.host, HOST_ID_BYTES) && !all_zero(file->key, KEY_BYTES) &&
	       !all_zero(file->lasting, KEY_BYTES);
}

enum status key_file_decode(const uint8_t *bytes, size_t length, struct key_file *file)
{
	uint8_t again[KEY_FILE_BYTES];

	memset(file, 0, sizeof(*file));
	if (length != KEY_FILE_BYTES)
		return ST_KEY_MISMATCH;
	read_fields(bytes, file);
	/* Magic, version, reserve and check are right if writing it again gives the same. */
	key_file_encode(file, again);
	bool same = bytes_equal(again, bytes, KEY_FILE_BYTES);
	wipe(again, sizeof(again));
	return same && is_sound(file) ? ST_OK : ST_KEY_MISMATCH;
}

void key_file_name(const struct key_id *id, char name[KEY_FILE_NAME_BYTES])
{
	hex_format(id->bytes, KEY_ID_BYTES, name);
	memcpy(name + (size_t)2 * KEY_ID_BYTES, ".key", sizeof(".key"));
}

bool key_file_name_parse(const char *name, struct key_id *id)
{
	char digits[2 * KEY_ID_BYTES + 1] = "";
	char again[KEY_FILE_NAME_BYTES];

	if (strlen(name) != KEY_FILE_NAME_BYTES - 1)
		return false;
	memcpy(digits, name, sizeof(digits) - 1);
	if (hex_parse(digits, id->bytes, KEY_ID_BYTES) != ST_OK)
		return false;
	key_file_name(id, again);
	return strcmp(name, again) == 0;
}
