/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_SHOW_QR_H
#define KLING_SHOW_QR_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"
#include "lib/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* A QR code as a square of modules. It shows a secret, so it lives like one. */
struct qr {
	size_t size;           /* modules on a side; 0: none */
	struct secret modules; /* size*size bytes, row by row: 1 is dark */
};

#define QR_EMPTY ((struct qr){0, SECRET_EMPTY})
#define AUTO_QR  AT_SCOPE_END(qr_clear) struct qr

/*
 * The smallest code that holds the text, at the lowest level of error correction that reaches
 * that size. ST_TOO_BIG: more than a QR code holds. ST_MISSING: libqrencode is not installed.
 * ST_NOMEM.
 */
enum status qr_make(const char *text, struct qr *qr) MUST_USE;

/* Whether a module is dark; everything outside is the light margin. */
bool qr_is_dark(const struct qr *qr, long row, long column);

void qr_clear(struct qr *qr);

#endif
