/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/text.h"
#include "lib/base/clock.h"
#include "lib/store/filesystem.h"
#include "lib/store/rekey.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

/* What is to be said of a file system; NULL: nothing. */
static const char *doubt_about(enum filesystem_risk risk)
{
	static const char *const texts[] = {
	    [FILESYSTEM_MEMORY] = TEXT_CHECK_FS_MEMORY,
	    [FILESYSTEM_NETWORK] = TEXT_CHECK_FS_NETWORK,
	    [FILESYSTEM_FUSE] = TEXT_CHECK_FS_FUSE,
	    [FILESYSTEM_COPIES] = TEXT_CHECK_FS_COPIES,
	    [FILESYSTEM_LAYER] = TEXT_CHECK_FS_LAYER,
	    [FILESYSTEM_NO_RIGHTS] = TEXT_CHECK_FS_MODES,
	};

	return risk < sizeof(texts) / sizeof(texts[0]) ? spoken(texts[risk]) : NULL;
}

static void check_file_system(const struct tool *tool, struct findings *findings)
{
	struct filesystem what;

	if (filesystem_of(tool->store.root, &what) != ST_OK)
		return;
	const char *doubt = doubt_about(what.risk);
	bool bearable = what.risk == FILESYSTEM_COPIES || what.risk == FILESYSTEM_LAYER;
	const struct spot spot = {bearable ? SEVERITY_NOTE : SEVERITY_WARNING,
				  tool->place.state_dir, 0, TEXT_FIX_FS};
	if (doubt)
		findings_add(findings, &spot, "%s: %s", what.name, doubt);
}

/* Where nothing can be written, nothing can be said of each record either. */
static bool is_writable(const struct tool *tool, struct findings *findings)
{
	struct statvfs fs;
	const struct spot spot = {SEVERITY_ERROR, tool->place.state_dir, 0, TEXT_FIX_READ_ONLY};

	if (fstatvfs(tool->store.root, &fs) != 0 || !(fs.f_flag & ST_RDONLY))
		return true;
	findings_add(findings, &spot, "%s", TEXT_CHECK_READ_ONLY);
	return false;
}

static void check_keys(struct tool *tool, struct findings *findings)
{
	bool used[KEYRING_MAX];
	struct store *store = &tool->store;
	const struct spot spot = {SEVERITY_WARNING, tool->place.key_dir, 0, TEXT_FIX_REKEY};

	if (store->keyring.count <= 1 || rekey_survey(store, used) != ST_OK)
		return;
	findings_add(findings, &spot, TEXT_CHECK_REKEY, store->keyring.count);
}

static const char *open_fix(enum status s)
{
	switch ((int)s) {
	case ST_UNINITIALISED:
		return TEXT_FIX_INIT;
	case ST_STORE_LOST:
		return TEXT_FIX_LOST;
	case ST_KEY_MISSING:
	case ST_KEY_MISMATCH:
		return TEXT_FIX_KEY;
	case ST_PERM:
		return TEXT_FIX_PERM;
	default:
		return TEXT_FIX_IO;
	}
}

void check_store(struct tool *tool, struct findings *findings)
{
	struct blame place = {findings, NULL, false};

	culprits_of_place(&tool->place, check_blame, &place);
	errno = 0;
	enum status s = store_open(&tool->place, &tool->store);
	bool key = s == ST_KEY_MISSING || s == ST_KEY_MISMATCH;
	const struct spot spot = {s == ST_UNINITIALISED ? SEVERITY_WARNING : SEVERITY_ERROR,
				  key ? tool->place.key_dir : tool->place.state_dir, 0,
				  open_fix(s)};

	if (s != ST_OK) {
		if (!place.refused)
			findings_add(findings, &spot, "%s", spoken(status_text(s)));
		return;
	}
	check_file_system(tool, findings);
	check_keys(tool, findings);
	if (is_writable(tool, findings))
		check_records(tool, findings);
}

void check_clock(struct findings *findings)
{
	struct moment now;
	struct timex state = {0};
	const struct spot spot = {SEVERITY_ERROR, NULL, 0, TEXT_FIX_CLOCK};
	const struct spot unsure = {SEVERITY_NOTE, NULL, 0, TEXT_FIX_SYNC};

	if (clock_read(&now) != ST_OK)
		findings_add(findings, &spot, "%s", TEXT_CHECK_CLOCK);
	else if (adjtimex(&state) == TIME_ERROR || (state.status & STA_UNSYNC))
		findings_add(findings, &unsure, "%s", TEXT_CHECK_SYNC);
}
