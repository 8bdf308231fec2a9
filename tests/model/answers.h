/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MODEL_ANSWERS_H
#define TESTS_MODEL_ANSWERS_H

#include "tests/model/act.h"

/* What somebody types who wishes `op->wish`, as the model stands. */
void answer_for(const struct model *model, const struct op *op, struct reply *reply);

/* The codes as the tool printed them, as set number `set`; where they are lost, nobody knows them.
 * Those before become the old set. */
void answers_keep(unsigned user, uint32_t set, const char *output);
void answers_forget(void);

#endif
