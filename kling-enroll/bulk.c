/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/bulk.h"

#include "kling-enroll/crew.h"
#include "kling-enroll/deliver.h"
#include "kling-enroll/drawing.h"
#include "kling-enroll/issue.h"
#include "kling-enroll/progress.h"
#include "kling-enroll/roll.h"
#include "kling-enroll/text.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * Enough workers that the disk always has flushes to put together; hashing needs no more than one
 * for each processor.
 */
enum { WORKERS_PER_PROCESSOR = 24, PATH_BYTES = 4096 };

/* What the workers share. */
struct bulk {
	struct roll *roll;
	pthread_mutex_t lock; /* all below, and standard output */
	size_t done;
	size_t failed;
	size_t skipped;         /* of a group: enrolled already */
	enum exit_code stopped; /* why nobody goes on; EXIT_DONE: they do */
	sigset_t signals;       /* that end it between two users */
	int caught;
	struct progress progress;
};

static enum exit_code check_places(const struct tool *tool)
{
	const struct options *options = &tool->request.options;

	if (tool->request.operand_count > 0 || (options->users && options->group))
		return fail(tool, EXIT_USAGE, TEXT_BULK_WHO);
	if (options->sheet || options->qr_file || options->qr)
		return fail(tool, EXIT_USAGE, TEXT_BULK_FILES);
	if (!options->json && !options->sheet_dir)
		return fail(tool, EXIT_USAGE, TEXT_BULK_PLACE);
	return options->json ? tool_can_print(tool) : EXIT_DONE;
}

static enum exit_code make_sheet_dir(const struct tool *tool)
{
	const char *path = tool->request.options.sheet_dir;
	struct stat there;

	if (!path)
		return EXIT_DONE;
	if (mkdir(path, 0700) == 0)
		return EXIT_DONE;
	if (errno == EEXIST && stat(path, &there) == 0 && S_ISDIR(there.st_mode))
		return EXIT_DONE;
	return fail(tool, EXIT_TROUBLE, TEXT_FILE, path, strerror(errno));
}

/* One user's tool: the store is the worker's own, the options name the user's own sheet. */
static enum exit_code name_sheet(struct tool *tool, const char *user, char path[PATH_BYTES])
{
	char file[FILE_NAME_BYTES];
	enum status s = account_file_name(user, file);

	if (!tool->request.options.sheet_dir)
		return EXIT_DONE;
	if (s != ST_OK)
		return fail_status(tool, user, s);
	int length = snprintf(path, PATH_BYTES, "%s/%s.%s", tool->request.options.sheet_dir, file,
			      drawing_is_possible() ? "pdf" : "txt");
	if (length < 0 || length >= PATH_BYTES)
		return fail_status(tool, user, ST_TOO_BIG);
	tool->request.options.sheet = path;
	return EXIT_DONE;
}

static enum exit_code hand_out(struct bulk *bulk, struct tool *tool, struct delivery *delivery,
			       struct issue *issue)
{
	if (!delivery->json)
		return EXIT_DONE;
	pthread_mutex_lock(&bulk->lock);
	enum exit_code code = delivery_show(delivery, tool, issue);
	if (code != EXIT_DONE)
		bulk->stopped = code;
	pthread_mutex_unlock(&bulk->lock);
	return code;
}

static enum exit_code add_entry(struct bulk *bulk, struct tool *tool,
				const struct roll_entry *entry, bool *skipped)
{
	AUTO_DELIVERY delivery = DELIVERY_NONE;
	AUTO_ISSUE issue = {0};
	char path[PATH_BYTES];
	const struct who who = {.name = entry->name, .uid = entry->uid, .exists = true};
	struct issue_wish wish = issue_wish_of(&tool->request.options, &who);

	wish.if_not_there = tool->request.options.group != NULL;
	delivery.json = tool->request.options.json;
	if (!entry->found)
		return fail_of(tool, EXIT_NO_USER, entry->name, TEXT_NO_USER);
	enum exit_code code = issue_check_person(tool, entry->name, entry->uid);
	if (code == EXIT_DONE)
		code = issue_plan(tool, &wish, &issue);
	*skipped = issue.is_there && wish.if_not_there;
	if (code == EXIT_DONE && issue_make_secret(&issue) != ST_OK)
		code = fail_status(tool, entry->name, ST_IO);
	if (code == EXIT_DONE)
		code = name_sheet(tool, entry->name, path);
	if (code == EXIT_DONE)
		code = delivery_prepare(&delivery, tool, &issue);
	if (code == EXIT_DONE)
		code = delivery_store(&delivery, tool, &issue);
	if (code != EXIT_DONE)
		return code;
	issue_log(&issue);
	return hand_out(bulk, tool, &delivery, &issue);
}

/* A signal ends it when everybody has finished the user they are at. */
static void look_for_signal(struct bulk *bulk)
{
	const struct timespec at_once = {0, 0};
	int caught = sigtimedwait(&bulk->signals, NULL, &at_once);

	if (caught <= 0)
		return;
	bulk->caught = caught;
	bulk->stopped = EXIT_NO;
}

static void count(struct bulk *bulk, enum exit_code code, bool skipped)
{
	pthread_mutex_lock(&bulk->lock);
	bulk->done++;
	bulk->skipped += skipped;
	bulk->failed += code != EXIT_DONE && !skipped;
	progress_step(&bulk->progress, bulk->done);
	look_for_signal(bulk);
	pthread_mutex_unlock(&bulk->lock);
}

static bool is_stopped(struct bulk *bulk)
{
	pthread_mutex_lock(&bulk->lock);
	bool stopped = bulk->stopped != EXIT_DONE;
	pthread_mutex_unlock(&bulk->lock);
	return stopped;
}

static void add_item(void *context, struct tool *tool, size_t item)
{
	struct bulk *bulk = context;
	bool skipped = false;

	if (is_stopped(bulk))
		return;
	enum exit_code code = add_entry(bulk, tool, &bulk->roll->entries[item], &skipped);
	count(bulk, code, skipped);
}

static void say_counts(const struct bulk *bulk)
{
	size_t enrolled = bulk->done - bulk->failed - bulk->skipped;

	if (bulk->skipped)
		remark(TEXT_BULK_SKIPPED, enrolled, bulk->skipped, bulk->failed);
	else
		remark(TEXT_BULK_DONE, enrolled, bulk->failed);
}

/* The threads inherit the mask. What was ignored stays so. */
static void hold_signals(struct bulk *bulk, sigset_t *before)
{
	static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	struct sigaction action;

	sigemptyset(&bulk->signals);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		if (sigaction(ending[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&bulk->signals, ending[i]);
	(void)sigprocmask(SIG_BLOCK, &bulk->signals, before);
}

static enum exit_code conclude(struct tool *tool, const struct bulk *bulk)
{
	size_t left = bulk->roll->count - bulk->done;

	say_counts(bulk);
	tool->caught = bulk->caught;
	if (bulk->caught && left)
		return fail(tool, EXIT_NO, TEXT_BULK_STOPPED(left), left);
	if (bulk->stopped != EXIT_DONE && !bulk->caught)
		return bulk->stopped;
	if (left)
		return fail(tool, EXIT_TROUBLE, TEXT_BULK_LEFT(left), left);
	return bulk->failed ? EXIT_NO : EXIT_DONE;
}

static enum exit_code add_roll(struct tool *tool, struct roll *roll)
{
	struct bulk bulk = {.roll = roll, .lock = PTHREAD_MUTEX_INITIALIZER};
	AUTO_CREW crew = {0};
	sigset_t before;
	enum status s = roll_look_up(roll);

	tool->request.options.no_confirm = true;
	if (s == ST_OK)
		s = crew_hire(&crew, tool, WORKERS_PER_PROCESSOR, roll->count);
	if (s != ST_OK)
		return fail_status(tool, NULL, s);
	progress_begin(&bulk.progress, roll->count);
	for (size_t i = 0; i < crew.size; i++)
		crew.tools[i].over_progress = bulk.progress.shown;
	hold_signals(&bulk, &before);
	crew_work(&crew, roll->count, add_item, &bulk);
	look_for_signal(&bulk);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	progress_end(&bulk.progress);
	return conclude(tool, &bulk);
}

enum exit_code add_many(struct tool *tool)
{
	AUTO_ROLL roll = {0};
	const struct options *options = &tool->request.options;
	enum exit_code code = check_places(tool);

	/* What cannot be done is found out before a store is made for it. */
	if (code == EXIT_DONE && options->users)
		code = roll_read(tool, options->users, &roll);
	else if (code == EXIT_DONE)
		code = roll_check_group(tool, options->group);
	if (code == EXIT_DONE)
		code = tool_open_or_init(tool);
	if (code == EXIT_DONE && options->group)
		code = roll_of_group(tool, options->group, &roll);
	if (code == EXIT_DONE)
		code = make_sheet_dir(tool);
	return code == EXIT_DONE ? add_roll(tool, &roll) : code;
}
