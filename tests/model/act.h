/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MODEL_ACT_H
#define TESTS_MODEL_ACT_H

#include "tests/model/model.h"

#include <stddef.h>

/* What somebody does next, as values that mean the same wherever they stand in a row of others. */
enum deed {
	DO_LOGIN,
	DO_UNLOCK,
	DO_CODES,
	DO_ADD,
	DO_ADD_LABEL,
	DO_REPLACE,
	DO_REMOVE,
	DO_REMOVE_LABEL,
	DO_RESYNC,
	DO_EXTEND,
	DO_END_GRACE,
	DO_REKEY,
	DO_WAIT,   /* both clocks */
	DO_JUMP,   /* the wall clock alone */
	DO_REBOOT, /* the boot clock starts again; the wall clock says how long it took */
	DEEDS,
};

enum wish {
	WISH_RIGHT,
	WISH_WRONG,
	WISH_REPLAYED,
	WISH_OLD,
	WISH_FUTURE,
	WISH_BACKUP,
	WISH_SPENT,   /* a backup code that was used */
	WISH_OLD_SET, /* one of a set that was replaced */
	WISH_EMPTY,
	WISH_BLIND,
	WISH_JUNK,
	WISH_GONE,
	WISH_OTHER,
	WISHES,
};

enum trouble { TROUBLE_NONE, TROUBLE_FAILS, TROUBLE_KILLED };

struct op {
	enum deed deed;
	unsigned user; /* MODEL_USERS: one that does not exist */
	unsigned door;
	enum wish wish;
	unsigned number; /* which device, code or text; how far */
	int64_t span;    /* of DO_WAIT, DO_JUMP, DO_REBOOT */
	unsigned peers;  /* so many of the following happen while this prompt is open */
	enum trouble trouble;
	unsigned call, error, at; /* which call fails, or before which one the process is killed */
	bool onwards;
};

enum { DOORS = 24 };
extern const struct door doors[DOORS];

struct row {
	struct model model;
	const struct op *ops;
	size_t count, next;
	size_t done[DEEDS]; /* for the totals */
	size_t accepted, judged, passed, struck, killed;
	char problem[512]; /* what was wrong at ops[at]; "" nothing */
	size_t at;
};

/* A stage for a row: these rules, nobody enrolled. Once a program: act_begin. */
void act_begin(void);
void act_stage(struct row *row, const struct model_rules *rules);

/* Does the next op, and those inside it, and compares. False: row->problem. */
bool act_next(struct row *row);

/* One line that says what an op is. */
void act_describe(const struct op *op, char *line, size_t size);

#endif
