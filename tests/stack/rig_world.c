/* SPDX-License-Identifier: BSD-3-Clause */
/* The stage's clock and log: symbols of the program that the module and libpam bind to first. */
#include "tests/stack/rig_world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

enum { LOG_BYTES = 1 << 22 };

struct world {
	int64_t wall, boot;
	int broken_clock;
	size_t used;
	char log[LOG_BYTES];
};

static struct world *world;

#define EXPORT __attribute__((visibility("default")))

void world_begin(void)
{
	world =
	    mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (world == MAP_FAILED)
		abort();
}

void rig_clock_set(int64_t wall, int64_t boot)
{
	world->wall = wall;
	world->boot = boot;
}

void rig_clock_step(int64_t seconds)
{
	world->wall += seconds;
	world->boot += seconds;
}

void rig_clock_wall(int64_t seconds)
{
	world->wall += seconds;
}

int64_t rig_clock_now(void)
{
	return world->wall;
}

void rig_clock_break(bool broken)
{
	world->broken_clock = broken;
}

/* Programs with rig_faults.c have it. */
__attribute__((weak)) bool rig_clock_fails(void);

EXPORT int clock_gettime(clockid_t clock, struct timespec *out)
{
	if (rig_clock_fails != NULL && rig_clock_fails())
		return -1;
	if (world != NULL && world->wall != 0 &&
	    (clock == CLOCK_REALTIME || clock == CLOCK_BOOTTIME)) {
		if (world->broken_clock)
			return -1;
		*out = (struct timespec){.tv_sec =
					     clock == CLOCK_REALTIME ? world->wall : world->boot};
		return 0;
	}
	return (int)syscall(SYS_clock_gettime, clock, out);
}

void rig_log_clear(void)
{
	size_t used = world->used < LOG_BYTES ? world->used : LOG_BYTES;
	memset(world->log, 0, used);
	__atomic_store_n(&world->used, 0, __ATOMIC_SEQ_CST);
}

const char *rig_log(void)
{
	return world->log;
}

size_t rig_log_count(const char *fragment)
{
	size_t count = 0;
	for (const char *line = world->log; *line != '\0';) {
		const char *end = strchr(line, '\n');
		size_t length = end != NULL ? (size_t)(end - line) : strlen(line);
		count += memmem(line, length, fragment, strlen(fragment)) != NULL;
		line += length + (end != NULL);
	}
	return count;
}

void (*rig_log_watch)(void);

static PRINTF_LIKE(1, 0) void keep_line(const char *format, va_list arguments)
{
	if (rig_log_watch != NULL)
		rig_log_watch();
	static _Thread_local char line[16384];
	int length = vsnprintf(line, sizeof(line) - 1, format, arguments);
	if (length < 0 || world == NULL)
		return;
	size_t size = strlen(line);
	line[size++] = '\n';
	size_t at = __atomic_fetch_add(&world->used, size, __ATOMIC_SEQ_CST);
	if (at + size < LOG_BYTES)
		memcpy(world->log + at, line, size);
}

/* What programs compiled with FORTIFY call instead. */
void __syslog_chk(int priority, int flag, const char *format, ...) PRINTF_LIKE(3, 4);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments) PRINTF_LIKE(3, 0);

EXPORT void syslog(int priority, const char *format, ...)
{
	va_list arguments;
	(void)priority;
	va_start(arguments, format);
	keep_line(format, arguments);
	va_end(arguments);
}

EXPORT void vsyslog(int priority, const char *format, va_list arguments)
{
	(void)priority;
	keep_line(format, arguments);
}

EXPORT void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list arguments;
	(void)priority;
	(void)flag;
	va_start(arguments, format);
	keep_line(format, arguments);
	va_end(arguments);
}

EXPORT void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
	(void)priority;
	(void)flag;
	keep_line(format, arguments);
}
