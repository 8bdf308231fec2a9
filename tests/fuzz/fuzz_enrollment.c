/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/enrollment.h"

#include "lib/base/vault.h"
#include "lib/store/sealed.h"

#include <stdlib.h>
#include <string.h>

/*
 * An enrollment. The first byte of the input says what the rest is: even the bytes of a file, odd
 * the record within, as an author with the key might have sealed it: 1 sealed and opened first,
 * anything else as it is, which is many times as fast. FIL-19
 */
static uint8_t lasting_and_key[2 * KEY_BYTES] = {1, 2, 3};

static struct vault vault;
static struct keyring ring;

static void require(int holds)
{
	if (!holds)
		abort();
}

static void make_ring(void)
{
	if (ring.count == 1)
		return;
	ring.count = 1;
	ring.heads[0].serial = 1;
	memset(ring.heads[0].id.bytes, 0xaa, KEY_ID_BYTES);
	memset(ring.heads[0].host, 0xbb, HOST_ID_BYTES);
	ring.secrets = SECRET_IN(&vault);
	require(secret_copy(&ring.secrets, lasting_and_key, sizeof(lasting_and_key)) == ST_OK);
}

static const struct sealed_head WANTED = {
    .purpose = PURPOSE_ENROLLMENT, .uid = 1000, .file_name = "alice", .generation = 3};

/* A header that parses is written in one way, and nobody made the tag for it. */
static void try_file(const uint8_t *data, size_t size)
{
	struct sealed_head head;
	AUTO_SECRET plain = SECRET_EMPTY;
	size_t blob = 0;
	enum status parsed = sealed_parse(data, size, &head, &blob);
	enum status s = sealed_read(&ring, &WANTED, data, size, &head, &plain);

	require(parsed == ST_OK || s == ST_CORRUPT);
	require(s == ST_CORRUPT || s == ST_KEY_MISSING || s == ST_OWNER);
	require(plain.bytes == NULL);
	require(parsed != ST_OK || (blob <= size && head.length == size - blob));
}

/* What was sealed opens as it was. */
static bool through_the_seal(struct secret *plain, const uint8_t *data, size_t size)
{
	static uint8_t file[2 * ENROLLMENT_FILE_MAX];
	struct sealed_head head;
	size_t length = 0;

	if (sealed_write(&ring, &WANTED, plain, file, sizeof(file), &length) != ST_OK)
		return false;
	secret_clear(plain);
	require(sealed_read(&ring, &WANTED, file, length, &head, plain) == ST_OK);
	require(secret_equals(plain, data, size));
	return true;
}

static void try_record(bool sealed, const uint8_t *data, size_t size)
{
	AUTO_SECRET plain = SECRET_IN(&vault);
	AUTO_SECRET again = SECRET_EMPTY;
	AUTO_ENROLLMENT enrollment = {SECRET_EMPTY, NULL};

	require(secret_copy(&plain, data, size) == ST_OK);
	if (sealed && !through_the_seal(&plain, data, size))
		return;
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
	if (size == 0 || size > ENROLLMENT_FILE_MAX)
		return 0;
	make_ring();
	if (data[0] & 1)
		try_record(data[0] == 1, data + 1, size - 1);
	else
		try_file(data + 1, size - 1);
	return 0;
}
