/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/config_text.h"
#include "kling-enroll/culprit.h"
#include "kling-enroll/text.h"
#include "kling-enroll/uri.h"
#include "kling-enroll/when.h"
#include "lib/base/cleanup.h"
#include "lib/base/clock.h"
#include "lib/store/filesystem.h"
#include "lib/store/rekey.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

enum { RECORDS_TOLD = 20, PATH_BYTES = 4096, FIX_BYTES = 512 };

bool check_blame_config(const char *path, struct findings *findings)
{
	struct culprit culprit;
	const struct spot spot = {SEVERITY_ERROR, culprit.path, 0, culprit.fix};

	if (!culprit_on_path(path, ROLE_CONFIG, geteuid(), &culprit))
		return false;
	findings_add(findings, &spot, TEXT_CHECK_CONFIG_PATH, culprit.problem);
	return true;
}

/* The line of the first section; 0: none. */
static unsigned first_section(const char *path)
{
	AUTO_FILE file = fopen(path, "re");
	AUTO_TEXT line = NULL;
	size_t size = 0;
	unsigned number = 0;

	while (file && getline(&line, &size, file) >= 0) {
		number++;
		if (line[strspn(line, " \t")] == '[')
			return number;
	}
	return 0;
}

static const char *option_at(const void *context, size_t i)
{
	(void)context;
	return tunables[i].name;
}

/* An option that was meant, or one below a heading that belongs above all. */
static void config_fix(const struct conf_error *error, char fix[FIX_BYTES])
{
	const struct tunable *option = tunable_find(error->word);
	const char *meant = suggestion_for(error->word, option_at, NULL, tunable_count);
	unsigned first = first_section(error->file);

	if (option && option->place == TUNABLE_FILE_ONLY && first && first < error->line)
		snprintf(fix, FIX_BYTES, TEXT_FIX_CONFIG_ABOVE, first);
	else if (!option && error->word[0] && meant)
		snprintf(fix, FIX_BYTES, TEXT_FIX_CONFIG_MEANT, meant);
	else
		snprintf(fix, FIX_BYTES, "%s", TEXT_FIX_CONFIG);
}

bool check_config(struct tool *tool, struct findings *findings)
{
	const char *path = tool->request.options.config;
	struct conf_error error = {0};
	const struct conf_source source = {
	    .path = path, .must_exist = path != NULL, .owner = geteuid()};
	enum status s = settings_load(&source, &tool->settings, &error);

	if (s == ST_OK) {
		tool->place = (struct place){settings_state_dir(tool->settings),
					     settings_key_dir(tool->settings), geteuid()};
		return true;
	}
	if (error.line == 0 && check_blame_config(path ? path : KLING_CONF_FILE, findings))
		return false;
	char fix[FIX_BYTES];
	const struct spot spot = {SEVERITY_ERROR, error.file[0] ? error.file : KLING_CONF_FILE,
				  error.line, fix};
	AUTO_OUT problem = OUT_EMPTY;
	config_fix(&error, fix);
	if (!error.problem)
		error.problem = status_text(s);
	config_problem(&problem, &error);
	findings_add(findings, &spot, "%s", out_string(&problem));
	return false;
}

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

static void check_keys(struct tool *tool, struct findings *findings)
{
	bool used[KEYRING_MAX];
	struct store *store = &tool->store;
	const struct spot spot = {SEVERITY_WARNING, tool->place.key_dir, 0, TEXT_FIX_REKEY};

	if (store->keyring.count <= 1 || rekey_survey(store, used) != ST_OK)
		return;
	findings_add(findings, &spot, TEXT_CHECK_REKEY, store->keyring.count);
}

/* One round over all records. */
struct audit {
	struct tool *tool;
	struct findings *findings;
	size_t told;
	size_t more;
	size_t orphans;
};

static void report_record(struct audit *audit, const char *name, const char *problem,
			  const char *fix)
{
	char path[PATH_BYTES], file[FILE_NAME_BYTES];
	const struct spot spot = {SEVERITY_ERROR, path, 0, fix};

	if (audit->told++ >= RECORDS_TOLD) {
		audit->more++;
		return;
	}
	if (account_file_name(name, file) != ST_OK)
		file[0] = '\0';
	snprintf(path, sizeof(path), "%.3000s/users/%s", audit->tool->place.state_dir, file);
	findings_add(audit->findings, &spot, "%s: %s", name, problem);
}

static const char *fix_of(enum status s)
{
	switch ((int)s) {
	case ST_OWNER:
		return TEXT_FIX_OWNER;
	case ST_CORRUPT:
		return TEXT_FIX_CORRUPT;
	case ST_KEY_MISSING:
		return TEXT_FIX_KEY;
	case ST_PERM:
		return TEXT_FIX_PERM;
	default:
		return TEXT_FIX_IO;
	}
}

/* Owners and modes; each with the command that mends it. */
struct blame {
	struct findings *findings;
	const char *name; /* NULL: nobody's in particular */
	bool refused;
};

static void blame(void *context, const struct culprit *culprit)
{
	struct blame *blame = context;
	const struct spot spot = {culprit->refused ? SEVERITY_ERROR : SEVERITY_WARNING,
				  culprit->path, 0, culprit->fix};

	blame->refused |= culprit->refused;
	if (blame->name)
		findings_add(blame->findings, &spot, "%s: %s", blame->name, culprit->problem);
	else
		findings_add(blame->findings, &spot, "%s", culprit->problem);
}

static bool blame_user(struct audit *audit, const char *name)
{
	struct blame user = {audit->findings, name, false};

	if (audit->told < RECORDS_TOLD)
		culprits_of_user(&audit->tool->place, name, blame, &user);
	audit->told += user.refused;
	return user.refused;
}

static void check_digits(struct audit *audit, const char *name,
			 const struct enrollment_record *record, const struct rules *rules)
{
	size_t steps = record->token_count * (2 * rules->code_window + 1);

	if (steps > CANDIDATES_MAX)
		report_record(audit, name, TEXT_CHECK_WINDOW, TEXT_FIX_WINDOW);
	for (size_t i = 1; i < record->token_count; i++)
		if (rules->prompt_style == PROMPT_COMBINED &&
		    record->tokens[i].digits != record->tokens[0].digits)
			report_record(audit, name, TEXT_CHECK_DIGITS, TEXT_FIX_DIGITS);
}

static void check_person(struct audit *audit, const struct person *person)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	AUTO_ENROLLMENT enrollment = {0};
	struct rules rules;
	const struct who who = who_of(person);

	if (blame_user(audit, person->name))
		return;
	errno = 0;
	enum status s = account_lock(&audit->tool->store, &who, &account);
	if (s == ST_MISSING) {
		report_record(audit, person->name, TEXT_CHECK_NO_STATE, TEXT_FIX_CORRUPT);
		return;
	}
	if (s == ST_OK)
		s = account_enrollment(&account, &enrollment);
	bool damaged = s == ST_OK && account.state->repair_due;
	account_unlock(&account);
	if (s == ST_IO && errno != 0)
		report_record(audit, person->name, strerror(errno), fix_of(s));
	else if (s != ST_OK && s != ST_MISSING)
		report_record(audit, person->name, spoken(status_text(s)), fix_of(s));
	if (damaged)
		report_record(audit, person->name, TEXT_CHECK_HALF, TEXT_FIX_HALF);
	if (s == ST_OK && tool_rules(audit->tool, person, &rules) == EXIT_DONE)
		check_digits(audit, person->name, enrollment.record, &rules);
}

static enum status check_record(void *context, const char *name)
{
	struct audit *audit = context;
	AUTO_PERSON person = {0};
	enum status s = person_find(name, &person);

	if (s == ST_NO_USER)
		audit->orphans++;
	else if (s == ST_OK)
		check_person(audit, &person);
	else
		report_record(audit, name, spoken(status_text(s)), TEXT_FIX_LOOKUP);
	return ST_OK;
}

static void check_records(struct tool *tool, struct findings *findings)
{
	struct audit audit = {.tool = tool, .findings = findings};
	const struct spot spot = {SEVERITY_WARNING, tool->place.state_dir, 0, TEXT_FIX_ORPHANS};
	const struct spot rest = {SEVERITY_ERROR, tool->place.state_dir, 0, TEXT_FIX_MORE};
	enum status s = account_each(&tool->store, check_record, &audit);

	if (s != ST_OK)
		findings_add(findings, &rest, "%s", spoken(status_text(s)));
	if (audit.more)
		findings_add(findings, &rest, TEXT_CHECK_MORE(audit.more), audit.more);
	if (audit.orphans)
		findings_add(findings, &spot, TEXT_CHECK_ORPHANS(audit.orphans), audit.orphans);
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

	culprits_of_place(&tool->place, blame, &place);
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
