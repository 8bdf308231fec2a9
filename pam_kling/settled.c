/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/settled.h"

#include "lib/base/text.h"

#include <string.h>

/* Each part behind its length: nothing runs together. */
static void add(struct text *text, const char *part)
{
	text_add_number(text, strlen(part));
	text_add(text, ":");
	text_add(text, part);
}

static bool add_item(struct text *text, pam_handle_t *pamh, int which)
{
	const void *item = NULL;
	if (pam_get_item(pamh, which, &item) != PAM_SUCCESS)
		return false;
	add(text, item != NULL ? item : "");
	return true;
}

/* What the handle is about; false when it does not say, or that does not fit. */
static bool describe(pam_handle_t *pamh, int argc, const char **argv, char out[MEMORY_ASKED])
{
	struct text text = {out, MEMORY_ASKED, 0, false};
	text_add(&text, "");
	if (!add_item(&text, pamh, PAM_USER) || !add_item(&text, pamh, PAM_SERVICE) ||
	    !add_item(&text, pamh, PAM_RHOST))
		return false;
	for (int i = 0; i < argc; i++)
		add(&text, argv[i] != NULL ? argv[i] : "");
	return !text.cut;
}

void settled_note(const struct request *request, struct memory *memory)
{
	const char *path = settings_path(request->settings);
	size_t length = strlen(path);
	memory->conf = *settings_mark(request->settings);
	if (request->rescued || length >= sizeof(memory->conf_path) ||
	    !describe(request->pamh, request->argc, request->argv, memory->asked)) {
		memory->conf.known = false;
		return;
	}
	memcpy(memory->conf_path, path, length + 1);
}

bool settled_holds(pam_handle_t *pamh, int argc, const char **argv)
{
	const struct memory *memory = memory_held(pamh);
	char asked[MEMORY_ASKED];
	if (memory == NULL || !memory->auth_ran || memory->end != AUTH_END_ACCEPTED ||
	    memory->source_is_new || memory->has_ticket || !memory->conf.known)
		return false;
	return describe(pamh, argc, argv, asked) && strcmp(asked, memory->asked) == 0 &&
	       conf_mark_holds(&memory->conf, memory->conf_path);
}
