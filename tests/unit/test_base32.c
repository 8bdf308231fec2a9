/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/show/base32.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *plain;
	const char *coded;
} vectors[] = {
    /* RFC 4648, section 10, without padding */
    {"", ""},
    {"f", "MY"},
    {"fo", "MZXQ"},
    {"foo", "MZXW6"},
    {"foob", "MZXW6YQ"},
    {"fooba", "MZXW6YTB"},
    {"foobar", "MZXW6YTBOI"},
    {"12345678901234567890", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"},
};

static void test_format(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		AUTO_OUT out = OUT_EMPTY;
		base32_add(&out, (const uint8_t *)vectors[i].plain, strlen(vectors[i].plain));
		assert_string_equal(out_string(&out), vectors[i].coded);
	}
}

static void test_grouped(void **state)
{
	static const struct {
		size_t per_line;
		const char *coded;
	} rows[] = {
	    {0, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"},
	    {4, "GEZD GNBV GY3T QOJQ\nGEZD GNBV GY3T QOJQ"},
	    {3, "GEZD GNBV GY3T\nQOJQ GEZD GNBV\nGY3T QOJQ"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_OUT out = OUT_EMPTY;
		base32_add_grouped(&out, (const uint8_t *)"12345678901234567890", 20,
				   rows[i].per_line);
		assert_string_equal(out_string(&out), rows[i].coded);
	}
}

static void test_parse_back(void **state)
{
	uint8_t bytes[32];
	size_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const char *coded = vectors[i].coded;
		assert_int_equal(base32_parse(coded, strlen(coded), bytes, sizeof(bytes), &count),
				 ST_OK);
		assert_int_equal(count, strlen(vectors[i].plain));
		assert_memory_equal(bytes, vectors[i].plain, count);
	}
}

/* ENR-10 */
static void test_parse(void **state)
{
	static const struct {
		const char *coded;
		enum status status;
		const char *plain;
	} rows[] = {
	    {"mzxw 6ytb-oi", ST_OK, "foobar"},
	    {"MZXW6YTBOI======", ST_OK, "foobar"},
	    {"MZXW6YTBOI == ", ST_OK, "foobar"},
	    {"MZXW6YTBO", ST_SYNTAX, NULL},  /* 9 symbols are no whole bytes */
	    {"M", ST_SYNTAX, NULL},          /* nor is one */
	    {"MZX", ST_SYNTAX, NULL},        /* nor three */
	    {"MZXW6Y", ST_SYNTAX, NULL},     /* nor six */
	    {"MZ", ST_SYNTAX, NULL},         /* left-over bits that are set */
	    {"MZXW0YTBOI", ST_SYNTAX, NULL}, /* 0, 1, 8, 9 are no symbols */
	    {"MZXW1YTBOI", ST_SYNTAX, NULL},
	    {"MZXW6YTB=OI", ST_SYNTAX, NULL}, /* padding in the middle */
	    {"MZXW6YTB\303\204", ST_SYNTAX, NULL},
	    {"MZXW6YTBMZXW6YTB", ST_TOO_BIG, NULL},
	};
	uint8_t bytes[8];
	size_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(base32_parse(rows[i].coded, strlen(rows[i].coded), bytes,
					      sizeof(bytes), &count),
				 rows[i].status);
		if (rows[i].plain)
			assert_memory_equal(bytes, rows[i].plain, strlen(rows[i].plain));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_format),
	    cmocka_unit_test(test_grouped),
	    cmocka_unit_test(test_parse_back),
	    cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
