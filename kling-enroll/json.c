/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/json.h"

#include "kling-enroll/utf8.h"

#include <inttypes.h>
#include <string.h>

static void add_character(struct out *out, const char *bytes, size_t length)
{
	unsigned char first = (unsigned char)bytes[0];

	if (length == 0)
		out_text(out, "\\ufffd");
	else if (first == '"' || first == '\\')
		out_format(out, "\\%c", first);
	else if (first < 0x20 || first == 0x7f)
		out_format(out, "\\u%04x", first);
	else
		out_bytes(out, bytes, length);
}

/* How much of it stands as it is. */
static size_t plain_length(const char *value)
{
	size_t length = 0;

	while (value[length] >= 0x20 && value[length] < 0x7f && value[length] != '"' &&
	       value[length] != '\\')
		length++;
	return length;
}

static void add_quoted(struct out *out, const char *value)
{
	size_t left = strlen(value);

	out_text(out, "\"");
	while (left > 0) {
		size_t used = plain_length(value);
		if (used > 0) {
			out_bytes(out, value, used);
		} else {
			size_t length = utf8_length(value, left);
			used = length ? length : 1;
			add_character(out, value, length);
		}
		value += used;
		left -= used;
	}
	out_text(out, "\"");
}

static void begin(struct json *json, const char *name)
{
	if (json->comma)
		out_text(json->out, ",");
	json->comma = true;
	if (!name)
		return;
	add_quoted(json->out, name);
	out_text(json->out, ":");
}

static void bracket(struct json *json, const char *bracket, bool comma)
{
	out_text(json->out, bracket);
	json->comma = comma;
}

void json_open(struct json *json, const char *name)
{
	begin(json, name);
	bracket(json, "{", false);
}

void json_close(struct json *json)
{
	bracket(json, "}", true);
}

void json_open_array(struct json *json, const char *name)
{
	begin(json, name);
	bracket(json, "[", false);
}

void json_close_array(struct json *json)
{
	bracket(json, "]", true);
}

void json_text(struct json *json, const char *name, const char *value)
{
	begin(json, name);
	add_quoted(json->out, value);
}

void json_number(struct json *json, const char *name, int64_t value)
{
	begin(json, name);
	out_format(json->out, "%" PRId64, value);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin(json, name);
	out_text(json->out, value ? "true" : "false");
}

void json_null(struct json *json, const char *name)
{
	begin(json, name);
	out_text(json->out, "null");
}

void json_time(struct json *json, const char *name, int64_t value)
{
	if (value)
		json_number(json, name, value);
	else
		json_null(json, name);
}

void json_end(struct json *json)
{
	out_text(json->out, "\n");
	json->comma = false;
}
