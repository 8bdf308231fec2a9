/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/crew.h"
#include "kling-enroll/people.h"
#include "kling-enroll/summary.h"
#include "kling-enroll/text.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

enum { BATCH = 512 };

enum item_state { ITEM_OPEN, ITEM_READ, ITEM_FAILED };

/* One of a batch: read by several processes, printed in the order of the user database. */
struct item {
	char name[FILE_NAME_BYTES];
	uid_t uid;
	enum item_state state;
	enum status status; /* why it failed */
	int error;          /* errno then */
	struct summary summary;
};

/* Two take turns: one is read while the other is printed and filled again. */
struct batch {
	struct item *items; /* BATCH of them, in memory that the processes share */
	size_t count;
	struct errand errand;
};

struct listing {
	struct tool *tool;
	struct crew crew;
	struct batch batches[2];
	unsigned filling; /* which of them */
	struct out out;
	bool ledgers; /* status of everybody */
	bool headed;
	size_t failed;
	enum exit_code code;
};

#define AUTO_LISTING AT_SCOPE_END(listing_clear) struct listing

static void batch_clear(struct batch *batch)
{
	errand_await(&batch->errand);
	if (batch->items)
		(void)munmap(batch->items, BATCH * sizeof(*batch->items));
}

static void listing_clear(struct listing *listing)
{
	for (size_t i = 0; i < 2; i++)
		batch_clear(&listing->batches[i]);
	crew_dismiss(&listing->crew);
	out_clear(&listing->out);
}

static enum status batch_new(struct batch *batch)
{
	void *shared = mmap(NULL, BATCH * sizeof(*batch->items), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return ST_NOMEM;
	batch->items = shared;
	return ST_OK;
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
	struct item *item = &((struct batch *)context)->items[i];
	const struct who who = {.name = item->name, .uid = item->uid, .exists = true};
	struct rules rules;

	if (tool_rules_of(tool, &who, &rules) != EXIT_DONE)
		return;
	errno = 0;
	item->status = summary_read(tool, &who, &rules, &item->summary);
	item->error = errno;
	item->state = item->status == ST_OK ? ITEM_READ : ITEM_FAILED;
}

static void send_batch(struct listing *listing, struct batch *batch)
{
	crew_send(&listing->crew, batch->count, read_item, batch, &batch->errand);
}

/* Until all of it is read, or said to be unreadable. */
static void await_batch(struct listing *listing, struct batch *batch)
{
	errand_await(&batch->errand);
	for (size_t i = 0; i < batch->count; i++) {
		struct item *item = &batch->items[i];
		if (item->state == ITEM_OPEN)
			read_item(batch, &listing->crew.tools[0], i);
		listing->failed += item->state != ITEM_READ;
		if (item->state != ITEM_FAILED)
			continue;
		errno = item->error;
		(void)fail_status(listing->tool, item->name, item->status);
	}
}

static enum status print_batch(struct listing *listing, struct batch *batch)
{
	const struct options *options = &listing->tool->request.options;

	for (size_t i = 0; i < batch->count; i++)
		if (batch->items[i].state == ITEM_READ &&
		    is_wanted(options, &batch->items[i].summary))
			add(listing, &batch->items[i].summary);
	batch->count = 0;
	listing->code = tool_print(listing->tool, &listing->out);
	return listing->code == EXIT_DONE ? ST_OK : ST_IO;
}

/* The one that is full goes out to be read; the one that was out is printed, and filled next. */
static enum status turn(struct listing *listing)
{
	struct batch *full = &listing->batches[listing->filling];
	struct batch *out = &listing->batches[!listing->filling];

	await_batch(listing, out);
	send_batch(listing, full);
	listing->filling = !listing->filling;
	return print_batch(listing, out);
}

static enum status take_person(void *context, const struct who *who)
{
	struct listing *listing = context;
	struct batch *batch = &listing->batches[listing->filling];
	struct item *item = &batch->items[batch->count];
	size_t length = strlen(who->name);

	if (length >= sizeof(item->name))
		return ST_OK; /* too long for the store: nothing to say */
	memcpy(item->name, who->name, length + 1);
	item->uid = who->uid;
	item->state = ITEM_OPEN;
	batch->count++;
	return batch->count == BATCH ? turn(listing) : ST_OK;
}

static enum status prepare(struct listing *listing)
{
	enum status s = crew_hire(&listing->crew, listing->tool, 1, CREW_MOST);

	if (s == ST_OK)
		s = batch_new(&listing->batches[0]);
	return s == ST_OK ? batch_new(&listing->batches[1]) : s;
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
	enum status s = prepare(listing);

	errno = 0;
	if (s == ST_OK)
		s = people_visit(listing->tool, &visit);
	if (s == ST_OK)
		s = turn(listing);
	return s == ST_OK ? turn(listing) : s;
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
