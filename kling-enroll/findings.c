/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/findings.h"

#include "kling-enroll/json.h"
#include "kling-enroll/terminal.h"
#include "kling-enroll/text.h"
#include "lib/base/cleanup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH_USUAL = 80, WIDTH_LEAST = 40, WIDTH_MOST = 120, INDENT_MAX = 8 };

static const char held_blank = '\1';

static const char *const names[] = {
    [SEVERITY_NOTE] = N_("note"),
    [SEVERITY_WARNING] = N_("warning"),
    [SEVERITY_ERROR] = N_("error"),
};

void findings_clear(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->list[i].file);
		free(findings->list[i].problem);
		free(findings->list[i].fix);
	}
	free(findings->list);
	*findings = (struct findings){0};
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_known(const struct findings *findings, const struct spot *spot, const char *problem)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *known = &findings->list[i];
		bool there = same(known->file, spot->file) && known->line == spot->line &&
			     same(known->fix, spot->fix);
		if (there && (spot->line || strcmp(known->problem, problem) == 0))
			return true;
	}
	return false;
}

static bool store(struct findings *findings, const struct spot *spot, const char *problem)
{
	struct finding *more =
	    reallocarray(findings->list, findings->count + 1, sizeof(*findings->list));

	if (!more)
		return false;
	findings->list = more;
	struct finding *finding = &more[findings->count++];
	*finding = (struct finding){
	    .severity = spot->severity,
	    .file = spot->file ? strdup(spot->file) : NULL,
	    .line = spot->line,
	    .problem = strdup(problem),
	    .fix = strdup(spot->fix),
	};
	return finding->problem && finding->fix && (finding->file || !spot->file);
}

void findings_add(struct findings *findings, const struct spot *spot, const char *format, ...)
{
	char problem[1024];
	va_list values;

	va_start(values, format);
	vsnprintf(problem, sizeof(problem), format, values);
	va_end(values);
	if (!is_known(findings, spot, problem) && !store(findings, spot, problem))
		findings->incomplete = true;
}

bool findings_are_problems(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->list[i].severity > SEVERITY_NOTE)
			return true;
	return findings->incomplete;
}

size_t findings_width(void)
{
	const struct display display = display_of(STDOUT_FILENO);

	if (!display.is_terminal)
		return WIDTH_USUAL;
	if (display.columns < WIDTH_LEAST)
		return WIDTH_LEAST;
	return display.columns < WIDTH_MOST ? display.columns : WIDTH_MOST;
}

/* Blanks inside backquotes stay: a command line that is broken cannot be pasted. */
static void keep_commands_whole(char *text)
{
	bool inside = false;

	for (; *text; text++) {
		if (*text == '`')
			inside = !inside;
		else if (inside && *text == ' ')
			*text = held_blank;
	}
}

static void free_blanks(char *text)
{
	for (; *text; text++)
		if (*text == held_blank)
			*text = ' ';
}

/* A paragraph behind `head`, which is as wide as the indent of the lines below it. */
static void add_wrapped(struct out *out, const char *text, const char *head)
{
	AUTO_OUT visible = OUT_EMPTY, lines = OUT_EMPTY;
	char indent[INDENT_MAX + 1] = "";
	size_t width = strlen(head);

	memset(indent, ' ', width);
	out_visible(&visible, text);
	AUTO_TEXT paragraph = strdup(out_string(&visible));
	if (!paragraph)
		return;
	keep_commands_whole(paragraph);
	out_wrapped(&lines, paragraph, indent, findings_width());
	AUTO_TEXT wrapped = strdup(out_string(&lines));
	if (!wrapped)
		return;
	free_blanks(wrapped);
	out_format(out, "%s%s", head, wrapped + width);
}

static void finding_text(struct out *out, const struct finding *finding)
{
	if (!finding->problem || !finding->fix)
		return;
	out_text(out, _(names[finding->severity]));
	if (finding->file) {
		out_text(out, "  ");
		out_visible(out, finding->file);
	}
	if (finding->line)
		out_format(out, ":%u", finding->line);
	out_text(out, "\n");
	add_wrapped(out, finding->problem, "    ");
	add_wrapped(out, finding->fix, "    -> ");
}

void findings_text(struct out *out, const struct findings *findings)
{
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
		for (size_t i = 0; i < findings->count; i++)
			if ((int)findings->list[i].severity == severity)
				finding_text(out, &findings->list[i]);
	if (findings->count == 0)
		out_text(out, TEXT_CHECK_NOTHING);
}

void findings_json(struct json *json, const struct findings *findings)
{
	json_open_array(json, "findings");
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];
		if (!finding->problem || !finding->fix)
			continue;
		json_open(json, NULL);
		json_text(json, "severity", names[finding->severity]);
		if (finding->file)
			json_text(json, "file", finding->file);
		else
			json_null(json, "file");
		if (finding->line)
			json_number(json, "line", finding->line);
		else
			json_null(json, "line");
		json_text(json, "problem", finding->problem);
		json_text(json, "fix", finding->fix);
		json_close(json);
	}
	json_close_array(json);
}
