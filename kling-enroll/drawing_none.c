/* SPDX-License-Identifier: BSD-3-Clause */
/* Stands in for drawing.c and sheet_pdf.c in a build without cairo. */
#include "kling-enroll/drawing.h"
#include "kling-enroll/sheet.h"

bool drawing_is_possible(void)
{
	return false;
}

enum status drawing_qr(const struct qr *qr, enum picture picture, struct out *out)
{
	(void)qr, (void)picture, (void)out;
	return ST_MISSING;
}

enum status sheet_pdf(const struct sheet *sheet, struct out *out)
{
	(void)sheet, (void)out;
	return ST_MISSING;
}
