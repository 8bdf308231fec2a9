/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/show/qr_text.h"

static size_t side(const struct qr *qr)
{
	return qr->size + 2 * (size_t)QR_MARGIN;
}

void qr_text_size(const struct qr *qr, enum qr_style style, size_t *columns, size_t *rows)
{
	size_t modules = style == QR_NONE ? 0 : side(qr);

	*columns = style == QR_UTF8 ? modules : 2 * modules;
	*rows = style == QR_UTF8 ? (modules + 1) / 2 : modules;
}

/* Whether the module at a place of the drawing is to be drawn by a set character. */
static bool is_set(const struct qr *qr, enum qr_ground ground, size_t row, size_t column)
{
	bool dark = qr_is_dark(qr, (long)row - QR_MARGIN, (long)column - QR_MARGIN);

	return ground == QR_DARK ? !dark : dark;
}

/* The lower half of the last row may lie outside: then it is the terminal's own ground. */
static void half_blocks(struct out *out, const struct qr *qr, const struct qr_look *look,
			size_t row)
{
	static const char *const blocks[] = {" ", "\u2584", "\u2580", "\u2588"};

	if (look->colours)
		out_text(out, look->colours);
	for (size_t column = 0; column < side(qr); column++) {
		bool upper = is_set(qr, look->ground, 2 * row, column);
		bool lower =
		    2 * row + 1 < side(qr) && is_set(qr, look->ground, 2 * row + 1, column);
		out_text(out, blocks[2 * upper + lower]);
	}
	if (look->colours)
		out_text(out, "\033[0m");
}

/* Colours of their own: dark modules are dark whatever the ground is. */
static void colour_blanks(struct out *out, const struct qr *qr, size_t row)
{
	int before = -1;

	for (size_t column = 0; column < side(qr); column++) {
		int light = is_set(qr, QR_DARK, row, column);
		if (light != before)
			out_text(out, light ? "\033[47m" : "\033[40m");
		out_text(out, "  ");
		before = light;
	}
	out_text(out, "\033[0m");
}

static void hashes(struct out *out, const struct qr *qr, enum qr_ground ground, size_t row)
{
	for (size_t column = 0; column < side(qr); column++)
		out_text(out, is_set(qr, ground, row, column) ? "##" : "  ");
}

void qr_text_row(struct out *out, const struct qr *qr, const struct qr_look *look, size_t row)
{
	switch (look->style) {
	case QR_UTF8:
		half_blocks(out, qr, look, row);
		break;
	case QR_ANSI:
		colour_blanks(out, qr, row);
		break;
	case QR_ASCII:
		hashes(out, qr, look->ground, row);
		break;
	case QR_NONE:
	default:
		break;
	}
}

void qr_text_add(struct out *out, const struct qr *qr, const struct qr_look *look)
{
	size_t columns, rows;

	qr_text_size(qr, look->style, &columns, &rows);
	for (size_t row = 0; row < rows; row++) {
		qr_text_row(out, qr, look, row);
		out_text(out, "\n");
	}
}
