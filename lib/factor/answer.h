/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_FACTOR_ANSWER_H
#define KLING_FACTOR_ANSWER_H

#include "lib/base/secret.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	BACKUP_CODE_SYMBOLS = 16,
	BACKUP_CODE_TEXT = 19 + 1, /* XXXX-XXXX-XXXX-XXXX and NUL */
};

/* What an answer looks like; told by shape alone. */
enum answer_shape {
	ANSWER_OTHER = 0, /* cannot be right, is charged all the same */
	ANSWER_NONE,      /* NULL, empty or blanks only */
	ANSWER_JUNK,      /* the pattern of a host that will refuse anyway */
	ANSWER_TOTP, /* 6 to 8 digits, blanks around them and one in the middle ("123 456") allowed
		      */
	ANSWER_BACKUP, /* 16 symbols after mapping */
};

/*
 * Classifies `reply` and leaves its canonical form in `canonical`: the digits, or 16 upper-case
 * Crockford symbols (O is 0, I and L are 1, blanks and hyphens dropped). More than 512 bytes
 * are ANSWER_OTHER unread, unless they are junk. ANSWER_OTHER on an allocation failure cannot be
 * told apart, so that is ST_NOMEM.
 */
enum status answer_read(const struct secret *reply, enum answer_shape *shape,
			struct secret *canonical) MUST_USE;

/*
 * Splits a combined reply from the right into password and code: a backup code with its hyphens,
 * else the last `digits` characters when they are digits. ST_SYNTAX when nothing is left for a
 * password, no code is there, or the reply is longer than 1024 bytes.
 */
enum status answer_split(const struct secret *reply, unsigned digits, struct secret *password,
			 struct secret *code) MUST_USE;

/* sshd's \b\n\r\177INCORRECT, cut or repeated to any length >= 1. */
bool answer_is_junk(const struct secret *reply);

#endif
