/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_BYTES_H
#define KLING_STORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Numbers in little-endian order, and fields of a tag, a length and a value. Neither side ever
 * leaves its buffer: a writer that is full and a reader that is bad stay so and do nothing more.
 */
struct writer {
	uint8_t *bytes;
	size_t size;
	size_t length;
	bool full;
};

struct reader {
	const uint8_t *at;
	size_t left;
	bool bad;
};

void put_bytes(struct writer *writer, const void *bytes, size_t length);
void put_number(struct writer *writer, uint64_t number, size_t width);

/* Starts a field; its length is filled in by put_field_end with what this returned. */
size_t put_field(struct writer *writer, unsigned tag);
void put_field_end(struct writer *writer, size_t field);

/* What is not there reads as zero. */
void get_bytes(struct reader *reader, void *bytes, size_t length);
uint64_t get_number(struct reader *reader, size_t width);

/* The next field, if there is one: its tag and a reader of its value alone. */
bool get_field(struct reader *reader, unsigned *tag, struct reader *value);

/* Read to the end, and never beyond. */
bool is_read(const struct reader *reader);

/* Fields that a reader may pass over without knowing them have this bit in their tag. */
enum { TAG_MAY_SKIP = 0x8000, FIELD_HEAD_BYTES = 4 };

bool all_zero(const void *bytes, size_t length);

static inline void put_u8(struct writer *w, unsigned n)
{
	put_number(w, n, 1);
}

static inline void put_u16(struct writer *w, unsigned n)
{
	put_number(w, n, 2);
}

static inline void put_u32(struct writer *w, uint32_t n)
{
	put_number(w, n, 4);
}

static inline void put_u64(struct writer *w, uint64_t n)
{
	put_number(w, n, 8);
}

static inline void put_i64(struct writer *w, int64_t n)
{
	put_number(w, (uint64_t)n, 8);
}

static inline uint8_t get_u8(struct reader *r)
{
	return (uint8_t)get_number(r, 1);
}

static inline uint16_t get_u16(struct reader *r)
{
	return (uint16_t)get_number(r, 2);
}

static inline uint32_t get_u32(struct reader *r)
{
	return (uint32_t)get_number(r, 4);
}

static inline uint64_t get_u64(struct reader *r)
{
	return get_number(r, 8);
}

static inline int64_t get_i64(struct reader *r)
{
	return (int64_t)get_number(r, 8);
}

#endif
