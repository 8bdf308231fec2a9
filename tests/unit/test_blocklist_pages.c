/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a look-up in a large list of hashes costs: page faults and memory of the process.
 * test_blocklist_pages [ENTRIES]; make check takes 100,000, the figures in docs/PASSWORDS.md are
 * those of 10,000,000.
 */
#include "lib/crypto/digest.h"
#include "lib/password/blocklist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The list has 4 MiB. The kernel counts resident pages by the 32 on each processor: 128 KiB. */
enum { FAULTS_ALLOWED = 20, KIB_ALLOWED = 512 };

static const char planted[] = "Brisk-Otter7";

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static uint64_t put_planted(FILE *file, bool now)
{
	uint8_t hash[SHA1_BYTES];
	uint64_t leading = 0;

	digest_sha1(planted, strlen(planted), hash);
	for (size_t i = 0; i < sizeof(hash); i++) {
		leading = i < sizeof(leading) ? leading << 8 | hash[i] : leading;
		if (now)
			fprintf(file, "%02X", hash[i]);
	}
	if (now)
		fprintf(file, ":3\r\n");
	return leading;
}

/* Ascending by construction: random steps in the leading 64 bits, as between real hashes. */
static void write_list(FILE *file, unsigned long count)
{
	const uint64_t step = UINT64_MAX / count / 1000 * 999;
	const uint64_t leading = put_planted(file, false);
	uint64_t random = 0x9E3779B97F4A7C15;
	uint64_t value = 0;
	bool written = false;

	for (unsigned long i = 0; i < count; i++) {
		value += next_random(&random) % step + step / 2;
		if (!written && value > leading) {
			put_planted(file, true);
			written = true;
		}
		fprintf(file, "%016llX%024lX:%lu\r\n", (unsigned long long)value, i, i % 1000 + 1);
	}
}

struct cost {
	long faults;
	long kib;
	double seconds;
	long long read;
};

static long long bytes_read(void)
{
	FILE *io = fopen("/proc/self/io", "r");
	long long bytes = -1;

	if (io) {
		if (fscanf(io, "rchar: %lld", &bytes) != 1)
			bytes = -1;
		fclose(io);
	}
	return bytes;
}

static struct cost spent(void)
{
	struct rusage usage;
	struct timespec now;

	getrusage(RUSAGE_SELF, &usage);
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (struct cost){usage.ru_minflt + usage.ru_majflt, usage.ru_maxrss,
			     (double)now.tv_sec + (double)now.tv_nsec / 1e9, 0};
}

static bool look_up(const char *path, const char *password, bool expected)
{
	long long read = bytes_read();
	struct cost before = spent();
	bool listed = !expected;
	enum status s =
	    blocklist_has(path, geteuid(), (const uint8_t *)password, strlen(password), &listed);
	struct cost after = spent();

	read = bytes_read() - read;
	printf("# %s: %ld page faults, %ld KiB, %.0f microseconds, %lld bytes read\n", password,
	       after.faults - before.faults, after.kib - before.kib,
	       (after.seconds - before.seconds) * 1e6, read);
	return s == ST_OK && listed == expected && after.faults - before.faults < FAULTS_ALLOWED &&
	       after.kib - before.kib <= KIB_ALLOWED;
}

/* Once before counting, as every login does: the hash function and the code are in memory. */
static bool look_up_all(const char *path)
{
	static const char *const others[] = {"Quiet-Heron42", "Grey=Mouse-77", "Tall.Poplar.93"};
	uint8_t hash[SHA1_BYTES];
	bool fine = true;

	digest_sha1("warm", 4, hash);
	fine = look_up(path, planted, true) && fine;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		fine = look_up(path, others[i], false) && fine;
	return fine;
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
	char dir[] = "/tmp/kling-pages-XXXXXX";
	char path[64];
	bool fine = false;
	FILE *file;

	if (count == 0 || !mkdtemp(dir))
		return 99;
	snprintf(path, sizeof(path), "%s/list", dir);
	file = fopen(path, "w");
	if (file) {
		write_list(file, count);
		fine = fchmod(fileno(file), 0644) == 0 && fclose(file) == 0 &&
		       blocklist_check(path, geteuid()) == ST_OK && look_up_all(path);
	}
	remove(path);
	rmdir(dir);
	puts(fine ? "PASS" : "FAIL");
	return !fine;
}
