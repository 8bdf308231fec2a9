/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/bytes.h"

#include "lib/base/secret.h"

#include <string.h>

static uint8_t *reserve(struct writer *writer, size_t length)
{
	if (writer->full || length > writer->size - writer->length) {
		writer->full = true;
		return NULL;
	}
	writer->length += length;
	return writer->bytes + writer->length - length;
}

void put_bytes(struct writer *writer, const void *bytes, size_t length)
{
	uint8_t *place = reserve(writer, length);

	if (place && length)
		copy_quietly(place, bytes, length);
}

static void store_number(uint8_t *place, uint64_t number, size_t width)
{
	for (size_t i = 0; i < width; i++)
		place[i] = (uint8_t)(number >> (8 * i));
}

void put_number(struct writer *writer, uint64_t number, size_t width)
{
	uint8_t *place = reserve(writer, width);

	if (place)
		store_number(place, number, width);
}

size_t put_field(struct writer *writer, unsigned tag)
{
	size_t field = writer->length;

	put_u16(writer, tag);
	put_u16(writer, 0);
	return field;
}

void put_field_end(struct writer *writer, size_t field)
{
	if (!writer->full)
		store_number(writer->bytes + field + 2, writer->length - field - FIELD_HEAD_BYTES,
			     2);
}

static const uint8_t *consume(struct reader *reader, size_t length)
{
	if (reader->bad || length > reader->left) {
		reader->bad = true;
		return NULL;
	}
	reader->at += length;
	reader->left -= length;
	return reader->at - length;
}

void get_bytes(struct reader *reader, void *bytes, size_t length)
{
	const uint8_t *place = consume(reader, length);

	if (place)
		copy_quietly(bytes, place, length);
	else
		memset(bytes, 0, length);
}

uint64_t get_number(struct reader *reader, size_t width)
{
	const uint8_t *place = consume(reader, width);
	uint64_t number = 0;

	for (size_t i = 0; place && i < width; i++)
		number |= (uint64_t)place[i] << (8 * i);
	return number;
}

bool get_field(struct reader *reader, unsigned *tag, struct reader *value)
{
	if (reader->bad || reader->left == 0)
		return false;
	*tag = get_u16(reader);
	size_t length = get_u16(reader);
	const uint8_t *place = consume(reader, length);
	*value = (struct reader){place, place ? length : 0, false};
	return place != NULL;
}

bool is_read(const struct reader *reader)
{
	return !reader->bad && reader->left == 0;
}

bool all_zero(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	uint8_t seen = 0;

	for (size_t i = 0; i < length; i++)
		seen |= at[i];
	return seen == 0;
}
