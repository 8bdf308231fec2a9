/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct address address_of(const char *text)
{
	struct origin origin = origin_of(text);

	if (origin.kind != ORIGIN_ADDRESS)
		fail_msg("%s is not an address", text);
	return origin.address;
}

static struct range range_of(const char *text)
{
	struct range range;

	if (!range_parse(text, &range))
		fail_msg("%s is not a range", text);
	return range;
}

/* NET-01, NET-02: what PAM_RHOST may hold, and its one canonical form. */
static void test_numeric_origins(void **state)
{
	static const struct {
		const char *text, *canonical;
		uint8_t family;
	} table[] = {
	    {"203.0.113.7", "203.0.113.7", 4},
	    {"::ffff:203.0.113.7", "203.0.113.7", 4},
	    {"0:0:0:0:0:ffff:cb00:7107", "203.0.113.7", 4},
	    {"::FFFF:cb00:7107", "203.0.113.7", 4},
	    {"::ffff:203.0.113.7%eth0", "203.0.113.7", 4},
	    {"0.0.0.0", "0.0.0.0", 4},
	    {"255.255.255.255", "255.255.255.255", 4},
	    {"fe80::1%eth0", "fe80::1", 6},
	    {"fe80::1%wlp0s20f3.100", "fe80::1", 6},
	    {"fe80::1%2", "fe80::1", 6},
	    {"fe80::1%!~", "fe80::1", 6},
	    {"2001:DB8::1", "2001:db8::1", 6},
	    {"2001:db8:0:0:0:0:0:1", "2001:db8::1", 6},
	    {"::1", "::1", 6},
	    {"::", "::", 6},
	    {"::203.0.113.7", "::203.0.113.7", 6},
	    {"0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.255", 4},
	    {"0000:0000:0000:0000:0000:ffff:255.255.255.255%e", "255.255.255.255", 4},
	    {"64:ff9b::203.0.113.7", "64:ff9b::cb00:7107", 6},
	    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	     6},
	};
	char text[46];

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct address address = address_of(table[i].text);

		assert_int_equal(address.family, table[i].family);
		address_format(&address, text);
		assert_string_equal(text, table[i].canonical);
	}
}

/* NET-04, NET-05: names, and what only looks like an address, are names and never decide. */
static void test_names_are_no_addresses(void **state)
{
	static const char *const table[] = {
	    "localhost",
	    "UNKNOWN",
	    "client.example.org",
	    "alice",
	    "10",
	    "10.0.0",
	    "10.0.0.1.",
	    "10.0.0.1 ",
	    " 10.0.0.1",
	    "10.0.0.1\n",
	    "10.0.0.256",
	    "010.0.0.1",
	    "0x0a.0.0.1",
	    "10.0.0.1/8",
	    "10.0.0.0/8",
	    "167772161",
	    "10.0.0.1:22",
	    "[::1]",
	    "::1]",
	    ":::1",
	    "::1/128",
	    "1::2::3",
	    "12345::",
	    "fe80::1%",
	    "fe80::1%eth0%1",
	    "fe80::1%a b",
	    "fe80::1%\n",
	    "fe80::1%eth\x7f",
	    "fe80::1%\xc3\xa4",
	    "%eth0",
	    "%",
	    "10.0.0.1%eth0",
	    "fe80::g",
	    "1:2:3:4:5:6:7",
	    "1:2:3:4:5:6:7:8:9",
	    "::ffff:10.0.0.256",
	    "any",
	    "*",
	    "-1",
	    "\xff",
	    "00000000000000000000000000000000000000000000000000000000000000000001::1",
	    "00000000000000000000000000000000000000000000000000000000000000000001::1%eth0",
	    "0000:0000:0000:0000:0000:ffff:255.255.255.2550%e", /* 46 in front of the zone */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct origin origin = origin_of(table[i]);

		if (origin.kind != ORIGIN_NAME)
			fail_msg("%s is taken for an address", table[i]);
		assert_int_equal(origin.address.family, 0);
	}
}

/* NET-05: a missing and an empty PAM_RHOST are the same. */
static void test_no_origin(void **state)
{
	(void)state;
	assert_int_equal(origin_of(NULL).kind, ORIGIN_NONE);
	assert_int_equal(origin_of("").kind, ORIGIN_NONE);
}

/* NET-01, NET-02, NET-06 */
static void test_ranges(void **state)
{
	static const struct {
		const char *range, *address;
		bool inside;
	} table[] = {
	    {"203.0.113.0/24", "203.0.113.7", true},
	    {"203.0.113.0/24", "::ffff:203.0.113.7", true},
	    {"203.0.113.0/24", "0:0:0:0:0:ffff:cb00:7107", true},
	    {"203.0.113.0/24", "203.0.114.0", false},
	    {"203.0.113.0/24", "203.0.112.255", false},
	    {"::ffff:203.0.113.0/120", "203.0.113.7", true},
	    {"::ffff:203.0.113.0/120", "203.0.114.7", false},
	    {"::ffff:0.0.0.0/96", "8.8.8.8", true},
	    {"::ffff:0.0.0.0/96", "::1", false},
	    {"0.0.0.0/0", "255.1.2.3", true},
	    {"0.0.0.0/0", "::1", false},
	    {"::/0", "2001:db8::1", true},
	    {"::/0", "203.0.113.7", false},
	    {"::/0", "::ffff:203.0.113.7", false},
	    {"203.0.113.7", "203.0.113.7", true},
	    {"203.0.113.7/32", "203.0.113.7", true},
	    {"203.0.113.7/32", "203.0.113.6", false},
	    {"203.0.113.7/31", "203.0.113.6", true},
	    {"203.0.113.7/31", "203.0.113.8", false},
	    {"203.0.113.7/24", "203.0.113.200", true},
	    {"10.0.0.0/9", "10.127.255.255", true},
	    {"10.0.0.0/9", "10.128.0.0", false},
	    {"128.0.0.0/1", "255.0.0.1", true},
	    {"128.0.0.0/1", "127.255.255.255", false},
	    {"2001:db8::/32", "2001:db8:ffff::1", true},
	    {"2001:db8::/32", "2001:db9::", false},
	    {"2001:db8::1/128", "2001:DB8::1", true},
	    {"2001:db8::1/128", "2001:db8::", false},
	    {"2001:db8::1", "2001:db8::2", false},
	    {"2001:db8:0:0:8000::/65", "2001:db8:0:0:8000::1", true},
	    {"2001:db8:0:0:8000::/65", "2001:db8:0:0:7fff::1", false},
	    {"2001:db8::ff/121", "2001:db8::80", true},
	    {"2001:db8::ff/121", "2001:db8::7f", false},
	    {"fe80::/10", "fe80::1%eth0", true},
	    {"::1", "127.0.0.1", false},
	    {"127.0.0.1", "::1", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct range range = range_of(table[i].range);
		struct address address = address_of(table[i].address);

		if (range_contains(&range, &address) != table[i].inside)
			fail_msg("%s in %s", table[i].address, table[i].range);
	}
}

/* Host bits are cleared, so that what is shown is what is meant. */
static void test_canonical_ranges(void **state)
{
	static const struct {
		const char *range, *base;
		int bits;
	} table[] = {
	    {"203.0.113.7/24", "203.0.113.0", 24},
	    {"203.0.113.7/25", "203.0.113.0", 25},
	    {"203.0.113.200/25", "203.0.113.128", 25},
	    {"203.0.113.7", "203.0.113.7", 32},
	    {"203.0.113.7/0", "0.0.0.0", 0},
	    {"::ffff:203.0.113.7/104", "203.0.0.0", 8},
	    {"2001:db8:ffff::1/33", "2001:db8:8000::", 33},
	    {"2001:db8::1", "2001:db8::1", 128},
	};
	char text[46];

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct range range = range_of(table[i].range);

		address_format(&range.base, text);
		assert_string_equal(text, table[i].base);
		assert_int_equal(range.bits, table[i].bits);
	}
}

/* CFG-04 */
static void test_bad_ranges(void **state)
{
	static const char *const table[] = {
	    "",
	    "any",
	    "localhost",
	    "10.0.0.0/33",
	    "10.0.0.0/",
	    "10.0.0.0/-1",
	    "10.0.0.0/+8",
	    "10.0.0.0/08",
	    "10.0.0.0/8 ",
	    " 10.0.0.0/8",
	    "10.0.0.0/8/8",
	    "10.0.0.0/1:",
	    "10.0.0.0/2/",
	    "10.0.0.0/:",
	    "10.0.0.0/255.0.0.0",
	    "10.0.0/8",
	    "10.0.0.0/8x",
	    "10.0.0.0/4294967304",
	    "10.0.0.0/99999999999999999999",
	    "::/129",
	    "::/",
	    "fe80::1%eth0",
	    "fe80::%eth0/64",
	    "::ffff:10.0.0.0/95",
	    "::ffff:10.0.0.0/8",
	    "::ffff:10.0.0.0/129",
	    "/8",
	    "/",
	    "0000000000000000000000000000000000000000000000000/8",
	};
	struct range range;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		if (range_parse(table[i], &range))
			fail_msg("%s is taken for a range", table[i]);
	}
}

/* Nothing known is inside nothing, not even inside everything. */
static void test_no_address_is_in_no_range(void **state)
{
	struct address none = {0, {0}};
	struct range everything = range_of("0.0.0.0/0"), nothing = {{0, {0}}, 0};
	struct range broken = {{4, {10, 0, 0, 0}}, 200};
	struct address ten = address_of("10.0.0.0");

	(void)state;
	assert_false(range_contains(&everything, &none));
	assert_false(range_contains(&nothing, &none));
	assert_false(range_contains(&nothing, &ten));
	assert_false(range_contains(&broken, &ten));
}

static void test_sources(void **state)
{
	static const struct {
		const char *one, *other;
		bool same;
	} table[] = {
	    {"203.0.113.7", "203.0.113.7", true},
	    {"203.0.113.7", "::ffff:203.0.113.7", true},
	    {"203.0.113.7", "203.0.113.6", false},
	    {"2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true},
	    {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
	    {"::1", "127.0.0.1", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct address one = address_of(table[i].one), other = address_of(table[i].other);

		one = address_source(&one);
		other = address_source(&other);
		assert_int_equal(address_equal(&one, &other), table[i].same);
	}
}

static void test_no_address_has_no_text(void **state)
{
	struct address none = {0, {0}};
	char text[46] = "x";

	(void)state;
	address_format(&none, text);
	assert_string_equal(text, "");
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* NET-06: the last of 10,000 ranges is found, the next address is not, and it costs this much. */
static void test_ten_thousand_ranges(void **state)
{
	enum { RANGES = 10000, ROUNDS = 100 };
	static struct range ranges[RANGES];
	struct address last = address_of("10.39.15.9"), beyond = address_of("10.39.16.9");
	struct timespec start;
	char text[32];

	(void)state;
	for (unsigned i = 0; i < RANGES; i++) {
		snprintf(text, sizeof(text), "10.%u.%u.0/24", i / 256, i % 256);
		ranges[i] = range_of(text);
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < ROUNDS; i++) {
		assert_true(ranges_contain(ranges, RANGES, &last));
		assert_false(ranges_contain(ranges, RANGES, &beyond));
	}
	print_message("10,000 ranges: %.1f us a look\n",
		      seconds_since(&start) * 1e6 / (2 * ROUNDS));
	assert_false(ranges_contain(ranges, RANGES - 1, &last));
	assert_true(ranges_contain(ranges, RANGES, &ranges[0].base));
	assert_false(ranges_contain(ranges, 0, &ranges[0].base));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numeric_origins),
	    cmocka_unit_test(test_names_are_no_addresses),
	    cmocka_unit_test(test_no_origin),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_canonical_ranges),
	    cmocka_unit_test(test_bad_ranges),
	    cmocka_unit_test(test_no_address_is_in_no_range),
	    cmocka_unit_test(test_sources),
	    cmocka_unit_test(test_no_address_has_no_text),
	    cmocka_unit_test(test_ten_thousand_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
