/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_UTF8_H
#define KLING_ENROLL_UTF8_H

#include <stddef.h>

/* The bytes of the well-formed character at the start of `bytes`, or 0 when there is none. */
size_t utf8_length(const char *bytes, size_t left);

/* The columns that well-formed text takes on a terminal (wide characters take two). */
size_t utf8_columns(const char *text);

#endif
