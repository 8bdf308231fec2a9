/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/backup.h"

#include "lib/crypto/derive.h"
#include "lib/crypto/random.h"
#include "lib/factor/answer.h"
#include "lib/factor/symbol.h"

#include <string.h>

enum { CODE_BYTES = BACKUP_CODE_SYMBOLS * SYMBOL_BITS / 8, GROUP = 4 };

typedef uint8_t hash_value[SHA256_BYTES];
typedef uint8_t code_bits[CODE_BYTES];
typedef uint8_t code_symbols[BACKUP_CODE_SYMBOLS];

DEFINE_WIPER(hash_value, hash_value_wipe)
DEFINE_WIPER(code_bits, code_bits_wipe)
DEFINE_WIPER(code_symbols, code_symbols_wipe)

static void put_big_endian(uint8_t out[4], uint32_t number)
{
	out[0] = (uint8_t)(number >> 24);
	out[1] = (uint8_t)(number >> 16);
	out[2] = (uint8_t)(number >> 8);
	out[3] = (uint8_t)number;
}

/* What is stored of a code: bound to its set and its place in it. */
static void stored_hash(const uint8_t pepper[SHA256_BYTES], uint32_t id, uint32_t index,
			const hash_value derived, hash_value out)
{
	uint8_t place[8];
	const struct span parts[] = {{place, sizeof(place)}, {derived, SHA256_BYTES}};

	put_big_endian(place, id);
	put_big_endian(place + 4, index);
	mac_sha256(pepper, SHA256_BYTES, parts, 2, out);
}

void backup_derive(const struct secret *canonical, const uint8_t salt[BACKUP_SALT_BYTES],
		   uint32_t iterations, struct backup_guess *guess)
{
	memcpy(guess->salt, salt, BACKUP_SALT_BYTES);
	guess->iterations = iterations;
	derive_password(canonical->bytes, canonical->length, salt, BACKUP_SALT_BYTES, iterations,
			guess->derived);
}

/* All ones when the entry is the guess, else all zeros. */
static uint32_t entry_mask(const struct backup_set *set, uint32_t index,
			   const struct backup_guess *guess, const uint8_t pepper[SHA256_BYTES])
{
	AT_SCOPE_END(hash_value_wipe) hash_value expected;

	stored_hash(pepper, set->id, index, guess->derived, expected);
	return 0 - (uint32_t)bytes_equal(expected, set->hash[index], SHA256_BYTES);
}

static bool made_for(const struct backup_set *set, const struct backup_guess *guess)
{
	return set->iterations == guess->iterations &&
	       bytes_equal(set->salt, guess->salt, BACKUP_SALT_BYTES);
}

int backup_find(const struct backup_set *set, const struct backup_guess *guess,
		const uint8_t pepper[SHA256_BYTES])
{
	uint32_t allowed = made_for(set, guess) ? set->count : 0;
	uint32_t found = 0; /* the index and one, so that 0 is none */

	for (uint32_t i = 0; i < BACKUP_CODES_MAX; i++) {
		uint32_t mask = entry_mask(set, i, guess, pepper);
		uint32_t counts = 0 - (uint32_t)(i < allowed);
		found |= mask & counts & (i + 1);
	}
	return (int)found - 1;
}

/* Sixteen times five bits out of ten bytes: every symbol as likely as any other. */
static void spell(const code_bits bits, code_symbols symbols)
{
	for (size_t i = 0; i < BACKUP_CODE_SYMBOLS; i++) {
		size_t at = i * SYMBOL_BITS;
		unsigned two = (unsigned)bits[at / 8] << 8;
		if (at / 8 + 1 < CODE_BYTES)
			two |= bits[at / 8 + 1];
		symbols[i] = (uint8_t)symbol_of((uint8_t)(two >> (16 - SYMBOL_BITS - at % 8)));
	}
}

/* XXXX-XXXX-XXXX-XXXX and its NUL behind what `codes` holds. */
static enum status print_code(const code_symbols symbols, struct secret *codes)
{
	for (size_t i = 0; i < BACKUP_CODE_SYMBOLS; i += GROUP) {
		bool last = i + GROUP == BACKUP_CODE_SYMBOLS;
		enum status s = secret_append(codes, symbols + i, GROUP);
		if (s == ST_OK)
			s = secret_append(codes, last ? "" : "-", 1);
		if (s != ST_OK)
			return s;
	}
	return ST_OK;
}

static enum status make_one(struct backup_set *set, uint32_t index,
			    const uint8_t pepper[SHA256_BYTES], struct secret *codes)
{
	AT_SCOPE_END(code_bits_wipe) code_bits bits;
	AT_SCOPE_END(code_symbols_wipe) code_symbols symbols;
	AT_SCOPE_END(hash_value_wipe) hash_value derived;
	enum status s = random_bytes(bits, sizeof(bits));

	if (s != ST_OK)
		return s;
	spell(bits, symbols);
	derive_password(symbols, sizeof(symbols), set->salt, sizeof(set->salt), set->iterations,
			derived);
	stored_hash(pepper, set->id, index, derived, set->hash[index]);
	return print_code(symbols, codes);
}

static enum status fill_set(struct backup_set *set, uint32_t count,
			    const uint8_t pepper[SHA256_BYTES], struct secret *codes)
{
	enum status s = random_bytes(set->salt, sizeof(set->salt));

	for (uint32_t i = 0; s == ST_OK && i < count; i++)
		s = make_one(set, i, pepper, codes);
	if (s == ST_OK)
		set->count = count;
	return s;
}

enum status backup_make(uint32_t id, uint32_t count, uint32_t iterations, int64_t now,
			const uint8_t pepper[SHA256_BYTES], struct backup_set *set,
			struct secret *codes)
{
	enum status s;

	*set = (struct backup_set){.id = id, .made = now, .iterations = iterations};
	secret_clear(codes);
	if (count < 1 || count > BACKUP_CODES_MAX || iterations < 1 ||
	    iterations > BACKUP_ITERATIONS_MAX)
		return ST_RANGE;
	s = secret_new(codes, (size_t)count * BACKUP_CODE_TEXT);
	if (s == ST_OK)
		s = fill_set(set, count, pepper, codes);
	if (s != ST_OK) {
		*set = (struct backup_set){.id = 0};
		secret_clear(codes);
	}
	return s;
}
