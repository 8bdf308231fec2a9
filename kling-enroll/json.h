/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_JSON_H
#define KLING_ENROLL_JSON_H

#include "lib/show/out.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Writes one object a line. A name of NULL stands for an element of an array. Text that is not
 * UTF-8 gets U+FFFD for each byte that is not.
 */
struct json {
	struct out *out;
	bool comma;
};

#define JSON_TO(out_pointer) ((struct json){(out_pointer), false})

void json_open(struct json *json, const char *name);
void json_close(struct json *json);
void json_open_array(struct json *json, const char *name);
void json_close_array(struct json *json);
void json_text(struct json *json, const char *name, const char *value);
void json_number(struct json *json, const char *name, int64_t value);
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

/* A time, or null for 0. */
void json_time(struct json *json, const char *name, int64_t value);

/* The line feed behind the outermost object. */
void json_end(struct json *json);

#endif
