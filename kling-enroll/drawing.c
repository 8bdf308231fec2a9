/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/drawing.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURE_MARGIN = 4, PICTURE_SCALE = 8, LINE_MAX_BYTES = 512 };

struct page {
	cairo_surface_t *surface;
	cairo_t *cairo;
	struct out file;
};

bool drawing_is_possible(void)
{
	return true;
}

static cairo_status_t take(void *context, const unsigned char *bytes, unsigned length)
{
	struct out *out = context;

	out_bytes(out, bytes, length);
	return out->status == ST_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static enum status judge(cairo_status_t status)
{
	if (status == CAIRO_STATUS_SUCCESS)
		return ST_OK;
	return status == CAIRO_STATUS_NO_MEMORY ? ST_NOMEM : ST_IO;
}

/* A bar for the dark modules side by side: half as many numbers in a file as one for each. */
static long dark_bar(cairo_t *cairo, const struct qr *qr, long row, long column)
{
	long end = column;

	while (end < (long)qr->size && qr_is_dark(qr, row, end))
		end++;
	if (end > column)
		cairo_rectangle(cairo, (double)column, (double)row, (double)(end - column), 1);
	return end + 1;
}

static void dark_modules(cairo_t *cairo, const struct qr *qr)
{
	long size = (long)qr->size;

	cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
	for (long row = 0; row < size; row++)
		for (long column = 0; column < size;)
			column = dark_bar(cairo, qr, row, column);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	cairo_fill(cairo);
}

static cairo_status_t draw_picture(cairo_surface_t *surface, const struct qr *qr)
{
	cairo_t *cairo = cairo_create(surface);

	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, PICTURE_SCALE, PICTURE_SCALE);
	cairo_translate(cairo, PICTURE_MARGIN, PICTURE_MARGIN);
	dark_modules(cairo, qr);
	cairo_status_t status = cairo_status(cairo);
	cairo_destroy(cairo);
	return status;
}

/* The pixels show the secret, too. */
static void wipe_pixels(cairo_surface_t *surface)
{
	unsigned char *pixels = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);
	int height = cairo_image_surface_get_height(surface);

	cairo_surface_flush(surface);
	if (pixels)
		wipe(pixels, (size_t)stride * (size_t)height);
}

static enum status draw_png(const struct qr *qr, int side, struct out *out)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side);
	cairo_status_t status = draw_picture(surface, qr);

	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_write_to_png_stream(surface, take, out);
	wipe_pixels(surface);
	cairo_surface_destroy(surface);
	return judge(status);
}

static enum status draw_svg(const struct qr *qr, int side, struct out *out)
{
	cairo_surface_t *surface = cairo_svg_surface_create_for_stream(take, out, side, side);
	cairo_status_t status = draw_picture(surface, qr);

	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return judge(status);
}

enum status drawing_qr(const struct qr *qr, enum picture picture, struct out *out)
{
	int side = ((int)qr->size + 2 * PICTURE_MARGIN) * PICTURE_SCALE;

	return picture == PICTURE_PNG ? draw_png(qr, side, out) : draw_svg(qr, side, out);
}

enum status page_begin(double width, double height, const char *title, struct page **page)
{
	*page = calloc(1, sizeof(**page));
	if (!*page)
		return ST_NOMEM;
	(*page)->file = OUT_EMPTY;
	(*page)->surface = cairo_pdf_surface_create_for_stream(take, &(*page)->file, width, height);
	cairo_pdf_surface_set_metadata((*page)->surface, CAIRO_PDF_METADATA_TITLE, title);
	(*page)->cairo = cairo_create((*page)->surface);
	return judge(cairo_status((*page)->cairo));
}

static void select_face(struct page *page, enum face face, double size)
{
	bool bold = face == FACE_BOLD || face == FACE_FIXED_BOLD;
	bool fixed = face == FACE_FIXED_BOLD;

	cairo_select_font_face(page->cairo, fixed ? "monospace" : "sans-serif",
			       CAIRO_FONT_SLANT_NORMAL,
			       bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(page->cairo, size);
}

void page_text(struct page *page, double x, double y, enum face face, double size, const char *text)
{
	select_face(page, face, size);
	cairo_move_to(page->cairo, x, y);
	cairo_show_text(page->cairo, text);
}

double page_text_width(struct page *page, enum face face, double size, const char *text)
{
	cairo_text_extents_t extents;

	select_face(page, face, size);
	cairo_text_extents(page->cairo, text, &extents);
	return extents.x_advance;
}

/* The bytes of the longest run of whole words that is not wider; at least one word. */
static size_t line_length(struct page *page, const char *text, double width, double size)
{
	char line[LINE_MAX_BYTES];
	size_t best = strcspn(text, " ");

	for (size_t end = best; end < sizeof(line); end += 1 + strcspn(text + end + 1, " ")) {
		memcpy(line, text, end);
		line[end] = '\0';
		if (end > best && page_text_width(page, FACE_TEXT, size, line) > width)
			break;
		best = end;
		if (text[end] == '\0')
			break;
	}
	return best < sizeof(line) ? best : sizeof(line) - 1;
}

double page_paragraph(struct page *page, double x, double y, double width, double size,
		      const char *text)
{
	char line[LINE_MAX_BYTES];

	while (*text) {
		size_t length = line_length(page, text, width, size);
		memcpy(line, text, length);
		line[length] = '\0';
		page_text(page, x, y, FACE_TEXT, size, line);
		text += length;
		text += strspn(text, " ");
		y += 1.4 * size;
	}
	return y;
}

void page_grey(struct page *page, double level)
{
	cairo_set_source_rgb(page->cairo, level, level, level);
}

void page_line(struct page *page, double x1, double y1, double x2, double y2, double width)
{
	cairo_set_line_width(page->cairo, width);
	cairo_move_to(page->cairo, x1, y1);
	cairo_line_to(page->cairo, x2, y2);
	cairo_stroke(page->cairo);
}

void page_dashes(struct page *page, double x1, double y1, double x2, double y2)
{
	static const double dashes[] = {1.5, 3};

	cairo_set_dash(page->cairo, dashes, 2, 0);
	page_line(page, x1, y1, x2, y2, 0.7);
	cairo_set_dash(page->cairo, NULL, 0, 0);
}

void page_box(struct page *page, double x, double y, double width, double height, double line_width)
{
	cairo_set_line_width(page->cairo, line_width);
	cairo_rectangle(page->cairo, x, y, width, height);
	cairo_stroke(page->cairo);
}

void page_qr(struct page *page, const struct qr *qr, double x, double y, double side)
{
	double scale = side / ((double)qr->size + 2 * PICTURE_MARGIN);

	cairo_save(page->cairo);
	cairo_translate(page->cairo, x, y);
	cairo_scale(page->cairo, scale, scale);
	cairo_translate(page->cairo, PICTURE_MARGIN, PICTURE_MARGIN);
	dark_modules(page->cairo, qr);
	cairo_restore(page->cairo);
}

enum status page_finish(struct page *page, struct out *out)
{
	cairo_show_page(page->cairo);
	enum status s = judge(cairo_status(page->cairo));
	cairo_surface_finish(page->surface);
	if (s == ST_OK)
		s = judge(cairo_surface_status(page->surface));
	if (s == ST_OK)
		s = page->file.status;
	if (s == ST_OK)
		out_bytes(out, page->file.bytes.bytes, page->file.bytes.length);
	return s == ST_OK ? out->status : s;
}

void page_discard(struct page **page)
{
	if (!*page)
		return;
	cairo_destroy((*page)->cairo);
	cairo_surface_destroy((*page)->surface);
	out_clear(&(*page)->file);
	free(*page);
	*page = NULL;
}
