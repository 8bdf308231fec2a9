/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_KEY_FILE_H
#define KLING_STORE_KEY_FILE_H

#include "lib/store/keyring.h"

#include <stdbool.h>

enum { KEY_FILE_BYTES = 128, KEY_FILE_NAME_BYTES = 2 * KEY_ID_BYTES + sizeof(".key") };

/* What one key file says. Wiped by who holds it. */
struct key_file {
	struct key_head head;
	uint8_t key[KEY_BYTES];
	uint8_t lasting[KEY_BYTES]; /* the same in all keys of a host */
};

DEFINE_WIPER(struct key_file, key_file_wipe)
#define AUTO_KEY_FILE AT_SCOPE_END(key_file_wipe) struct key_file

void key_file_encode(const struct key_file *file, uint8_t bytes[KEY_FILE_BYTES]);

/* ST_KEY_MISMATCH for anything but exactly what key_file_encode writes. */
enum status key_file_decode(const uint8_t *bytes, size_t length, struct key_file *file) MUST_USE;

void key_file_name(const struct key_id *id, char name[KEY_FILE_NAME_BYTES]);

/* The id out of such a name; false for any other. */
bool key_file_name_parse(const char *name, struct key_id *id);

#endif
