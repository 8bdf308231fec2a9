/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/show/qr_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Two by two: dark in the upper left and the lower right. */
static void tiny(struct qr *qr)
{
	*qr = QR_EMPTY;
	qr->size = 2;
	assert_int_equal(secret_copy(&qr->modules, "\1\0\0\1", 4), ST_OK);
}

static void test_drawings(void **state)
{
	static const struct {
		struct qr_look look;
		const char *drawing;
	} rows[] = {
	    {{QR_UTF8, QR_DARK, NULL},
	     "██████\n"
	     "██▄▀██\n"
	     "██████\n"},
	    {{QR_UTF8, QR_LIGHT, NULL},
	     "      \n"
	     "  ▀▄  \n"
	     "      \n"},
	    {{QR_UTF8, QR_DARK, "\033[37;40m"},
	     "\033[37;40m██████\033[0m\n"
	     "\033[37;40m██▄▀██\033[0m\n"
	     "\033[37;40m██████\033[0m\n"},
	    {{QR_ASCII, QR_DARK, NULL},
	     "############\n############\n"
	     "####  ######\n######  ####\n"
	     "############\n############\n"},
	    {{QR_ASCII, QR_LIGHT, NULL},
	     "            \n            \n"
	     "    ##      \n      ##    \n"
	     "            \n            \n"},
	    {{QR_ANSI, QR_DARK, NULL},
	     "\033[47m            \033[0m\n\033[47m            \033[0m\n"
	     "\033[47m    \033[40m  \033[47m      \033[0m\n"
	     "\033[47m      \033[40m  \033[47m    \033[0m\n"
	     "\033[47m            \033[0m\n\033[47m            \033[0m\n"},
	    {{QR_NONE, QR_DARK, NULL}, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_OUT out = OUT_EMPTY;
		AUTO_QR qr;
		tiny(&qr);
		qr_text_add(&out, &qr, &rows[i].look);
		assert_string_equal(out_string(&out), rows[i].drawing);
	}
}

/* An odd number of rows leaves half a cell over: it is margin, of the colour that the ground has.
 */
static void test_odd_height(void **state)
{
	AUTO_OUT out = OUT_EMPTY;
	AUTO_QR qr = QR_EMPTY;

	(void)state;
	qr.size = 1;
	assert_int_equal(secret_copy(&qr.modules, "\1", 1), ST_OK);
	qr_text_add(&out, &qr, &(struct qr_look){QR_UTF8, QR_DARK, NULL});
	assert_string_equal(out_string(&out), "█████\n"
					      "██▄██\n"
					      "▀▀▀▀▀\n");
}

/* ENR-08: with a host name of 20 letters the picture takes 23 rows of 45 columns. */
static void test_fits(void **state)
{
	static const char uri[] =
	    "otpauth://totp/mail.intra.example.c:alice@mail.intra.example.c"
	    "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=mail.intra.example.c";
	AUTO_QR qr;
	size_t columns, rows;

	(void)state;
	assert_int_equal(qr_make(uri, &qr), ST_OK);
	qr_text_size(&qr, QR_UTF8, &columns, &rows);
	assert_int_equal(columns, 45);
	assert_int_equal(rows, 23);
	qr_text_size(&qr, QR_ASCII, &columns, &rows);
	assert_int_equal(columns, 90);
	assert_int_equal(rows, 45);
}

static void test_too_big(void **state)
{
	static char text[4000];
	AUTO_QR qr;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(qr_make(text, &qr), ST_TOO_BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_drawings),
	    cmocka_unit_test(test_odd_height),
	    cmocka_unit_test(test_fits),
	    cmocka_unit_test(test_too_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
