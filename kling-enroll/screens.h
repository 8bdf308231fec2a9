/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_SCREENS_H
#define KLING_ENROLL_SCREENS_H

#include "kling-enroll/issue.h"
#include "kling-enroll/terminal.h"
#include "lib/show/qr.h"

/* Options that would make a smaller picture, and how many modules a side it would have. */
struct shorter {
	char options[256];
	size_t size;
};

enum { SHORTER_MAX = 2 };

/* Names cut at the host's first dot, where no others were asked for. */
void shorter_find(struct shorter shorter[SHORTER_MAX], const struct issue *issue,
		  const struct options *options, const char *host);

/* What is shown for the phone. */
struct scan {
	const struct issue *issue;
	const struct qr *qr;
	enum qr_style wanted;          /* QR_NONE: what suits the display */
	bool without;                  /* no picture at all */
	bool turned;                   /* dark and light the other way round */
	bool confirms;                 /* a code is asked for below */
	bool plain;                    /* it scrolls by: nothing is drawn again */
	const struct shorter *shorter; /* SHORTER_MAX of them, or NULL; size 0: none */
};

/* The picture with the secret and what to do beside it, or what fits instead. */
void scan_page(struct out *page, const struct display *display, const struct scan *scan);

/* The picture, the secret and the URI one below the other, for paper. */
void scan_list(struct out *page, const struct display *display, const struct scan *scan);

/* The codes, numbered, and what they are for; `scrolls`: it is no screen that could be too low. */
void codes_page(struct out *page, const struct display *display, const struct issue *issue,
		const char *host, bool scrolls);

#endif
