/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/drawing.h"
#include "kling-enroll/sheet.h"
#include "kling-enroll/text.h"
#include "kling-enroll/utf8.h"
#include "kling-enroll/when.h"
#include "lib/factor/answer.h"
#include "lib/show/base32.h"

#include <stdio.h>
#include <string.h>

/* In points. The strip below the cut carries the picture for the phone. */
enum { FACT_MAX = 256, FACT_LINES = 3, FACT_TYPE_LEAST = 8 };
enum { LEFT = 64, STRIP = 176, PICTURE = 140, CODES_PER_COLUMN = 10, SECRET_PER_LINE = 4 };

static const char *code_at(const struct sheet *sheet, size_t i)
{
	return sheet->codes + i * BACKUP_CODE_TEXT;
}

/* What is drawn, where the next piece goes, and how wide the page is. */
struct pen {
	const struct sheet *sheet;
	struct page *page;
	double width;
	double height;
	double y;
};

static double right(const struct pen *pen)
{
	return pen->width - LEFT;
}

static void draw_title(struct pen *pen)
{
	page_grey(pen->page, 0);
	page_text(pen->page, LEFT, 92, FACE_BOLD, 26,
		  pen->sheet->count ? TEXT_SHEET_TITLE : TEXT_SHEET_TITLE_TOKEN);
	page_line(pen->page, LEFT, 106, right(pen), 106, 1.5);
	pen->y = 130;
}

/* The bytes of `value` that fit into a line: all, or up to a place where a name may be parted. */
static size_t fitting_length(struct pen *pen, double size, double room, const char *value)
{
	char line[FACT_MAX];
	size_t best = 0, parted = 0, length = 0;

	if (page_text_width(pen->page, FACE_BOLD, size, value) <= room)
		return strlen(value);
	while (value[length]) {
		size_t step = utf8_length(value + length, strlen(value + length));
		length += step ? step : 1;
		if (length >= sizeof(line))
			break;
		memcpy(line, value, length);
		line[length] = '\0';
		if (page_text_width(pen->page, FACE_BOLD, size, line) > room)
			break;
		best = length;
		if (strchr(".-@_", value[length - 1]))
			parted = length;
	}
	return value[best] && parted ? parted : best;
}

/* Smaller type for what is long, and several lines for what is longer still. */
static void draw_value(struct pen *pen, double x, double room, const char *value)
{
	char line[FACT_MAX];
	double size = 13, y = pen->y + 16;

	while (size > FACT_TYPE_LEAST && page_text_width(pen->page, FACE_BOLD, size, value) > room)
		size -= 0.5;
	for (int i = 0; i < FACT_LINES && *value; i++) {
		size_t length = fitting_length(pen, size, room, value);
		snprintf(line, sizeof(line), "%.*s", (int)length, value);
		page_text(pen->page, x, y, FACE_BOLD, size, line);
		value += length ? length : strlen(value);
		y += 1.25 * size;
	}
}

static void draw_fact(struct pen *pen, double x, double room, const char *name, const char *value)
{
	page_grey(pen->page, 0.4);
	page_text(pen->page, x, pen->y, FACE_TEXT, 9, name);
	page_grey(pen->page, 0);
	draw_value(pen, x, room, value);
}

static void draw_facts(struct pen *pen)
{
	char day[WHEN_TEXT], set[16];
	double quarter = (right(pen) - LEFT) / 4;

	when_day(pen->sheet->made, day);
	draw_fact(pen, LEFT, quarter - 8, TEXT_SHEET_USER, pen->sheet->user);
	draw_fact(pen, LEFT + quarter, 1.5 * quarter - 8, TEXT_SHEET_HOST, pen->sheet->host);
	draw_fact(pen, LEFT + 2.5 * quarter, quarter - 8, TEXT_SHEET_MADE, day);
	if (pen->sheet->count) {
		snprintf(set, sizeof(set), "%u", pen->sheet->set_id);
		draw_fact(pen, LEFT + 3.5 * quarter, 0.5 * quarter, TEXT_SHEET_SET, set);
	}
	pen->y += 52;
}

static void draw_code(struct pen *pen, size_t i, double x, double y, double size)
{
	char number[24];

	snprintf(number, sizeof(number), "%zu", i + 1);
	page_grey(pen->page, 0.25);
	page_box(pen->page, x, y - 0.75 * size, 0.8 * size, 0.8 * size, 0.8);
	page_grey(pen->page, 0.4);
	double width = page_text_width(pen->page, FACE_TEXT, 0.6 * size, number);
	page_text(pen->page, x + 1.95 * size - width, y, FACE_TEXT, 0.6 * size, number);
	page_grey(pen->page, 0);
	page_text(pen->page, x + 2.3 * size, y, FACE_FIXED_BOLD, size, code_at(pen->sheet, i));
}

/* Ten in one column of large type; more, or a picture below them, in two of smaller type. */
static void draw_codes(struct pen *pen)
{
	size_t count = pen->sheet->count;
	bool small = count > CODES_PER_COLUMN || pen->sheet->qr;
	size_t rows = small ? (count + 1) / 2 : count;
	double size = small ? 14.5 : 19;
	double step = !small ? 32 : rows > 5 ? 21 : 26;
	double column = (right(pen) - LEFT + 20) / 2;

	pen->y += small ? 0 : 16;
	for (size_t i = 0; i < count; i++)
		draw_code(pen, i, LEFT + column * (double)(i / rows),
			  pen->y + step * (double)(i % rows), size);
	pen->y += step * (double)rows + (small ? 8 : 16);
}

static void draw_section(struct pen *pen, const char *title, const char *const *paragraphs)
{
	page_grey(pen->page, 0);
	page_text(pen->page, LEFT, pen->y, FACE_BOLD, 11, title);
	pen->y += 15;
	page_grey(pen->page, 0.15);
	for (; *paragraphs; paragraphs++)
		pen->y =
		    page_paragraph(pen->page, LEFT, pen->y, right(pen) - LEFT, 10, *paragraphs) + 3;
	pen->y += 10;
}

static void draw_secret_lines(struct pen *pen, double x, double y)
{
	const struct token *token = &pen->sheet->otpauth->token;
	AUTO_OUT groups = OUT_EMPTY;

	base32_add_grouped(&groups, token->secret, token->secret_length, SECRET_PER_LINE);
	const char *line = out_string(&groups);
	while (*line) {
		char piece[32];
		size_t length = strcspn(line, "\n");
		snprintf(piece, sizeof(piece), "%.*s", (int)length, line);
		page_text(pen->page, x, y, FACE_FIXED_BOLD, 11.5, piece);
		wipe(piece, sizeof(piece));
		y += 16;
		line += length + (line[length] == '\n');
	}
}

static void draw_token(struct pen *pen)
{
	double top = pen->height - STRIP;
	double x = LEFT + PICTURE + 12;
	char kind[96];

	page_grey(pen->page, 0.4);
	page_dashes(pen->page, 24, top, pen->width - 24, top);
	page_grey(pen->page, 0);
	page_text(pen->page, x, top + 30, FACE_BOLD, 11, TEXT_SHEET_SCAN_TITLE);
	page_grey(pen->page, 0.15);
	double y = page_paragraph(pen->page, x, top + 46, right(pen) - x, 10, TEXT_SHEET_SCAN);
	page_grey(pen->page, 0);
	draw_secret_lines(pen, x, y + 6);
	otpauth_kind(pen->sheet->otpauth, kind, sizeof(kind));
	page_grey(pen->page, 0.4);
	page_text(pen->page, x, top + PICTURE + 6, FACE_TEXT, 9, kind);
	page_qr(pen->page, pen->sheet->qr, LEFT - 12, top + 14, PICTURE);
}

static void draw_foot(struct pen *pen)
{
	double y = pen->height - (pen->sheet->otpauth ? STRIP + 36 : 74);

	page_grey(pen->page, 0);
	page_text(pen->page, LEFT, y, FACE_BOLD, 11, TEXT_SHEET_CONTACT);
	double x = LEFT + page_text_width(pen->page, FACE_BOLD, 11, TEXT_SHEET_CONTACT) + 10;
	page_grey(pen->page, 0.4);
	page_dashes(pen->page, x, y + 2, right(pen), y + 2);
	page_text(pen->page, LEFT, y + 20, FACE_TEXT, 8.5, TEXT_SHEET_FOOT);
}

static void draw_sheet(struct pen *pen)
{
	const char *const use[] = {TEXT_SHEET_USE_1, TEXT_SHEET_USE_2, TEXT_SHEET_USE_3, NULL};
	const char *const keep[] = {TEXT_SHEET_KEEP_1, TEXT_SHEET_KEEP_2, NULL};
	const char *const burn[] = {TEXT_SHEET_BURN, NULL};

	draw_title(pen);
	draw_facts(pen);
	if (pen->sheet->count) {
		draw_codes(pen);
		draw_section(pen, TEXT_SHEET_USE, use);
		draw_section(pen, TEXT_SHEET_KEEP, keep);
	}
	if (pen->sheet->otpauth && !pen->sheet->count)
		draw_section(pen, TEXT_SHEET_KEEP, burn);
	draw_foot(pen);
	if (pen->sheet->otpauth)
		draw_token(pen);
}

enum status sheet_pdf(const struct sheet *sheet, struct out *out)
{
	bool letter = sheet->paper == PAPER_LETTER;
	struct pen pen = {sheet, NULL, letter ? 612 : 595.28, letter ? 792 : 841.89, 0};
	AUTO_PAGE page = NULL;
	enum status s = page_begin(pen.width, pen.height, TEXT_SHEET_TITLE, &page);

	if (s != ST_OK)
		return s;
	pen.page = page;
	draw_sheet(&pen);
	return page_finish(page, out);
}
