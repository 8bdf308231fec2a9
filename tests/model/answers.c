/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/answers.h"

#include "lib/factor/answer.h"
#include "lib/factor/totp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The backup codes that were handed out last, and those before. */
struct sheet {
	uint32_t set; /* 0: nobody knows the codes */
	char codes[MODEL_FRESH_CODES][BACKUP_CODE_TEXT];
};

static struct sheet sheets[MODEL_USERS][2];

void answers_forget(void)
{
	memset(sheets, 0, sizeof(sheets));
}

static void type_digits(struct reply *reply, const struct device *device, uint64_t step)
{
	reply->typed = TYPED_DIGITS;
	if (totp_code(&device->token, step, reply->text) != ST_OK)
		abort();
}

static void type_guess(struct reply *reply, unsigned number)
{
	reply->typed = TYPED_DIGITS;
	(void)snprintf(reply->text, sizeof(reply->text), "%06u", number * 7919 % 1000000);
}

static void type_token(const struct model *m, const struct model_user *u, const struct op *op,
		       struct reply *reply)
{
	const struct device *d = &u->devices[op->number % u->device_count];
	uint64_t now = (uint64_t)(m->wall / d->token.period + d->token.offset);
	unsigned window = m->rules.window;
	switch ((int)op->wish) {
	case WISH_RIGHT:
		type_digits(reply, d, now - window + op->number / 4 % (2 * window + 1));
		return;
	case WISH_REPLAYED:
		type_digits(reply, d, d->last != 0 ? d->last : now);
		return;
	case WISH_OLD:
		type_digits(reply, d, now - window - 1 - op->number / 4 % 4);
		return;
	case WISH_FUTURE:
		type_digits(reply, d, now + window + 1 + op->number / 4 % 4);
		return;
	}
	type_guess(reply, op->number);
}

/* With and without hyphens, in capitals and small. */
static void type_code(const struct sheet *sheet, unsigned index, unsigned style,
		      struct reply *reply)
{
	char *to = reply->text;
	*reply = (struct reply){.typed = TYPED_CODE, .set = sheet->set, .index = index};
	const char *from = sheet->set != 0 ? sheet->codes[index] : "0000-AAAA-0000-AAAA";
	for (; *from != '\0'; from++)
		if (*from != '-' || style % 2 == 0)
			*to++ = style % 3 == 0 && *from >= 'A' ? (char)(*from | 0x20) : *from;
	*to = '\0';
}

static unsigned pick_code(uint32_t spent, bool used, unsigned number)
{
	for (unsigned i = 0; i < MODEL_FRESH_CODES; i++) {
		unsigned index = (number + i) % MODEL_FRESH_CODES;
		if ((spent >> index & 1) == used)
			return index;
	}
	return number % MODEL_FRESH_CODES;
}

static void type_other(struct reply *reply, unsigned number)
{
	static const char *const texts[] = {
	    "hello",           "12345",        "123456789",
	    "+12345",          "12345a",       "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
	    "0000-AAAA-0000-", "AAAA BBBB CC", "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93",
	};
	reply->typed = TYPED_OTHER;
	(void)snprintf(reply->text, sizeof(reply->text), "%s", texts[number % 9]);
}

void answer_for(const struct model *m, const struct op *op, struct reply *reply)
{
	const struct model_user *u = op->user < MODEL_USERS ? &m->users[op->user] : NULL;
	const struct sheet *pair = sheets[op->user % MODEL_USERS];
	*reply = (struct reply){0};
	switch ((int)op->wish) {
	case WISH_EMPTY:
		return;
	case WISH_BLIND:
		reply->typed = TYPED_BLIND;
		return;
	case WISH_JUNK:
		reply->typed = TYPED_JUNK;
		(void)snprintf(reply->text, sizeof(reply->text), "\b\n\r\177INCORRECT");
		return;
	case WISH_GONE:
		reply->typed = TYPED_GONE;
		return;
	case WISH_OTHER:
		type_other(reply, op->number);
		return;
	case WISH_OLD_SET:
		type_code(&pair[1], op->number % MODEL_FRESH_CODES, op->number, reply);
		return;
	case WISH_BACKUP:
	case WISH_SPENT:
		type_code(&pair[0],
			  pick_code(u != NULL ? u->spent : 0, op->wish == WISH_SPENT, op->number),
			  op->number, reply);
		return;
	}
	if (u != NULL && u->device_count > 0)
		type_token(m, u, op, reply);
	else
		type_guess(reply, op->number);
}

void answers_keep(unsigned user, uint32_t set, const char *output)
{
	struct sheet *sheet = sheets[user];
	const char *at = strstr(output, "\"backup_codes\":[");
	sheet[1] = sheet[0];
	sheet[0] = (struct sheet){.set = at != NULL ? set : 0};
	for (unsigned i = 0; i < MODEL_FRESH_CODES && at != NULL; i++) {
		at = strchr(at + (i == 0 ? strlen("\"backup_codes\":") : 0), '"');
		if (at == NULL || strlen(at) < BACKUP_CODE_TEXT + 1) {
			sheet[0].set = 0;
			return;
		}
		memcpy(sheet[0].codes[i], at + 1, BACKUP_CODE_TEXT - 1);
		at += BACKUP_CODE_TEXT + 1;
	}
}
