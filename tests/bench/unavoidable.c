/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/bench/unavoidable.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static uint32_t rotate(uint32_t value, unsigned bits)
{
	return value << bits | value >> (32 - bits);
}

/* One block of SHA-1 (RFC 3174). */
static void compress(uint32_t state[5], const uint8_t block[64])
{
	static const uint32_t constants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
	uint32_t words[80];
	uint32_t v[5];
	for (int i = 0; i < 16; i++)
		words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
			   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 80; i++)
		words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
	memcpy(v, state, sizeof(v));
	for (int i = 0; i < 80; i++) {
		uint32_t f = i < 20   ? (v[1] & v[2]) | (~v[1] & v[3])
			     : i < 40 ? v[1] ^ v[2] ^ v[3]
			     : i < 60 ? (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3])
				      : v[1] ^ v[2] ^ v[3];
		uint32_t next = rotate(v[0], 5) + f + v[4] + constants[i / 20] + words[i];
		v[4] = v[3];
		v[3] = v[2];
		v[2] = rotate(v[1], 30);
		v[1] = v[0];
		v[0] = next;
	}
	for (int i = 0; i < 5; i++)
		state[i] += v[i];
}

/* Four blocks: what HMAC of eight bytes under a 20-byte key takes. */
static void hmac(const uint8_t key[20], uint64_t step, uint32_t out[5])
{
	static const uint32_t start[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
					  0xc3d2e1f0};
	uint8_t block[64];
	for (int pass = 0; pass < 2; pass++) {
		uint32_t state[5];
		memcpy(state, start, sizeof(state));
		memset(block, pass == 0 ? 0x36 : 0x5c, sizeof(block));
		for (int i = 0; i < 20; i++)
			block[i] ^= key[i];
		compress(state, block);
		memset(block, 0, sizeof(block));
		memcpy(block, pass == 0 ? (const void *)&step : out, pass == 0 ? 8 : 20);
		compress(state, block);
		memcpy(out, state, sizeof(state));
	}
}

int unavoidable_work(const char *path)
{
	static uint8_t bytes[8192];
	uint32_t code[5] = {0};
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || flock(fd, LOCK_EX) != 0 || pread(fd, bytes, sizeof(bytes), 0) < 20)
		return 1;
	for (uint64_t step = 0; step < 3; step++)
		hmac(bytes, step, code);
	memcpy(bytes + 64, code, sizeof(code));
	if (pwrite(fd, bytes, 4096, 0) != 4096 || fdatasync(fd) != 0)
		return 1;
	return close(fd);
}
