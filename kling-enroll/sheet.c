/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/sheet.h"

#include "kling-enroll/text.h"
#include "kling-enroll/when.h"
#include "lib/factor/answer.h"
#include "lib/show/base32.h"

#include <langinfo.h>
#include <locale.h>

enum { TEXT_WIDTH = 72, LETTER_HEIGHT = 279 };

enum paper sheet_paper(void)
{
#ifdef LC_PAPER
	/* The number comes back in the pointer itself. */
	uintptr_t height = (uintptr_t)nl_langinfo(_NL_PAPER_HEIGHT);

	return (int)height == LETTER_HEIGHT ? PAPER_LETTER : PAPER_A4;
#else
	return PAPER_A4;
#endif
}

static const char *code_at(const struct sheet *sheet, size_t i)
{
	return sheet->codes + i * BACKUP_CODE_TEXT;
}

static void text_line(struct out *out, const char *name, const char *value)
{
	out_format(out, "  %-11s ", name);
	out_visible(out, value);
	out_text(out, "\n");
}

static void text_facts(const struct sheet *sheet, struct out *out)
{
	char day[WHEN_TEXT];

	when_day(sheet->made, day);
	text_line(out, TEXT_SHEET_USER, sheet->user);
	text_line(out, TEXT_SHEET_HOST, sheet->host);
	text_line(out, TEXT_SHEET_MADE, day);
	if (sheet->count)
		out_format(out, "  %-11s %u\n", TEXT_SHEET_SET, sheet->set_id);
	out_text(out, "\n");
}

static void text_token(const struct sheet *sheet, struct out *out)
{
	const struct token *token = &sheet->otpauth->token;
	char kind[96];

	otpauth_kind(sheet->otpauth, kind, sizeof(kind));
	out_format(out, "  %s\n\n    ", TEXT_SHEET_SCAN_TITLE);
	base32_add_grouped(out, token->secret, token->secret_length, 0);
	out_format(out, "\n    %s\n\n    ", kind);
	uri_add(out, sheet->otpauth);
	out_text(out, "\n\n");
}

static void text_section(struct out *out, const char *title, const char *const *paragraphs)
{
	out_format(out, "  %s\n\n", title);
	for (; *paragraphs; paragraphs++)
		out_wrapped(out, *paragraphs, "  ", TEXT_WIDTH);
	out_text(out, "\n");
}

void sheet_text(const struct sheet *sheet, struct out *out)
{
	const char *const use[] = {TEXT_SHEET_USE_1, TEXT_SHEET_USE_2, TEXT_SHEET_USE_3, NULL};
	const char *const keep[] = {TEXT_SHEET_KEEP_1, TEXT_SHEET_KEEP_2, NULL};

	out_format(out, "\n  %s\n  ", sheet->count ? TEXT_SHEET_TITLE : TEXT_SHEET_TITLE_TOKEN);
	out_repeat(out, "=", TEXT_WIDTH - 2);
	out_text(out, "\n\n");
	text_facts(sheet, out);
	if (sheet->otpauth)
		text_token(sheet, out);
	for (size_t i = 0; i < sheet->count; i++)
		out_format(out, "    [ ]  %2zu   %s\n", i + 1, code_at(sheet, i));
	if (sheet->count) {
		out_text(out, "\n");
		text_section(out, TEXT_SHEET_USE, use);
		text_section(out, TEXT_SHEET_KEEP, keep);
	}
	out_format(out, "  %s ", TEXT_SHEET_CONTACT);
	out_repeat(out, "_", 36);
	out_format(out, "\n\n  %s\n", TEXT_SHEET_FOOT);
}
