/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/screens.h"

#include "kling-enroll/text.h"
#include "lib/factor/answer.h"
#include "lib/show/base32.h"

#include <string.h>

enum {
	GAP = 2,         /* columns between the picture and the text */
	SIDE_LEAST = 28, /* columns that the text needs */
	SIDE_MOST = 48,
	WIDTH_MOST = 76,
	SECRET_PER_LINE = 4,
	ONE_COLUMN_MOST = 12, /* codes one below the other */
	AROUND_CODES = 7,     /* rows of title, text and prompt */
};

/* What gives way where there is little room: each level leaves out more. */
enum { ALL, WITHOUT_TURN, WITHOUT_KIND, WITHOUT_URI, WITHOUT_NAMES, WITHOUT_NOTE, BARE };

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void add_secret(struct out *out, const struct token *token, size_t per_line)
{
	base32_add_grouped(out, token->secret, token->secret_length, per_line);
	out_text(out, "\n");
}

/* Columns of the character that begins with this byte; 0 inside one. */
static size_t columns_of(unsigned char byte)
{
	return (byte & 0xc0) == 0x80 ? 0 : byte > 0xe0 ? 2 : 1;
}

/* A name has no blanks to break at. */
static void add_name(struct out *out, const char *name, size_t width)
{
	AUTO_OUT visible = OUT_EMPTY;
	size_t column = 0;

	out_visible(&visible, name);
	for (const char *c = out_string(&visible); *c; c++) {
		size_t columns = columns_of((unsigned char)*c);
		if (column + columns > width) {
			out_text(out, "\n");
			column = 0;
		}
		out_bytes(out, c, 1);
		column += columns;
	}
	out_text(out, "\n");
}

/* The rows that a text takes on a screen of so many columns. */
static size_t rows_of(const char *text, size_t columns)
{
	size_t rows = 0;

	while (*text) {
		size_t width = 0, length = strcspn(text, "\n");
		for (size_t i = 0; i < length; i++)
			width += columns_of((unsigned char)text[i]);
		rows += width ? (width + columns - 1) / columns : 1;
		text += length + (text[length] == '\n');
	}
	return rows;
}

static void add_visible_wrapped(struct out *out, const char *text, size_t width)
{
	AUTO_OUT visible = OUT_EMPTY;

	out_visible(&visible, text);
	out_wrapped(out, out_string(&visible), "", width);
}

/* The text beside or below the picture, as lines. */
static void add_side(struct out *out, const struct scan *scan, const char *how, size_t width,
		     int level)
{
	const struct otpauth *otpauth = &scan->issue->otpauth;
	char kind[96];

	if (level < WITHOUT_NAMES) {
		add_name(out, otpauth->token.label, width);
		add_name(out, otpauth->issuer, width);
		out_text(out, "\n");
	}
	if (level < BARE) {
		out_wrapped(out, how, "", width);
		out_text(out, "\n");
	}
	add_secret(out, &otpauth->token, SECRET_PER_LINE);
	if (level < WITHOUT_KIND) {
		out_text(out, "\n");
		otpauth_kind(otpauth, kind, sizeof(kind));
		out_wrapped(out, kind, "", width);
	}
	if (level < WITHOUT_NAMES) {
		out_text(out, "\n");
		out_wrapped(out, scan->confirms ? TEXT_SCAN_THEN : TEXT_SCAN_THEN_ENTER, "", width);
	}
}

/* The whole of it, or as much as `rows` hold. */
static void add_fitting_side(struct out *out, const struct scan *scan, size_t width, size_t rows)
{
	int level = ALL;

	do {
		out_clear(out);
		add_side(out, scan, TEXT_SCAN_HOW, width, level);
		if (level == ALL) {
			out_text(out, "\n");
			out_wrapped(out, TEXT_SCAN_TURN, "", width);
		}
	} while (rows_of(out_string(out), width) > rows && level++ < BARE);
}

/* Appends the next line of `text` and steps behind it. */
static void add_line(struct out *page, const char **text)
{
	size_t length = strcspn(*text, "\n");

	out_bytes(page, *text, length);
	*text += length + ((*text)[length] == '\n');
}

static void add_side_by_side(struct out *page, const struct scan *scan, const struct qr_look *look,
			     size_t rows, size_t width, bool bold)
{
	AUTO_OUT side = OUT_EMPTY;

	add_fitting_side(&side, scan, width, rows - 1);
	const char *text = out_string(&side);
	for (size_t row = 0; row < rows; row++) {
		if (row > 0)
			out_text(page, "\n");
		qr_text_row(page, scan->qr, look, row);
		out_repeat(page, " ", GAP);
		if (row == 1 && bold)
			out_text(page, "\033[1m");
		if (row > 0)
			add_line(page, &text);
		if (row == 1 && bold)
			out_text(page, "\033[0m");
	}
}

static void add_uri(struct out *page, const struct issue *issue)
{
	uri_add(page, &issue->otpauth);
	out_text(page, "\n");
}

static bool would_fit(const struct display *display, size_t size, enum qr_style style)
{
	const struct qr qr = {.size = size};
	size_t columns, rows;

	qr_text_size(&qr, style, &columns, &rows);
	return columns <= display->columns && rows < display->rows;
}

/* What to do to see the picture after all. */
static void add_note(struct out *page, const struct display *display, const struct scan *scan,
		     enum qr_style style, bool whole)
{
	AUTO_OUT note = OUT_EMPTY;
	size_t width = smaller(display->columns, WIDTH_MOST);
	size_t columns, rows;

	qr_text_size(scan->qr, style, &columns, &rows);
	if (!whole) {
		out_format(page, TEXT_SCAN_TINY, columns, rows + 1);
		out_text(page, "\n");
		return;
	}
	out_format(&note, TEXT_SCAN_SMALL, columns, rows + 1, display->columns, display->rows);
	out_text(&note,
		 scan->plain || !display->controls ? TEXT_SCAN_LARGER_ANEW : TEXT_SCAN_LARGER);
	for (size_t i = 0; scan->shorter && i < SHORTER_MAX; i++) {
		const struct shorter *shorter = &scan->shorter[i];
		if (shorter->size && would_fit(display, shorter->size, style)) {
			out_format(&note, TEXT_SCAN_SHORTER, shorter->options);
			break;
		}
	}
	if (style != QR_UTF8 && would_fit(display, scan->qr->size, QR_UTF8))
		out_text(&note, TEXT_SCAN_LOCALE);
	out_text(&note, TEXT_SCAN_FILE);
	out_wrapped(page, out_string(&note), "", width);
}

static void add_instead(struct out *page, const struct display *display, const struct scan *scan,
			enum qr_style style, int level)
{
	size_t width = smaller(display->columns, WIDTH_MOST);

	bool with_uri = level < WITHOUT_URI;

	add_side(page, scan, with_uri ? TEXT_SCAN_TYPE_INSTEAD : TEXT_SCAN_TYPE, width, level);
	if (!scan->without && level < BARE) {
		out_text(page, "\n");
		add_note(page, display, scan, style, level < WITHOUT_NOTE);
	}
	if (with_uri) {
		out_text(page, "\n");
		add_uri(page, scan->issue);
	}
}

/* No room for the picture: the secret and the URI do, and of the rest what has room. */
static void add_without(struct out *page, const struct display *display, const struct scan *scan,
			enum qr_style style)
{
	bool scrolls = scan->plain || !display->controls;
	AUTO_OUT body = OUT_EMPTY;
	int level = ALL;

	do {
		out_clear(&body);
		add_instead(&body, display, scan, style, level);
	} while (!scrolls && rows_of(out_string(&body), display->columns) >= display->rows &&
		 level++ < BARE);
	out_text(page, out_string(&body));
}

static struct qr_look choose_look(const struct display *display, const struct scan *scan,
				  bool *fits)
{
	struct qr_look look = display_look(display, scan->qr, scan->wanted, 1, fits);

	if (scan->turned) {
		look.ground = look.ground == QR_DARK ? QR_LIGHT : QR_DARK;
		look.colours = NULL;
	}
	return look;
}

void scan_page(struct out *page, const struct display *display, const struct scan *scan)
{
	size_t columns, rows;
	bool fits;
	struct qr_look look = choose_look(display, scan, &fits);

	qr_text_size(scan->qr, look.style, &columns, &rows);
	if (scan->without || !fits)
		add_without(page, display, scan, look.style);
	else if (display->columns - columns >= GAP + SIDE_LEAST)
		add_side_by_side(page, scan, &look, rows,
				 smaller(display->columns - columns - GAP, SIDE_MOST),
				 display->colours);
	else {
		qr_text_add(page, scan->qr, &look);
		if (display->rows - rows > 2)
			add_secret(page, &scan->issue->otpauth.token, 0);
	}
	if (scan->plain || !display->controls)
		out_text(page, "\n");
}

void scan_list(struct out *page, const struct display *display, const struct scan *scan)
{
	bool fits;
	struct qr_look look = choose_look(display, scan, &fits);

	if (!scan->without && look.style == QR_UTF8 && !display->is_terminal)
		look.colours = NULL;
	if (!scan->without) {
		out_text(page, "\n");
		qr_text_add(page, scan->qr, &look);
	}
	out_text(page, "\n");
	add_secret(page, &scan->issue->otpauth.token, 0);
	add_uri(page, scan->issue);
}

static void add_code(struct out *page, const struct issue *issue, size_t i)
{
	if (i < issue->set.count)
		out_format(page, "%4zu  %s", i + 1,
			   (const char *)issue->codes.bytes + i * BACKUP_CODE_TEXT);
}

static size_t rows_in(size_t count, size_t columns)
{
	return (count + columns - 1) / columns;
}

/* One below the other, or side by side where the screen is low or there are many. */
static size_t code_columns(const struct display *display, size_t count, bool scrolls)
{
	size_t most = display->columns >= 79 ? 3 : display->columns >= 60 ? 2 : 1;
	size_t columns = smaller(count > ONE_COLUMN_MOST ? 2 : 1, most);

	while (!scrolls && columns < most && rows_in(count, columns) + AROUND_CODES > display->rows)
		columns++;
	return columns;
}

void codes_page(struct out *page, const struct display *display, const struct issue *issue,
		const char *host, bool scrolls)
{
	size_t width = smaller(display->columns, WIDTH_MOST);
	size_t columns = code_columns(display, issue->set.count, scrolls);
	size_t rows = rows_in(issue->set.count, columns);
	bool low = !scrolls && rows + AROUND_CODES > display->rows;
	AUTO_OUT title = OUT_EMPTY;
	AUTO_OUT note = OUT_EMPTY;

	out_format(&title, TEXT_CODES_TITLE, issue->who.name, host, issue->set.id);
	if (!low) {
		add_visible_wrapped(page, out_string(&title), width);
		out_text(page, "\n");
	}
	for (size_t row = 0; row < rows; row++) {
		for (size_t column = 0; column < columns; column++) {
			if (column > 0)
				out_repeat(page, " ", columns == 2 ? 6 : GAP);
			add_code(page, issue, row + column * rows);
		}
		out_text(page, "\n");
	}
	if (low && rows + 1 > display->rows - 1)
		out_format(&note, TEXT_CODES_LOW, rows + AROUND_CODES);
	else if (!low)
		out_text(&note, TEXT_CODES_WHAT);
	if (!low)
		out_text(page, "\n");
	out_wrapped(page, out_string(&note), "", width);
}
