/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_SCANNER_H
#define KLING_CONF_SCANNER_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/conf/words.h"

#include <stddef.h>

/* CONF_LINE_MAX takes an allow list of 10,000 addresses. */
enum { CONF_FILE_MAX = 1 << 20, CONF_LINE_MAX = 512 << 10 };

/* Cuts the text of a file into lines, in place. */
struct scanner {
	char *at, *end;
	unsigned number; /* of the line that was read last */
};

enum line_kind {
	LINE_END = 0, /* no more lines */
	LINE_SECTION, /* [name] */
	LINE_OPTION,  /* name = value */
};

struct line {
	enum line_kind kind;
	char *name;
	char *value;
};

/*
 * The next line with something in it. A # at the start of a line or behind a blank begins a
 * comment. ST_SYNTAX with the complaint for bytes that do not belong into the file (NUL, carriage
 * return, other control characters), a line that is too long or has no end, an option without
 * "=", a section without "]".
 */
enum status scanner_next(struct scanner *scanner, struct line *line,
			 struct complaint *complaint) MUST_USE;

/* name = value, in place, without blanks around either. */
enum status option_split(char *text, struct line *line, struct complaint *complaint) MUST_USE;

#endif
