/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_SEALED_H
#define KLING_STORE_SEALED_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"
#include "lib/store/keyring.h"
#include "lib/store/name.h"

#include <stddef.h>
#include <stdint.h>

/*
 * A sealed file: a header of text lines, an empty line, and one blob. The whole header is
 * authenticated with the blob. Strict: a header is what sealed_write writes, byte for byte, or
 * ST_CORRUPT.
 */
enum { SEALED_HEAD_MAX = 512 };

struct sealed_head {
	enum purpose purpose;
	struct key_id key;
	uint8_t host[HOST_ID_BYTES];
	uint32_t uid;
	char file_name[FILE_NAME_BYTES]; /* the user's name, encoded */
	uint64_t generation;
	uint32_t length; /* of the blob */
};

/* The header alone; *blob is where the blob begins. Nothing of it is verified. */
enum status sealed_parse(const uint8_t *bytes, size_t length, struct sealed_head *head,
			 size_t *blob) MUST_USE;

/*
 * Opens a file's bytes. `head` is what it says of itself, and authentic when this returns ST_OK or
 * ST_OWNER. ST_KEY_MISSING: it names a key of this host that is not there; ST_OWNER: of another
 * host, or not of `wanted` purpose, uid and name.
 */
enum status sealed_read(const struct keyring *keyring, const struct sealed_head *wanted,
			const uint8_t *bytes, size_t length, struct sealed_head *head,
			struct secret *plain) MUST_USE;

/*
 * The bytes of a file, sealed with the current key; purpose, uid, file_name and generation of
 * `head` are used. ST_TOO_BIG when they do not fit into `size`.
 */
enum status sealed_write(const struct keyring *keyring, const struct sealed_head *head,
			 const struct secret *plain, uint8_t *bytes, size_t size,
			 size_t *length) MUST_USE;

#endif
