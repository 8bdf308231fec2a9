/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/people.h"
#include "kling-enroll/text.h"
#include "lib/conf/survey.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { RECORDS_TOLD = 20, PATH_BYTES = 4096, FIX_BYTES = 1024 };

/* One round over all records. */
struct audit {
	struct tool *tool;
	struct findings *findings;
	bool combined; /* prompt_style = combined holds somewhere */
	size_t told;
	size_t more;
	size_t orphans;
};

/* The part of a record that a finding is about: "" for the whole. */
static void report_record(struct audit *audit, const char *name, const char *part,
			  const char *problem, const char *fix)
{
	char path[PATH_BYTES], file[FILE_NAME_BYTES];
	const struct spot spot = {SEVERITY_ERROR, path, 0, fix};

	if (audit->told++ >= RECORDS_TOLD) {
		audit->more++;
		return;
	}
	if (account_file_name(name, file) != ST_OK)
		file[0] = '\0';
	snprintf(path, sizeof(path), "%.3000s/users/%s%s%s", audit->tool->place.state_dir, file,
		 part[0] ? "/" : "", part);
	findings_add(audit->findings, &spot, "%s: %s", name, problem);
}

/* Begun anew: what is left of it tells nobody anything. */
static void fix_anew(const char *name, bool state, char fix[FIX_BYTES])
{
	char word[300];

	quote_word(name, word, sizeof(word));
	if (state)
		snprintf(fix, FIX_BYTES, TEXT_FIX_STATE, word);
	else
		snprintf(fix, FIX_BYTES, TEXT_FIX_ENROLLMENT, word, word);
}

static void report_status(struct audit *audit, const char *name, bool state, enum status s)
{
	char fix[FIX_BYTES];
	const char *part = state ? "state" : "enrollment";
	const char *problem = spoken(status_text(s));

	if (status_has_errno(s) && errno != 0)
		problem = strerror(errno);
	snprintf(fix, sizeof(fix), "%s",
		 s == ST_KEY_MISSING ? TEXT_FIX_KEY : (s == ST_PERM ? TEXT_FIX_PERM : TEXT_FIX_IO));
	if (s == ST_OWNER || s == ST_CORRUPT)
		fix_anew(name, state && s == ST_CORRUPT, fix);
	report_record(audit, name, part, problem, fix);
}

void check_blame(void *context, const struct culprit *culprit)
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
		culprits_of_user(&audit->tool->place, name, check_blame, &user);
	audit->told += user.refused;
	return user.refused;
}

static bool resolve(const struct audit *audit, const struct who *who,
		    const struct group_names *groups, const char *service, struct rules *rules)
{
	const char *problem = NULL;
	const struct subject subject = {.user = who->name,
					.service = service,
					.origin = {.kind = ORIGIN_NONE},
					.groups = groups->names,
					.group_count = groups->count};

	return settings_resolve(audit->tool->settings, &subject, rules, &problem) == ST_OK;
}

/* Whether password and code may come typed together, in whatever service. */
static bool may_be_combined(const struct audit *audit, const struct who *who,
			    const struct group_names *groups)
{
	struct rules rules;

	if (!audit->combined)
		return false;
	if (resolve(audit, who, groups, "", &rules) && rules.prompt_style == PROMPT_COMBINED)
		return true;
	for (const struct section *s = settings_sections(audit->tool->settings); s; s = s->next) {
		const struct condition *services = section_condition(s, CONDITION_SERVICE);
		for (size_t i = 0; services && i < services->words.count; i++)
			if (resolve(audit, who, groups, services->words.words[i], &rules) &&
			    rules.prompt_style == PROMPT_COMBINED)
				return true;
	}
	return false;
}

static bool lengths_differ(const struct enrollment_record *record)
{
	for (size_t i = 1; i < record->token_count; i++)
		if (record->tokens[i].digits != record->tokens[0].digits)
			return true;
	return false;
}

static enum status find_groups(const struct who *who, struct group_names *groups)
{
	AUTO_PERSON person = {0};
	enum status s = person_find(who->name, &person);

	return s == ST_OK ? group_names_find(&person, groups) : s;
}

static void check_tokens(struct audit *audit, const struct who *who,
			 const struct enrollment_record *record)
{
	AUTO_GROUPS groups = {0};
	struct rules rules;

	if (settings_need_groups(audit->tool->settings) && find_groups(who, &groups) != ST_OK)
		return;
	if (resolve(audit, who, &groups, "", &rules) &&
	    record->token_count * (2 * rules.code_window + 1) > CANDIDATES_MAX)
		report_record(audit, who->name, "", TEXT_CHECK_WINDOW, TEXT_FIX_WINDOW);
	if (lengths_differ(record) && may_be_combined(audit, who, &groups))
		report_record(audit, who->name, "", TEXT_CHECK_DIGITS, TEXT_FIX_DIGITS);
}

static enum status check_record(void *context, const struct who *who)
{
	struct audit *audit = context;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	AUTO_ENROLLMENT enrollment = {0};
	char fix[FIX_BYTES];

	if (blame_user(audit, who->name))
		return ST_OK;
	errno = 0;
	enum status s = account_lock(&audit->tool->store, who, &account);
	if (s == ST_MISSING) {
		fix_anew(who->name, true, fix);
		report_record(audit, who->name, "", TEXT_CHECK_NO_STATE, fix);
		return ST_OK;
	}
	bool state = s != ST_OK;
	if (s == ST_OK)
		s = account_enrollment(&account, &enrollment);
	bool damaged = s == ST_OK && account.was_damaged;
	account_unlock(&account);
	if (s != ST_OK && s != ST_MISSING)
		report_status(audit, who->name, state, s);
	if (damaged)
		report_record(audit, who->name, "state", TEXT_CHECK_HALF, TEXT_FIX_HALF);
	if (s == ST_OK)
		check_tokens(audit, who, enrollment.record);
	return ST_OK;
}

static enum status note_lost(void *context, const char *name, enum status why)
{
	struct audit *audit = context;

	if (why == ST_NO_USER)
		audit->orphans++;
	else
		report_record(audit, name, "", spoken(status_text(why)), TEXT_FIX_LOOKUP);
	return ST_OK;
}

static void note_combined(void *context, const struct option_use *use)
{
	bool *combined = context;

	*combined |=
	    strcmp(use->option->name, "prompt_style") == 0 && use->value->choice == PROMPT_COMBINED;
}

void check_records(struct tool *tool, struct findings *findings)
{
	struct audit audit = {.tool = tool, .findings = findings};
	const struct people_visit visit = {
	    .stored_only = true, .each = check_record, .lost = note_lost, .context = &audit};
	const struct spot spot = {SEVERITY_WARNING, tool->place.state_dir, 0, TEXT_FIX_ORPHANS};
	const struct spot rest = {SEVERITY_ERROR, tool->place.state_dir, 0, TEXT_FIX_MORE};

	settings_each_option(tool->settings, note_combined, &audit.combined);
	enum status s = people_visit(tool, &visit);

	if (s != ST_OK)
		findings_add(findings, &rest, "%s", spoken(status_text(s)));
	if (audit.more)
		findings_add(findings, &rest, TEXT_CHECK_MORE(audit.more), audit.more);
	if (audit.orphans)
		findings_add(findings, &spot, TEXT_CHECK_ORPHANS(audit.orphans), audit.orphans);
}
