/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/log.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"

#include <errno.h>

enum { ONE_IN = 10 }; /* more than a tenth gone looks like a directory that is down */

struct census {
	struct tool *tool;
	bool moves; /* the second round: puts them aside */
	size_t all;
	size_t gone;
	size_t moved;
};

/* ST_OK with *gone: no such user any more, or one of another uid. */
static enum status is_gone(struct tool *tool, const char *name, bool *gone)
{
	AUTO_PERSON person = {0};
	AUTO_ENROLLMENT enrollment = {0};
	enum status s = person_find(name, &person);

	*gone = s == ST_NO_USER;
	if (s != ST_OK)
		return s == ST_NO_USER ? ST_OK : s;
	const struct who who = who_of(&person);
	*gone = account_peek(&tool->store, &who, &enrollment) == ST_OWNER;
	return ST_OK;
}

static enum status put_aside(struct census *census, const char *name)
{
	enum status s = account_discard(&census->tool->store, name);

	if (s == ST_OK) {
		census->moved++;
		log_act(
		    &(struct act){.event = "prune", .reason = "ok", .user = name, .uid = NO_UID});
	}
	return s == ST_MISSING ? ST_OK : s;
}

static enum status list_name(struct census *census, const char *name)
{
	AUTO_OUT out = OUT_EMPTY;

	out_visible(&out, name);
	out_text(&out, "\n");
	return tool_print(census->tool, &out) == EXIT_DONE ? ST_OK : ST_IO;
}

static enum status count_one(void *context, const char *name)
{
	struct census *census = context;
	bool gone;
	enum status s = is_gone(census->tool, name, &gone);

	if (s != ST_OK)
		return s;
	census->all++;
	census->gone += gone;
	return ST_OK;
}

static enum status treat_one(void *context, const char *name)
{
	struct census *census = context;
	bool gone;
	enum status s = is_gone(census->tool, name, &gone);

	if (s != ST_OK || !gone)
		return s;
	s = list_name(census, name);
	return s == ST_OK && census->moves ? put_aside(census, name) : s;
}

static bool looks_like_outage(const struct census *census)
{
	return census->gone * ONE_IN > census->all && !census->tool->request.options.force;
}

static enum exit_code conclude(const struct census *census)
{
	const struct tool *tool = census->tool;
	const char *place = tool->place.state_dir;
	size_t gone = census->gone;

	if (gone == 0)
		remark(TEXT_PRUNE_NONE(census->all), census->all);
	else if (census->moves)
		remark(TEXT_PRUNE_MOVED(census->moved), census->moved, place);
	else if (tool->request.options.yes)
		return fail(tool, EXIT_NO, TEXT_PRUNE_TOO_MANY(gone), gone, census->all, place);
	else
		remark(looks_like_outage(census) ? TEXT_PRUNE_LISTED_MANY(gone)
						 : TEXT_PRUNE_LISTED(gone),
		       gone, census->all, place);
	return EXIT_DONE;
}

enum exit_code cmd_prune(struct tool *tool)
{
	struct census census = {.tool = tool};
	enum exit_code code = tool_open(tool);

	if (code != EXIT_DONE)
		return code;
	errno = 0;
	enum status s = account_each(&tool->store, count_one, &census);
	census.moves = tool->request.options.yes && !looks_like_outage(&census);
	if (s == ST_OK && census.gone > 0)
		s = account_each(&tool->store, treat_one, &census);
	return s == ST_OK ? conclude(&census) : fail_status(tool, NULL, s);
}
