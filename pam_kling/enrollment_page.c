/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/enrollment_page.h"

#include "lib/factor/answer.h"
#include "lib/show/base32.h"
#include "lib/show/qr_text.h"
#include "pam_kling/text.h"

enum { QR_ROWS_MOST = 30 };

/* Without the library, or where it would be too large, key and URI are enough. */
static bool add_picture(struct out *page, const char *uri)
{
	static const struct qr_look look = {QR_UTF8, QR_DARK, NULL};
	AUTO_QR qr = QR_EMPTY;
	size_t columns, rows;
	if (qr_make(uri, &qr) != ST_OK)
		return false;
	qr_text_size(&qr, look.style, &columns, &rows);
	if (rows > QR_ROWS_MOST)
		return false;
	out_text(page, text_enroll_scan);
	qr_text_add(page, &qr, &look);
	return true;
}

void enrollment_page_token(struct out *page, const struct otpauth *otpauth)
{
	const struct token *token = &otpauth->token;
	AUTO_OUT uri = OUT_EMPTY;
	uri_add(&uri, otpauth);
	const char *link = out_string(&uri);
	if (uri.status != ST_OK)
		page->status = uri.status;
	out_text(page, "\n");
	bool pictured = add_picture(page, link);
	out_text(page, pictured ? text_enroll_key : text_enroll_key_alone);
	base32_add_grouped(page, token->secret, token->secret_length, 0);
	out_text(page, "\n");
	out_text(page, link);
}

/* Two columns: they must be seen all at once. */
void enrollment_page_codes(struct out *page, const struct secret *codes, uint32_t count)
{
	const char *code = (const char *)codes->bytes;
	uint32_t rows = (count + 1) / 2;
	out_text(page, text_enroll_codes);
	for (uint32_t row = 0; row < rows; row++) {
		out_format(page, "\n  %2u  %s", row + 1, code + (size_t)row * BACKUP_CODE_TEXT);
		if (row + rows < count)
			out_format(page, "    %2u  %s", row + rows + 1,
				   code + (size_t)(row + rows) * BACKUP_CODE_TEXT);
	}
}
