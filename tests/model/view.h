/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MODEL_VIEW_H
#define TESTS_MODEL_VIEW_H

#include "tests/model/model.h"
#include "tests/stack/rig.h"

/* What lies on the disk of somebody; a writer that died is heard to the end. */
struct view {
	enum status status;
	bool has_state, enrolled;
	struct live_state state;
	size_t token_count;
	struct token tokens[TOKENS_MAX];
	unsigned code_count;
	uint8_t salt[BACKUP_SALT_BYTES];
};

void view_take(const char *name, unsigned uid, struct view *view);

/* Whether it is something else than the model says; `text` has room for 256 bytes of what. A token
 * and a set of codes that the model does not know yet may be any; view_learn tells it of them. */
bool view_differs(const struct model_user *user, const struct view *view, char text[256]);
void view_learn(struct model_user *user, const struct view *view);

#endif
