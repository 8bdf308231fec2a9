/* SPDX-License-Identifier: BSD-3-Clause */
/* SEC-02: after a password was judged, nothing of it is left on the stack. */
#include "lib/password/blocklist.h"
#include "lib/password/examine.h"
#include "lib/password/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include <cmocka.h>

enum { STACK = 512 * 1024 };

static uint8_t *stack;
static ucontext_t here, there;
static const char typed[] = "Brisk-Otter7-Zephyr";
static const char lower[] = "brisk-otter7-zephyr";
static struct password_report report;
static enum status last;
static bool found;
static char path[64];

static void run_on_stack(void (*operation)(void))
{
	memset(stack, 0xd7, STACK);
	assert_int_equal(getcontext(&there), 0);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = STACK;
	there.uc_link = &here;
	makecontext(&there, operation, 0);
	assert_int_equal(swapcontext(&here, &there), 0);
}

/* As bytes and as code points, any eight characters in a row. */
static bool stack_holds(const char *text)
{
	uint32_t points[8];

	for (size_t from = 0; from + 8 <= strlen(text); from++) {
		for (size_t i = 0; i < 8; i++)
			points[i] = (uint8_t)text[from + i];
		if (memmem(stack, STACK, text + from, 8) ||
		    memmem(stack, STACK, points, sizeof(points)))
			return true;
	}
	return false;
}

static struct password_bytes bytes(const char *text)
{
	return (struct password_bytes){(const uint8_t *)text, strlen(text)};
}

static void of_judge(void)
{
	const struct password_rules rules = {12, 1, 1, 1, 1, 4, true};
	const struct password_facts facts = {bytes("quiet-heron"), bytes("alice"),
					     bytes("Alice Liddell"), bytes("host")};

	report = password_judge(&rules, bytes(typed), &facts);
}

static void of_list(void)
{
	last = blocklist_has(path, geteuid(), (const uint8_t *)typed, strlen(typed), &found);
}

static void of_history(void)
{
	AUTO_SECRET none = SECRET_EMPTY;

	last = history_has(&none, 5, "$6$rounds=1000$abcdefgh$xxxxxxxxxxxxxxxx", typed, &found);
}

/* Far down, where the way back from here does not write over it. */
static void leaking(void)
{
	char copy[4096];

	memcpy(copy, typed, sizeof(typed));
	__asm__ volatile("" : : "r"(copy) : "memory");
}

static void write_list(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0 && fchmod(fileno(file), 0644) == 0 && fclose(file) == 0);
}

static void leaves_nothing(void **state)
{
	char dir[] = "/tmp/kling-wiped-XXXXXX";

	(void)state;
	run_on_stack(leaking);
	assert_true(stack_holds(typed));
	run_on_stack(of_judge);
	assert_true(password_is_accepted(&report));
	assert_false(stack_holds(typed) || stack_holds(lower));
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/list", dir);
	write_list("first\nsecond\n");
	run_on_stack(of_list);
	assert_int_equal(last, ST_OK);
	assert_false(found || stack_holds(typed) || stack_holds(lower));
	write_list("0123456789ABCDEF0123456789ABCDEF01234567:1\n");
	run_on_stack(of_list);
	assert_int_equal(last, ST_OK);
	assert_false(found || stack_holds(typed) || stack_holds(lower));
	run_on_stack(of_history);
	assert_int_equal(last, ST_OK);
	assert_false(found || stack_holds(typed));
	remove(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaves_nothing),
	};

	stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return stack == MAP_FAILED ? 99 : cmocka_run_group_tests(tests, NULL, NULL);
}
