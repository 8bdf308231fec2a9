/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_SHEET_H
#define KLING_ENROLL_SHEET_H

#include "kling-enroll/uri.h"
#include "lib/show/out.h"
#include "lib/show/qr.h"

#include <stdint.h>

enum paper { PAPER_A4 = 0, PAPER_LETTER };

/* What stands on a sheet. Everything is borrowed. */
struct sheet {
	const char *host;
	const char *user;
	int64_t made;      /* wall clock */
	uint32_t set_id;   /* of the codes */
	size_t count;      /* of codes; 0: none, then there is an otpauth */
	const char *codes; /* count texts of BACKUP_CODE_TEXT bytes, one behind the other */
	const struct otpauth *otpauth; /* where the phone is still to be set up, else NULL */
	const struct qr *qr;           /* with otpauth */
	enum paper paper;
};

/* A page to print and to keep. ST_MISSING without cairo. */
enum status sheet_pdf(const struct sheet *sheet, struct out *out) MUST_USE;

/* The same as plain text of 72 columns. */
void sheet_text(const struct sheet *sheet, struct out *out);

/* The paper that the locale (LC_PAPER) is used to. */
enum paper sheet_paper(void);

#endif
