/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

void qr_clear(struct qr *qr)
{
	secret_clear(&qr->modules);
	qr->size = 0;
}

static void discard(QRcode **code)
{
	if (!*code)
		return;
	wipe((*code)->data, (size_t)(*code)->width * (size_t)(*code)->width);
	QRcode_free(*code);
	*code = NULL;
}

#define AUTO_CODE AT_SCOPE_END(discard) QRcode *

static QRcode *encode(const char *text, QRecLevel level)
{
	return QRcode_encodeString8bit(text, 0, level);
}

/* The size is settled at the lowest level; a higher one that still fits costs nothing. */
static QRcode *encode_best(const char *text)
{
	static const QRecLevel levels[] = {QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
	QRcode *best = encode(text, QR_ECLEVEL_L);

	for (size_t i = 0; best && i < sizeof(levels) / sizeof(levels[0]); i++) {
		AUTO_CODE better = encode(text, levels[i]);
		if (!better || better->width != best->width)
			break;
		QRcode *worse = best;
		best = better;
		better = worse;
	}
	return best;
}

enum status qr_make(const char *text, struct qr *qr)
{
	*qr = QR_EMPTY;
	errno = 0;
	AUTO_CODE code = encode_best(text);
	if (!code)
		return errno == ERANGE ? ST_TOO_BIG : ST_NOMEM;
	size_t size = (size_t)code->width;
	enum status s = secret_copy(&qr->modules, code->data, size * size);
	if (s != ST_OK)
		return s;
	for (size_t i = 0; i < size * size; i++)
		qr->modules.bytes[i] &= 1;
	qr->size = size;
	return ST_OK;
}

bool qr_is_dark(const struct qr *qr, long row, long column)
{
	long size = (long)qr->size;

	if (row < 0 || column < 0 || row >= size || column >= size)
		return false;
	return qr->modules.bytes[row * size + column] != 0;
}
