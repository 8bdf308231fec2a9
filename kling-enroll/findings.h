/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_FINDINGS_H
#define KLING_ENROLL_FINDINGS_H

#include "lib/show/out.h"

#include <stdbool.h>
#include <stddef.h>

/* A note is worth knowing; a warning and an error are problems. */
enum severity { SEVERITY_NOTE = 0, SEVERITY_WARNING, SEVERITY_ERROR };

struct finding {
	enum severity severity;
	char *file;    /* NULL: none */
	unsigned line; /* 0: the file as a whole */
	char *problem;
	char *fix;
};

/* What check found, each once. */
struct findings {
	struct finding *list;
	size_t count;
	bool incomplete; /* no memory for one */
};

#define AUTO_FINDINGS AT_SCOPE_END(findings_clear) struct findings
void findings_clear(struct findings *findings);

/* Where and how bad. */
struct spot {
	enum severity severity;
	const char *file; /* or NULL */
	unsigned line;
	const char *fix;
};

/* Adds one, unless one of the same spot and fix is there already. The problem is formatted. */
void findings_add(struct findings *findings, const struct spot *spot, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Whether any is more than a note. */
bool findings_are_problems(const struct findings *findings);

/* For people, the worst first. */
void findings_text(struct out *out, const struct findings *findings);

/* How wide a line on standard output may be: the terminal's columns, 80 where there is none. */
size_t findings_width(void);

/* "findings":[...] of an open JSON object. */
struct json;
void findings_json(struct json *json, const struct findings *findings);

#endif
