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
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void add_secret(struct out *out, const struct token *token, size_t per_line)
{
	base32_add_grouped(out, token->secret, token->secret_length, per_line);
	out_text(out, "\n");
}

static void add_visible_wrapped(struct out *out, const char *text, size_t width)
{
	AUTO_OUT visible = OUT_EMPTY;

	out_visible(&visible, text);
	out_wrapped(out, out_string(&visible), "", width);
}

/* The text beside or below the picture, as lines. */
static void add_side(struct out *out, const struct scan *scan, const char *how, size_t width)
{
	const struct otpauth *otpauth = &scan->issue->otpauth;
	char kind[96];

	add_visible_wrapped(out, otpauth->token.label, width);
	add_visible_wrapped(out, otpauth->issuer, width);
	out_text(out, "\n");
	out_wrapped(out, how, "", width);
	out_text(out, "\n");
	add_secret(out, &otpauth->token, SECRET_PER_LINE);
	out_text(out, "\n");
	otpauth_kind(otpauth, kind, sizeof(kind));
	out_wrapped(out, kind, "", width);
	out_text(out, "\n");
	out_wrapped(out, scan->confirms ? TEXT_SCAN_THEN : TEXT_SCAN_THEN_ENTER, "", width);
	if (!scan->without) {
		out_text(out, "\n");
		out_wrapped(out, TEXT_SCAN_TURN, "", width);
	}
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

	add_side(&side, scan, TEXT_SCAN_HOW, width);
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

/* No room for the picture: the secret and the URI do. */
static void add_without(struct out *page, const struct display *display, const struct scan *scan,
			const struct qr_look *look)
{
	size_t columns, rows;
	size_t width = smaller(display->columns, WIDTH_MOST);

	add_side(page, scan, scan->without ? TEXT_SCAN_TYPE : TEXT_SCAN_TYPE_INSTEAD, width);
	out_text(page, "\n");
	if (!scan->without) {
		AUTO_OUT note = OUT_EMPTY;
		qr_text_size(scan->qr, look->style, &columns, &rows);
		out_format(&note, TEXT_SCAN_SMALL, columns, rows + 1, display->columns,
			   display->rows);
		out_wrapped(page, out_string(&note), "", width);
		out_text(page, "\n");
	}
	add_uri(page, scan->issue);
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
		add_without(page, display, scan, &look);
	else if (display->columns - columns >= GAP + SIDE_LEAST)
		add_side_by_side(page, scan, &look, rows,
				 smaller(display->columns - columns - GAP, SIDE_MOST),
				 display->colours);
	else {
		qr_text_add(page, scan->qr, &look);
		if (display->rows - rows > 2)
			add_secret(page, &scan->issue->otpauth.token, 0);
	}
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

void codes_page(struct out *page, const struct display *display, const struct issue *issue,
		const char *host)
{
	size_t width = smaller(display->columns, WIDTH_MOST);
	size_t columns = issue->set.count > ONE_COLUMN_MOST && width >= 60 ? 2 : 1;
	size_t rows = (issue->set.count + columns - 1) / columns;
	AUTO_OUT title = OUT_EMPTY;

	out_format(&title, TEXT_CODES_TITLE, issue->who.name, host, issue->set.id);
	add_visible_wrapped(page, out_string(&title), width);
	out_text(page, "\n");
	for (size_t row = 0; row < rows; row++) {
		add_code(page, issue, row);
		if (columns == 2) {
			out_text(page, "      ");
			add_code(page, issue, row + rows);
		}
		out_text(page, "\n");
	}
	out_text(page, "\n");
	out_wrapped(page, TEXT_CODES_WHAT, "", width);
}
