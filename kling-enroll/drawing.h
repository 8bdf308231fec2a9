/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_DRAWING_H
#define KLING_ENROLL_DRAWING_H

#include "lib/show/out.h"
#include "lib/show/qr.h"

#include <stdbool.h>

/*
 * Pictures and pages. Built without cairo, drawing_is_possible is false, drawing_qr is ST_MISSING
 * and there are no pages. Lengths are in points, from the top left corner; a text stands on its
 * base line.
 */
bool drawing_is_possible(void);

enum picture { PICTURE_PNG = 1, PICTURE_SVG };

/* A QR code with the margin of four modules that readers ask for. */
enum status drawing_qr(const struct qr *qr, enum picture picture, struct out *out) MUST_USE;

enum face { FACE_TEXT = 0, FACE_BOLD, FACE_FIXED_BOLD };

/* A page being drawn. The first failure sticks and comes out of page_finish. */
struct page;

#define AUTO_PAGE AT_SCOPE_END(page_discard) struct page *

/* One PDF page with a title for the reader's window. */
enum status page_begin(double width, double height, const char *title, struct page **page) MUST_USE;
void page_text(struct page *page, double x, double y, enum face face, double size,
	       const char *text);
double page_text_width(struct page *page, enum face face, double size, const char *text);

/* Text broken at blanks to a width; returns the base line below the last one. */
double page_paragraph(struct page *page, double x, double y, double width, double size,
		      const char *text);
void page_grey(struct page *page, double level);
void page_line(struct page *page, double x1, double y1, double x2, double y2, double width);
void page_dashes(struct page *page, double x1, double y1, double x2, double y2);
void page_box(struct page *page, double x, double y, double width, double height,
	      double line_width);
void page_qr(struct page *page, const struct qr *qr, double x, double y, double side);

/* The finished file into `out`. */
enum status page_finish(struct page *page, struct out *out) MUST_USE;
void page_discard(struct page **page);

#endif
