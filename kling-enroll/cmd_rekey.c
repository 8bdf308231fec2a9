/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/log.h"
#include "kling-enroll/progress.h"
#include "kling-enroll/text.h"
#include "kling-enroll/tool.h"
#include "lib/store/rekey.h"

#include <errno.h>
#include <string.h>

struct work {
	struct tool *tool;
	struct progress progress;
	size_t done;
	size_t failed;
};

static enum status reseal(void *context, const char *name)
{
	struct work *work = context;

	errno = 0;
	enum status s = rekey_user(&work->tool->store, name);
	if (s != ST_OK) {
		work->failed++;
		(void)fail_status(work->tool, name, s);
	}
	progress_step(&work->progress, ++work->done);
	return ST_OK;
}

/* Whether a run that was stopped is to be finished: files name a key that is not the current. */
static bool is_unfinished(const struct keyring *keyring, const bool used[KEYRING_MAX])
{
	for (size_t i = 0; i < keyring->count; i++)
		if (i != keyring->current && used[i])
			return true;
	return false;
}

static enum status make_key(struct tool *tool)
{
	struct key_id made;
	bool used[KEYRING_MAX];
	enum status s = rekey_survey(&tool->store, used);

	if (s != ST_OK)
		return s;
	if (is_unfinished(&tool->store.keyring, used)) {
		remark(TEXT_REKEY_RESUMED);
		return ST_OK;
	}
	s = keyring_add(tool->place.key_dir, tool->place.owner, NULL, &made);
	return s == ST_OK ? store_refresh(&tool->store) : s;
}

/* One that another run of this command has taken away meanwhile is gone all the same. */
static enum status remove_key(const struct tool *tool, const struct key_id *id)
{
	enum status s = keyring_remove(tool->place.key_dir, tool->place.owner, id);

	return s == ST_KEY_MISSING ? ST_OK : s;
}

static enum status remove_old_keys(struct tool *tool)
{
	bool used[KEYRING_MAX];
	enum status s = rekey_survey(&tool->store, used);
	const struct keyring *keyring = &tool->store.keyring;

	for (size_t i = 0; s == ST_OK && i < keyring->count; i++)
		if (i != keyring->current && !used[i])
			s = remove_key(tool, &keyring->heads[i].id);
	return s;
}

/* There are two keys now, and files of both: nothing is lost, and the next run ends it. */
static enum exit_code stopped(const struct tool *tool, enum status s)
{
	const char *why = status_has_errno(s) && errno ? strerror(errno) : spoken(status_text(s));

	return fail(tool, EXIT_TROUBLE, TEXT_REKEY_STOPPED, why);
}

static enum exit_code finish(struct work *work)
{
	struct tool *tool = work->tool;

	if (work->failed)
		return fail(tool, EXIT_NO, TEXT_REKEY_LEFT(work->failed), work->failed, work->done);
	errno = 0;
	enum status s = remove_old_keys(tool);
	if (s != ST_OK)
		return stopped(tool, s);
	log_act(&(struct act){.event = "rekey", .reason = "ok"});
	remark(TEXT_REKEY_DONE(work->done), work->done);
	return EXIT_DONE;
}

enum exit_code cmd_rekey(struct tool *tool)
{
	struct work work = {.tool = tool};
	enum exit_code code = tool_open(tool);

	if (code != EXIT_DONE)
		return code;
	errno = 0;
	enum status s = make_key(tool);
	if (s != ST_OK)
		return fail_status(tool, NULL, s);
	s = rekey_tables(&tool->store);
	if (s != ST_OK)
		return stopped(tool, s);
	progress_begin(&work.progress, 0);
	tool->over_progress = work.progress.shown;
	errno = 0;
	s = account_each(&tool->store, reseal, &work);
	progress_end(&work.progress);
	tool->over_progress = false;
	return s == ST_OK ? finish(&work) : stopped(tool, s);
}
