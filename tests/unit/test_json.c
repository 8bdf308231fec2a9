/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_object(void **state)
{
	AUTO_OUT out = OUT_EMPTY;
	struct json json = JSON_TO(&out);

	(void)state;
	json_open(&json, NULL);
	json_text(&json, "user", "alice");
	json_number(&json, "uid", 1000);
	json_bool(&json, "locked", false);
	json_time(&json, "until", 0);
	json_open_array(&json, "tokens");
	json_open(&json, NULL);
	json_number(&json, "n", INT64_MIN);
	json_close(&json);
	json_open(&json, NULL);
	json_close(&json);
	json_text(&json, NULL, "x");
	json_close_array(&json);
	json_open_array(&json, "none");
	json_close_array(&json);
	json_null(&json, "last");
	json_close(&json);
	json_end(&json);
	assert_string_equal(out_string(&out),
			    "{\"user\":\"alice\",\"uid\":1000,\"locked\":false,\"until\":null,"
			    "\"tokens\":[{\"n\":-9223372036854775808},{},\"x\"],\"none\":[],"
			    "\"last\":null}\n");
}

static void test_text(void **state)
{
	static const struct {
		const char *value, *written;
	} rows[] = {
	    {"", "\"\""},
	    {"a\"b\\c", "\"a\\\"b\\\\c\""},
	    {"\n\t\033\177", "\"\\u000a\\u0009\\u001b\\u007f\""},
	    {"j\303\266rg \342\202\254 \360\237\224\221",
	     "\"j\303\266rg \342\202\254 \360\237\224\221\""},
	    {"\377x", "\"\\ufffdx\""},
	    {"\303", "\"\\ufffd\""},
	    {"\355\240\200", "\"\\ufffd\\ufffd\\ufffd\""}, /* a surrogate */
	    {"\300\200", "\"\\ufffd\\ufffd\""},            /* an overlong NUL */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_OUT out = OUT_EMPTY;
		struct json json = JSON_TO(&out);
		json_text(&json, NULL, rows[i].value);
		assert_string_equal(out_string(&out), rows[i].written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_object),
	    cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
