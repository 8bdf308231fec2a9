/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/log.h"
#include "kling-enroll/people.h"
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

/* A user of that name is there: whether of another uid than the record's. */
static bool is_other(struct tool *tool, const struct who *who)
{
	AUTO_ENROLLMENT enrollment = {0};

	return account_peek(&tool->store, who, &enrollment) == ST_OWNER;
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

static enum status count_one(void *context, const struct who *who)
{
	struct census *census = context;

	census->all++;
	census->gone += is_other(census->tool, who);
	return ST_OK;
}

static enum status count_lost(void *context, const char *name, enum status why)
{
	struct census *census = context;

	(void)name;
	census->all++;
	census->gone++;
	return why == ST_NO_USER ? ST_OK : why;
}

static enum status treat_lost(void *context, const char *name, enum status why)
{
	struct census *census = context;
	enum status s = why == ST_NO_USER ? list_name(census, name) : why;

	return s == ST_OK && census->moves ? put_aside(census, name) : s;
}

static enum status treat_one(void *context, const struct who *who)
{
	struct census *census = context;

	return is_other(census->tool, who) ? treat_lost(census, who->name, ST_NO_USER) : ST_OK;
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
	const struct people_visit counting = {
	    .stored_only = true, .each = count_one, .lost = count_lost, .context = &census};
	const struct people_visit treating = {
	    .stored_only = true, .each = treat_one, .lost = treat_lost, .context = &census};
	enum exit_code code = tool_open(tool);

	if (code != EXIT_DONE)
		return code;
	errno = 0;
	enum status s = people_visit(tool, &counting);
	census.moves = tool->request.options.yes && !looks_like_outage(&census);
	if (s == ST_OK && census.gone > 0)
		s = people_visit(tool, &treating);
	return s == ST_OK ? conclude(&census) : fail_status(tool, NULL, s);
}
