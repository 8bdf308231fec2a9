/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/enrollment.h"

#include "lib/store/sealed.h"

#include <stdlib.h>
#include <string.h>

/*
 * An enrollment. The first byte of the input says what the rest is: 0 the bytes of a file,
 * 1 the record within, as an author with the key might have sealed it. FIL-19
 */
static uint8_t lasting_and_key[2 * KEY_BYTES] = {1, 2, 3};

static void require(int holds)
{
	if (!holds)
		abort();
}

static void make_ring(struct keyring *ring)
{
	memset(ring, 0, sizeof(*ring));
	ring->count = 1;
	ring->heads[0].serial = 1;
	memset(ring->heads[0].id.bytes, 0xaa, KEY_ID_BYTES);
	memset(ring->heads[0].host, 0xbb, HOST_ID_BYTES);
	require(secret_copy(&ring->secrets, lasting_and_key, sizeof(lasting_and_key)) == ST_OK);
}

static const struct sealed_head WANTED = {
    .purpose = PURPOSE_ENROLLMENT, .uid = 1000, .file_name = "alice", .generation = 3};

/* A header that parses is written in one way, and nobody made the tag for it. */
static void try_file(const struct keyring *ring, const uint8_t *data, size_t size)
{
	struct sealed_head head;
	AUTO_SECRET plain = SECRET_EMPTY;
	size_t blob = 0;
	enum status parsed = sealed_parse(data, size, &head, &blob);
	enum status s = sealed_read(ring, &WANTED, data, size, &head, &plain);

	require(parsed == ST_OK || s == ST_CORRUPT);
	require(s == ST_CORRUPT || s == ST_KEY_MISSING || s == ST_OWNER);
	require(plain.bytes == NULL);
	require(parsed != ST_OK || (blob <= size && head.length == size - blob));
}

static void try_record(const struct keyring *ring, const uint8_t *data, size_t size)
{
	static uint8_t file[2 * ENROLLMENT_FILE_MAX];
	struct sealed_head head;
	AUTO_SECRET plain = SECRET_EMPTY;
	AUTO_SECRET again = SECRET_EMPTY;
	AUTO_ENROLLMENT enrollment = {SECRET_EMPTY, NULL};
	size_t length = 0;

	require(secret_copy(&plain, data, size) == ST_OK);
	if (sealed_write(ring, &WANTED, &plain, file, sizeof(file), &length) != ST_OK)
		return;
	secret_clear(&plain);
	require(sealed_read(ring, &WANTED, file, length, &head, &plain) == ST_OK);
	require(secret_equals(&plain, data, size));
	enum status s = enrollment_decode(&plain, &enrollment);
	require(s == ST_OK || s == ST_CORRUPT);
	require((s == ST_OK) == (enrollment.record != NULL));
	if (s != ST_OK)
		return;
	require(enrollment.record->token_count <= TOKENS_MAX);
	require(enrollment.record->backup.count <= BACKUP_CODES_MAX);
	require(enrollment.record->backup.iterations <= BACKUP_ITERATIONS_MAX);
	require(enrollment_encode(enrollment.record, &again) == ST_OK);
	require(again.length <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_KEYRING ring;

	if (size == 0 || size > ENROLLMENT_FILE_MAX)
		return 0;
	make_ring(&ring);
	if (data[0] & 1)
		try_record(&ring, data + 1, size - 1);
	else
		try_file(&ring, data + 1, size - 1);
	return 0;
}
