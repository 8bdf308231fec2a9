/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/scanner.h"

#include "policy/mark.h"

#include <string.h>

static const char *problem_of_byte(unsigned char byte)
{
	if (byte == '\0')
		return N_("a NUL byte");
	return byte == '\r' ? N_("a carriage return") : N_("a control character");
}

static const char *problem_of_line(const char *start, size_t length)
{
	if (length > CONF_LINE_MAX)
		return N_("a line that is too long");
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)start[i];
		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return problem_of_byte(byte);
	}
	return NULL;
}

static void cut_comment(char *text)
{
	char *hash = strchr(text, '#');

	while (hash && hash != text && !is_blank(hash[-1]))
		hash = strchr(hash + 1, '#');
	if (hash)
		*hash = '\0';
}

enum status option_split(char *text, struct line *line, struct complaint *complaint)
{
	char *equals = strchr(text, '=');

	if (!equals)
		return complain(complaint, text, "no \"=\"");
	*equals = '\0';
	*line = (struct line){LINE_OPTION, trim(text), trim(equals + 1)};
	return ST_OK;
}

static enum status section_split(char *text, struct line *line, struct complaint *complaint)
{
	size_t length = strlen(text);

	if (text[length - 1] != ']')
		return complain(complaint, text, "a section without \"]\"");
	text[length - 1] = '\0';
	*line = (struct line){LINE_SECTION, trim(text + 1), NULL};
	return ST_OK;
}

/* The next whole line as a C string, or NULL at the end. */
static enum status take_line(struct scanner *scanner, char **text, struct complaint *complaint)
{
	size_t left = (size_t)(scanner->end - scanner->at);

	*text = NULL;
	if (left == 0)
		return ST_OK;
	scanner->number++;
	char *feed = memchr(scanner->at, '\n', left);
	const char *problem =
	    problem_of_line(scanner->at, feed ? (size_t)(feed - scanner->at) : left);
	if (!problem && !feed)
		problem = N_("no line feed at the end of the file");
	if (problem)
		return complain(complaint, NULL, problem);
	*feed = '\0';
	*text = scanner->at;
	scanner->at = feed + 1;
	return ST_OK;
}

enum status scanner_next(struct scanner *scanner, struct line *line, struct complaint *complaint)
{
	char *text;

	*line = (struct line){LINE_END, NULL, NULL};
	do {
		enum status s = take_line(scanner, &text, complaint);
		if (s != ST_OK || !text)
			return s;
		cut_comment(text);
		text = trim(text);
	} while (*text == '\0');
	return *text == '[' ? section_split(text, line, complaint)
			    : option_split(text, line, complaint);
}
