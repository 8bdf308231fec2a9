/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_SCREENS_H
#define KLING_ENROLL_SCREENS_H

#include "kling-enroll/issue.h"
#include "kling-enroll/terminal.h"
#include "lib/show/qr.h"

/* What is shown for the phone. */
struct scan {
	const struct issue *issue;
	const struct qr *qr;
	enum qr_style wanted; /* QR_NONE: what suits the display */
	bool without;         /* no picture at all */
	bool turned;          /* dark and light the other way round */
	bool confirms;        /* a code is asked for below */
};

/* The picture with the secret and what to do beside it, or what fits instead. */
void scan_page(struct out *page, const struct display *display, const struct scan *scan);

/* The picture, the secret and the URI one below the other, for paper. */
void scan_list(struct out *page, const struct display *display, const struct scan *scan);

/* The codes, numbered, and what they are for. */
void codes_page(struct out *page, const struct display *display, const struct issue *issue,
		const char *host);

#endif
