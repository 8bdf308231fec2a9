/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_SHOW_QR_TEXT_H
#define KLING_SHOW_QR_TEXT_H

#include "lib/show/out.h"
#include "lib/show/qr.h"

enum { QR_MARGIN = 2 };

/* How modules become characters. */
enum qr_style {
	QR_NONE = 0,
	QR_UTF8, /* half blocks: two modules in one character cell */
	QR_ANSI, /* blanks in reverse colours: two columns and a row for each module */
	QR_ASCII /* ## for what shines: two columns and a row for each module */
};

/* What a character that is set looks like on this terminal. */
enum qr_ground {
	QR_DARK = 0, /* light letters on a dark ground: letters draw the light modules */
	QR_LIGHT,    /* dark letters on a light ground: letters draw the dark modules */
};

struct qr_look {
	enum qr_style style;
	enum qr_ground ground;
	const char
	    *colours; /* QR_UTF8: an escape sequence that makes the ground certain, or NULL */
};

/* Columns and rows that a code takes in this style, margin included. */
void qr_text_size(const struct qr *qr, enum qr_style style, size_t *columns, size_t *rows);

/* One row of the drawing (0 to rows - 1), without a line feed. */
void qr_text_row(struct out *out, const struct qr *qr, const struct qr_look *look, size_t row);

/* All rows, each with a line feed. */
void qr_text_add(struct out *out, const struct qr *qr, const struct qr_look *look);

#endif
