/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/language.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

void language_start(const char *directory)
{
	(void)setlocale(LC_CTYPE, "");
#ifdef LC_PAPER /* glibc alone knows it */
	(void)setlocale(LC_PAPER, "");
#endif
#ifdef ENABLE_NLS
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return;
	(void)setlocale(LC_MESSAGES, "");
	(void)bindtextdomain(PACKAGE, directory);
	(void)textdomain(PACKAGE);
#else
	(void)directory;
#endif
}

void language_plain(void)
{
	(void)setlocale(LC_MESSAGES, "C");
}

const char *spoken(const char *text)
{
#ifdef ENABLE_NLS
	if (text && text[0])
		return gettext(text);
#endif
	return text;
}
