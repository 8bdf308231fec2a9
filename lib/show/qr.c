/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/show/qr.h"

#include <dlfcn.h>
#include <errno.h>
#include <qrencode.h>
#include <string.h>

void qr_clear(struct qr *qr)
{
	secret_clear(&qr->modules);
	qr->size = 0;
}

/*
 * A login that shows no picture does not load the library: that would be a tenth of what loading
 * the whole module costs. So it is opened when a picture is wanted, and can be missing.
 */
static const char library[] = "libqrencode.so.4";

struct encoder {
	void *handle;
	QRcode *(*encode)(const char *text, int version, QRecLevel level, QRencodeMode hint,
			  int case_counts);
	void (*release)(QRcode *code);
};

static void encoder_close(struct encoder *encoder)
{
	if (encoder->handle)
		(void)dlclose(encoder->handle);
}

#define AUTO_ENCODER AT_SCOPE_END(encoder_close) struct encoder

/* dlsym hands out data; POSIX lets it be a function. */
static bool find(void *handle, const char *name, void *function, size_t size)
{
	void *symbol = dlsym(handle, name);

	memcpy(function, &symbol, size);
	return symbol != NULL;
}

static bool encoder_open(struct encoder *encoder)
{
	*encoder = (struct encoder){.handle = dlopen(library, RTLD_NOW | RTLD_LOCAL)};
	return encoder->handle &&
	       find(encoder->handle, "QRcode_encodeString", &encoder->encode,
		    sizeof(encoder->encode)) &&
	       find(encoder->handle, "QRcode_free", &encoder->release, sizeof(encoder->release));
}

static void discard(const struct encoder *encoder, QRcode *code)
{
	if (!code)
		return;
	wipe(code->data, (size_t)code->width * (size_t)code->width);
	encoder->release(code);
}

/* A secret in base32 takes less room in the mode for capitals, which the library finds. */
static QRcode *encode_at(const struct encoder *encoder, const char *text, QRecLevel level)
{
	return encoder->encode(text, 0, level, QR_MODE_8, 1);
}

/* The size is settled at the lowest level; a higher one that still fits costs nothing. */
static QRcode *encode_best(const struct encoder *encoder, const char *text)
{
	static const QRecLevel levels[] = {QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
	QRcode *best = encode_at(encoder, text, QR_ECLEVEL_L);

	for (size_t i = 0; best && i < sizeof(levels) / sizeof(levels[0]); i++) {
		QRcode *better = encode_at(encoder, text, levels[i]);
		bool fits = better && better->width == best->width;
		discard(encoder, fits ? best : better);
		best = fits ? better : best;
		if (!fits)
			break;
	}
	return best;
}

static enum status keep(const QRcode *code, struct qr *qr)
{
	size_t size = (size_t)code->width;
	enum status s = secret_copy(&qr->modules, code->data, size * size);

	if (s != ST_OK)
		return s;
	for (size_t i = 0; i < size * size; i++)
		qr->modules.bytes[i] &= 1;
	qr->size = size;
	return ST_OK;
}

enum status qr_make(const char *text, struct qr *qr)
{
	AUTO_ENCODER encoder;

	*qr = QR_EMPTY;
	if (!encoder_open(&encoder))
		return ST_MISSING;
	errno = 0;
	QRcode *code = encode_best(&encoder, text);
	if (!code)
		return errno == ERANGE ? ST_TOO_BIG : ST_NOMEM;
	enum status s = keep(code, qr);
	discard(&encoder, code);
	return s;
}

bool qr_is_dark(const struct qr *qr, long row, long column)
{
	long size = (long)qr->size;

	if (row < 0 || column < 0 || row >= size || column >= size)
		return false;
	return qr->modules.bytes[row * size + column] != 0;
}
