/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/crew.h"
#include "kling-enroll/people.h"
#include "kling-enroll/summary.h"
#include "kling-enroll/text.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

enum { BATCH = 1024 };

enum item_state { ITEM_OPEN, ITEM_READ, ITEM_FAILED };

/* One of a batch: read by several processes, printed in the order of the user database. */
struct item {
	char name[FILE_NAME_BYTES];
	uid_t uid;
	enum item_state state;
	struct summary summary;
};

struct listing {
	struct tool *tool;
	struct crew crew;
	struct item *items; /* BATCH of them, in memory that the processes share */
	size_t count;
	struct out out;
	bool ledgers; /* status of everybody */
	bool headed;
	size_t failed;
	enum exit_code code;
};

#define AUTO_LISTING AT_SCOPE_END(listing_clear) struct listing

static void listing_clear(struct listing *listing)
{
	crew_dismiss(&listing->crew);
	if (listing->items)
		(void)munmap(listing->items, BATCH * sizeof(*listing->items));
	out_clear(&listing->out);
}

static bool is_wanted(const struct options *options, const struct summary *summary)
{
	if (options->enrolled && !summary->enrolled)
		return false;
	if (options->missing && (summary->enrolled || !summary->required))
		return false;
	return !options->locked || summary->locked;
}

static void add(struct listing *listing, const struct summary *summary)
{
	if (listing->tool->request.options.json) {
		summary_json(&listing->out, summary, listing->ledgers);
		return;
	}
	if (!listing->headed)
		summary_row(&listing->out, NULL);
	listing->headed = true;
	summary_row(&listing->out, summary);
}

static void read_item(void *context, struct tool *tool, size_t i)
{
	struct item *item = &((struct listing *)context)->items[i];
	const struct who who = {.name = item->name, .uid = item->uid, .exists = true};
	struct rules rules;

	enum status s = ST_CONFIG;
	if (tool_rules_of(tool, &who, &rules) == EXIT_DONE) {
		errno = 0;
		s = summary_read(tool, &who, &rules, &item->summary);
		if (s != ST_OK)
			(void)fail_status(tool, item->name, s);
	}
	item->state = s == ST_OK ? ITEM_READ : ITEM_FAILED;
}

static void read_batch(struct listing *listing)
{
	crew_work_apart(&listing->crew, listing->count, read_item, listing);
	for (size_t i = 0; i < listing->count; i++)
		if (listing->items[i].state == ITEM_OPEN)
			read_item(listing, &listing->crew.tools[0], i);
}

static enum status finish_batch(struct listing *listing)
{
	const struct options *options = &listing->tool->request.options;

	read_batch(listing);
	for (size_t i = 0; i < listing->count; i++) {
		if (listing->items[i].state != ITEM_READ)
			listing->failed++;
		else if (is_wanted(options, &listing->items[i].summary))
			add(listing, &listing->items[i].summary);
	}
	listing->count = 0;
	listing->code = tool_print(listing->tool, &listing->out);
	return listing->code == EXIT_DONE ? ST_OK : ST_IO;
}

static enum status take_person(void *context, const struct who *who)
{
	struct listing *listing = context;
	struct item *item = &listing->items[listing->count];
	size_t length = strlen(who->name);

	if (length >= sizeof(item->name))
		return ST_OK; /* too long for the store: nothing to say */
	memcpy(item->name, who->name, length + 1);
	item->uid = who->uid;
	item->state = ITEM_OPEN;
	listing->count++;
	return listing->count == BATCH ? finish_batch(listing) : ST_OK;
}

static enum status make_items(struct listing *listing)
{
	void *shared = mmap(NULL, BATCH * sizeof(*listing->items), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return ST_NOMEM;
	listing->items = shared;
	return ST_OK;
}

static enum status visit_all(struct listing *listing)
{
	const struct options *options = &listing->tool->request.options;
	const struct people_visit visit = {
	    .group = options->group,
	    .stored_only = options->enrolled || options->locked || listing->ledgers,
	    .each = take_person,
	    .context = listing,
	};
	enum status s = crew_hire(&listing->crew, listing->tool, 1, CREW_MOST);

	if (s == ST_OK)
		s = make_items(listing);
	errno = 0;
	if (s == ST_OK)
		s = people_visit(listing->tool, &visit);
	return s == ST_OK ? finish_batch(listing) : s;
}

static enum exit_code list(struct tool *tool, bool ledgers)
{
	AUTO_LISTING listing = {.tool = tool, .out = OUT_EMPTY, .ledgers = ledgers};
	enum status s = visit_all(&listing);

	if (listing.code != EXIT_DONE)
		return listing.code;
	if (s == ST_MISSING)
		return fail(tool, EXIT_NO_USER, TEXT_NO_GROUP, tool->request.options.group);
	if (s != ST_OK)
		return fail_status(tool, NULL, s);
	return listing.failed ? EXIT_TROUBLE : EXIT_DONE;
}

enum exit_code cmd_list(struct tool *tool)
{
	enum exit_code code = tool_open(tool);

	return code == EXIT_DONE ? list(tool, false) : code;
}

enum exit_code status_of_everybody(struct tool *tool)
{
	return list(tool, true);
}
