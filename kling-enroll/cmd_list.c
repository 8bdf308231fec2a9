/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/people.h"
#include "kling-enroll/summary.h"
#include "kling-enroll/text.h"

#include <errno.h>

enum { FLUSH_AT = 32768 };

struct listing {
	struct tool *tool;
	struct out out;
	bool ledgers; /* status of everybody */
	bool headed;
	size_t failed;
	enum exit_code code;
};

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

static enum status flush(struct listing *listing)
{
	listing->code = tool_print(listing->tool, &listing->out);
	return listing->code == EXIT_DONE ? ST_OK : ST_IO;
}

static enum status list_one(void *context, const struct who *who)
{
	struct listing *listing = context;
	struct summary summary;
	struct rules rules;

	if (tool_rules_of(listing->tool, who, &rules) != EXIT_DONE) {
		listing->failed++;
		return ST_OK;
	}
	errno = 0;
	enum status s = summary_read(listing->tool, who, &rules, &summary);
	if (s != ST_OK) {
		listing->failed++;
		(void)fail_status(listing->tool, who->name, s);
		return ST_OK;
	}
	if (is_wanted(&listing->tool->request.options, &summary))
		add(listing, &summary);
	return listing->out.bytes.length >= FLUSH_AT ? flush(listing) : ST_OK;
}

static enum exit_code list(struct tool *tool, bool ledgers)
{
	struct listing listing = {.tool = tool, .out = OUT_EMPTY, .ledgers = ledgers};
	const struct options *options = &tool->request.options;
	const struct people_visit visit = {
	    .group = options->group,
	    .stored_only = options->enrolled || options->locked || ledgers,
	    .each = list_one,
	    .context = &listing,
	};

	errno = 0;
	enum status s = people_visit(tool, &visit);
	if (s == ST_OK)
		s = flush(&listing);
	out_clear(&listing.out);
	if (listing.code != EXIT_DONE)
		return listing.code;
	if (s == ST_MISSING)
		return fail(tool, EXIT_NO_USER, TEXT_NO_GROUP, options->group);
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
