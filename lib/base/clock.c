/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/clock.h"

#include "lib/base/cleanup.h"
#include "lib/base/number.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BOOT_ID_DIGITS = 32, BOOT_ID_TEXT = 36, EARLIEST = 1577836800 /* 2020-01-01 */ };

bool clock_is_plausible(int64_t wall)
{
	return wall >= EARLIEST;
}

bool boot_id_parse(const char *text, uint8_t id[16])
{
	char digits[BOOT_ID_DIGITS + 1];
	size_t count = 0;

	if (strlen(text) != BOOT_ID_TEXT + 1 || text[BOOT_ID_TEXT] != '\n')
		return false;
	for (size_t i = 0; i < BOOT_ID_TEXT; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		if (hyphen != (text[i] == '-'))
			return false;
		if (!hyphen)
			digits[count++] = text[i];
	}
	digits[count] = '\0';
	return hex_parse(digits, id, 16) == ST_OK;
}

static bool boot_id_read(uint8_t id[16])
{
	char text[64];
	AUTO_FD fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (length < 0)
		return false;
	text[length] = '\0';
	return boot_id_parse(text, id);
}

static bool seconds_of(clockid_t clock, int64_t *seconds)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) != 0)
		return false;
	*seconds = ts.tv_sec;
	return true;
}

enum status clock_wall(int64_t *wall)
{
	*wall = 0;
	return seconds_of(CLOCK_REALTIME, wall) && clock_is_plausible(*wall) ? ST_OK : ST_CLOCK;
}

enum status clock_read(struct moment *now)
{
	*now = (struct moment){0};
	bool boot_known = boot_id_read(now->boot_id) && seconds_of(CLOCK_BOOTTIME, &now->boot);
	bool wall_known = seconds_of(CLOCK_REALTIME, &now->wall);

	return boot_known && wall_known && clock_is_plausible(now->wall) ? ST_OK : ST_CLOCK;
}
