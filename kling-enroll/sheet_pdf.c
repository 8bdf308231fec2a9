/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/base32.h"
#include "kling-enroll/drawing.h"
#include "kling-enroll/sheet.h"
#include "kling-enroll/text.h"
#include "kling-enroll/when.h"
#include "lib/factor/answer.h"

#include <stdio.h>
#include <string.h>

enum { LEFT = 64, CODES_PER_COLUMN = 10, SECRET_PER_LINE = 4 };

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

static void draw_fact(struct pen *pen, double x, const char *name, const char *value)
{
	page_grey(pen->page, 0.4);
	page_text(pen->page, x, pen->y, FACE_TEXT, 9, name);
	page_grey(pen->page, 0);
	double room = right(pen) - x;
	double size = 13;
	while (size > 7 && page_text_width(pen->page, FACE_BOLD, size, value) > room)
		size -= 0.5;
	page_text(pen->page, x, pen->y + 16, FACE_BOLD, size, value);
}

static void draw_facts(struct pen *pen)
{
	char day[WHEN_TEXT], set[16];
	double column = (right(pen) - LEFT) / 2;

	when_day(pen->sheet->made, day);
	draw_fact(pen, LEFT, TEXT_SHEET_USER, pen->sheet->user);
	draw_fact(pen, LEFT + column, TEXT_SHEET_MADE, day);
	pen->y += 38;
	draw_fact(pen, LEFT, TEXT_SHEET_HOST, pen->sheet->host);
	if (pen->sheet->count) {
		snprintf(set, sizeof(set), "%u", pen->sheet->set_id);
		draw_fact(pen, LEFT + column, TEXT_SHEET_SET, set);
	}
	pen->y += 44;
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

/* Ten in one column of large type; more, or a picture beside them, in two of smaller type. */
static void draw_codes(struct pen *pen)
{
	size_t count = pen->sheet->count;
	size_t columns = count > CODES_PER_COLUMN ? 2 : 1;
	size_t rows = (count + columns - 1) / columns;
	double size = columns == 2 ? 14.5 : pen->sheet->qr ? 15 : 19;
	double step = columns == 2 ? 26 : pen->sheet->qr ? 24 : 31;

	for (size_t i = 0; i < count; i++)
		draw_code(pen, i, LEFT + (double)(i / rows) * (right(pen) - LEFT + 20) / 2,
			  pen->y + step * (double)(i % rows), size);
	pen->y += step * (double)rows + 6;
}

static void draw_section(struct pen *pen, const char *title, const char *const *paragraphs)
{
	page_grey(pen->page, 0);
	page_text(pen->page, LEFT, pen->y, FACE_BOLD, 11.5, title);
	pen->y += 17;
	page_grey(pen->page, 0.15);
	for (; *paragraphs; paragraphs++)
		pen->y =
		    page_paragraph(pen->page, LEFT, pen->y, right(pen) - LEFT, 10.5, *paragraphs) +
		    3;
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
		page_text(pen->page, x, y, FACE_FIXED, 11.5, piece);
		wipe(piece, sizeof(piece));
		y += 16;
		line += length + (line[length] == '\n');
	}
}

static void draw_token(struct pen *pen)
{
	enum { SIDE = 150 };
	double x = LEFT + SIDE + 20;
	double top = pen->y - 8;
	char kind[96];

	page_grey(pen->page, 0);
	page_text(pen->page, x, top + 22, FACE_BOLD, 11.5, TEXT_SHEET_SCAN_TITLE);
	page_grey(pen->page, 0.15);
	double y = page_paragraph(pen->page, x, top + 39, right(pen) - x, 10.5, TEXT_SHEET_SCAN);
	page_grey(pen->page, 0);
	draw_secret_lines(pen, x, y + 4);
	otpauth_kind(pen->sheet->otpauth, kind, sizeof(kind));
	page_grey(pen->page, 0.4);
	page_text(pen->page, x, top + SIDE - 8, FACE_TEXT, 9, kind);
	page_qr(pen->page, pen->sheet->qr, LEFT - 12, top, SIDE);
	pen->y = top + SIDE + 24;
}

static void draw_foot(struct pen *pen)
{
	double y = pen->height - 74;

	page_grey(pen->page, 0);
	page_text(pen->page, LEFT, y, FACE_BOLD, 11.5, TEXT_SHEET_CONTACT);
	double x = LEFT + page_text_width(pen->page, FACE_BOLD, 11.5, TEXT_SHEET_CONTACT) + 10;
	page_grey(pen->page, 0.4);
	page_dashes(pen->page, x, y + 2, right(pen), y + 2);
	page_text(pen->page, LEFT, y + 24, FACE_TEXT, 8.5, TEXT_SHEET_FOOT);
}

static void draw_sheet(struct pen *pen)
{
	static const char *const use[] = {TEXT_SHEET_USE_1, TEXT_SHEET_USE_2, TEXT_SHEET_USE_3,
					  NULL};
	static const char *const keep[] = {TEXT_SHEET_KEEP_1, TEXT_SHEET_KEEP_2, NULL};
	static const char *const burn[] = {TEXT_SHEET_BURN, NULL};

	draw_title(pen);
	draw_facts(pen);
	if (pen->sheet->otpauth)
		draw_token(pen);
	if (pen->sheet->count) {
		draw_codes(pen);
		draw_section(pen, TEXT_SHEET_USE, use);
		draw_section(pen, TEXT_SHEET_KEEP, keep);
	}
	if (pen->sheet->otpauth && !pen->sheet->count)
		draw_section(pen, TEXT_SHEET_KEEP, burn);
	draw_foot(pen);
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
