/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/text.h"
#include "lib/conf/survey.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One look over a configuration. */
struct look {
	const struct settings *settings;
	const char *file;
	struct findings *findings;
};

static void PRINTF_LIKE(5, 6) add(const struct look *look, enum severity severity, unsigned line,
				  const char *fix, const char *format, ...)
{
	char problem[1024];
	const struct spot spot = {severity, look->file, line, fix};
	va_list values;

	va_start(values, format);
	vsnprintf(problem, sizeof(problem), format, values);
	va_end(values);
	findings_add(look->findings, &spot, "%s", problem);
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static bool all_are(const struct condition *condition, const char *const *words)
{
	for (size_t i = 0; i < condition->words.count; i++)
		if (!is_one_of(condition->words.words[i], words))
			return false;
	return true;
}

/* --- names that nobody and nothing has ---------------------------------------------------------
 */

static const char *const jobs[] = {"cron", "crond", "atd", "systemd-user", NULL};
static const char *const batches[] = {"chpasswd", "newusers", NULL};

/* Names that stand in the sample, or in the defaults, on machines that do not have them all. */
static bool is_usual_service(const struct look *look, const char *name)
{
	const struct subject nobody = {.user = "", .service = "", .origin = {.kind = ORIGIN_NONE}};
	struct rules rules;
	const char *problem = NULL;

	if (is_one_of(name, jobs) || is_one_of(name, batches))
		return true;
	if (settings_resolve(look->settings, &nobody, &rules, &problem) != ST_OK)
		return true;
	return word_list_has(&rules.console_services, name) ||
	       word_list_has(&rules.local_services, name);
}

static const char *const known_services[] = {"sshd",         "login",        "sudo",     "su",
					     "passwd",       "cron",         "chpasswd", "other",
					     "systemd-user", "gdm-password", "lightdm",  "sddm"};

static const char *known_service_at(const void *context, size_t i)
{
	(void)context;
	return known_services[i];
}

/* Whether a section asks for something where Kling is never asked. */
static bool demands(const struct look *look, const struct section *section)
{
	return section->assignments.first &&
	       settings_value_in(look->settings, section, "second_factor") != SECOND_FACTOR_OFF;
}

static void check_service_name(const struct look *look, const struct section *section,
			       const char *name)
{
	AUTO_SERVICE service;
	enum status s = service_read(name, &service);
	const char *meant = suggestion_for(name, known_service_at, NULL,
					   sizeof(known_services) / sizeof(known_services[0]));
	char fix[256];

	if (s == ST_OK && !service_uses_kling(&service) && demands(look, section))
		add(look, SEVERITY_WARNING, section->line, TEXT_FIX_WITHOUT, TEXT_SECTION_UNGUARDED,
		    name, service_file(&service));
	if (s != ST_MISSING || is_usual_service(look, name))
		return;
	snprintf(fix, sizeof(fix), TEXT_FIX_SECTION_MEANT, meant ? meant : "");
	add(look, SEVERITY_WARNING, section->line, meant ? fix : TEXT_FIX_SECTION_NAME,
	    TEXT_SECTION_NO_SERVICE, name);
}

static void check_user_name(const struct look *look, const struct section *section,
			    const char *name)
{
	AUTO_PERSON person = {0};
	enum status s = person_find(name, &person);

	if (s == ST_NO_USER)
		add(look, SEVERITY_WARNING, section->line, TEXT_FIX_SECTION_NAME,
		    TEXT_SECTION_NO_USER, name);
	else if (s == ST_OK && strcmp(person.name, name) != 0)
		add(look, SEVERITY_WARNING, section->line, TEXT_FIX_SECTION_NAME,
		    TEXT_SECTION_SPELLING, name, person.name);
	else if (s == ST_LOOKUP)
		add(look, SEVERITY_WARNING, section->line, TEXT_FIX_LOOKUP, TEXT_SECTION_LOOKUP,
		    name);
}

static void check_group_name(const struct look *look, const struct section *section,
			     const char *name)
{
	enum status s = group_find(name);

	if (s == ST_NO_USER)
		add(look, SEVERITY_WARNING, section->line, TEXT_FIX_SECTION_NAME,
		    TEXT_SECTION_NO_GROUP, name);
	else if (s == ST_LOOKUP)
		add(look, SEVERITY_WARNING, section->line, TEXT_FIX_LOOKUP, TEXT_SECTION_LOOKUP,
		    name);
}

static void check_names(const struct look *look, const struct section *section)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct condition *c = &section->conditions[i];
		for (size_t k = 0; k < c->words.count; k++) {
			if (c->kind == CONDITION_SERVICE)
				check_service_name(look, section, c->words.words[k]);
			else if (c->kind == CONDITION_USER)
				check_user_name(look, section, c->words.words[k]);
			else if (c->kind == CONDITION_GROUP)
				check_group_name(look, section, c->words.words[k]);
		}
	}
}

/* --- sections that miss, or hit nothing ---------------------------------------------------------
 */

static bool some_section_names(const struct look *look, const char *service)
{
	for (const struct section *s = settings_sections(look->settings); s; s = s->next) {
		const struct condition *c = section_condition(s, CONDITION_SERVICE);
		if (c && word_list_has(&c->words, service))
			return true;
	}
	return false;
}

/* One program, two names: with - or -i it has another service. */
static void check_twins(const struct look *look, const struct section *section)
{
	static const char *const twins[][3] = {{"sudo", "sudo-i", "sudo -i"},
					       {"su", "su-l", "su -"},
					       {"runuser", "runuser-l", "runuser -"}};
	const struct condition *c = section_condition(section, CONDITION_SERVICE);
	char fix[256];

	for (size_t i = 0; c && i < sizeof(twins) / sizeof(twins[0]); i++) {
		AUTO_SERVICE other = {0};
		if (!word_list_has(&c->words, twins[i][0]) || some_section_names(look, twins[i][1]))
			continue;
		if (service_read(twins[i][1], &other) != ST_OK)
			continue;
		snprintf(fix, sizeof(fix), TEXT_FIX_TWIN, twins[i][0], twins[i][1]);
		add(look, SEVERITY_WARNING, section->line, fix, TEXT_SECTION_TWIN, twins[i][0],
		    twins[i][2], twins[i][1]);
	}
}

static bool is_in_a_group(const char *name, const struct word_list *groups)
{
	AUTO_PERSON person = {0};
	bool member = false;

	/* Who cannot be looked up is told elsewhere. */
	if (person_find(name, &person) != ST_OK)
		return true;
	for (size_t i = 0; i < groups->count; i++)
		if (group_has_member(groups->words[i], &person, &member) != ST_OK || member)
			return true;
	return false;
}

static bool anybody_fits(const struct section *section)
{
	const struct condition *users = section_condition(section, CONDITION_USER);
	const struct condition *groups = section_condition(section, CONDITION_GROUP);
	bool any = !users || !groups;

	for (size_t i = 0; !any && i < users->words.count; i++)
		any = is_in_a_group(users->words.words[i], &groups->words);
	return any;
}

/* No program that works for whoever sits at the machine has an address. */
static bool address_can_come(const struct section *section)
{
	static const char *const locals[] = {
	    "sudo", "sudo-i",       "su",        "su-l",     "passwd", "chsh",
	    "chfn", "runuser",      "runuser-l", "polkit-1", "cron",   "crond",
	    "atd",  "systemd-user", "chpasswd",  "newusers", NULL};
	const struct condition *services = section_condition(section, CONDITION_SERVICE);

	return !services || !section_has(section, CONDITION_FROM) || !all_are(services, locals);
}

static void check_reach(const struct look *look, const struct section *section)
{
	if (!anybody_fits(section))
		add(look, SEVERITY_WARNING, section->line, TEXT_FIX_NEVER, "%s",
		    TEXT_SECTION_NOBODY);
	if (!address_can_come(section))
		add(look, SEVERITY_WARNING, section->line, TEXT_FIX_NEVER, "%s",
		    TEXT_SECTION_NO_ADDRESS);
	if (!section->assignments.first)
		add(look, SEVERITY_NOTE, section->line, TEXT_FIX_EMPTY, "%s", TEXT_SECTION_EMPTY);
}

/* --- options that do nothing where they stand ---------------------------------------------------
 */

/* Only about codes and who must have them. */
static bool is_about_codes(const char *option)
{
	static const char *const names[] = {"enroll_grace",
					    "enroll_deadline",
					    "enroll_at_login",
					    "enroll_services",
					    "public_key",
					    "code_window",
					    "prompt",
					    "prompt_style",
					    "lockout_cap",
					    "rescue",
					    "lockout_max_duration",
					    "backup_code_iterations",
					    NULL};

	return is_one_of(option, names);
}

/* What can do anything where nobody logs in; of `batches` the rules for new passwords. */
static bool works_in(const struct condition *services, const char *option)
{
	bool password = strncmp(option, "password_", strlen("password_")) == 0;

	if (strcmp(option, "second_factor") == 0)
		return true;
	if (all_are(services, jobs))
		return false;
	return !all_are(services, batches) || password;
}

static bool does_nothing(const struct look *look, const struct option_use *use)
{
	const struct condition *services = section_condition(use->section, CONDITION_SERVICE);

	if (services && !works_in(services, use->option->name))
		return true;
	return is_about_codes(use->option->name) &&
	       settings_value_in(look->settings, use->section, "second_factor") ==
		   SECOND_FACTOR_OFF;
}

static void check_place_of(const struct look *look, const struct option_use *use)
{
	char fix[256];
	unsigned later = option_overridden_at(use);

	if (does_nothing(look, use)) {
		snprintf(fix, sizeof(fix), TEXT_FIX_MOVE_UP,
			 settings_sections(look->settings)->line);
		add(look, SEVERITY_WARNING, use->line, fix, TEXT_SECTION_IDLE, use->option->name,
		    use->section->line);
	}
	if (later) {
		snprintf(fix, sizeof(fix), TEXT_FIX_OVERRIDDEN, later);
		add(look, SEVERITY_WARNING, use->line, fix, TEXT_SECTION_OVERRIDDEN,
		    use->option->name, later);
	}
}

/* --- values that open something -----------------------------------------------------------------
 */

static void check_value(const struct look *look, const struct option_use *use)
{
	const char *name = use->option->name;
	bool capped = settings_value_in(look->settings, use->section, "lockout_cap") != 0;

	if (strcmp(name, "lockout_tries") == 0 && use->value->number == 0)
		add(look, capped ? SEVERITY_WARNING : SEVERITY_ERROR, use->line,
		    TEXT_FIX_LOCKOUT_TRIES, "%s",
		    capped ? TEXT_LOCKOUT_TRIES_CAPPED : TEXT_LOCKOUT_TRIES_NONE);
	if (strcmp(name, "lockout_duration") == 0 && use->value->seconds == 0)
		add(look, SEVERITY_WARNING, use->line, TEXT_FIX_LOCKOUT_DURATION, "%s",
		    TEXT_LOCKOUT_DURATION);
}

static void look_at_use(void *context, const struct option_use *use)
{
	const struct look *look = context;

	if (use->line == 0)
		return;
	if (use->section)
		check_place_of(look, use);
	check_value(look, use);
}

void check_sections(const struct tool *tool, struct findings *findings)
{
	struct look look = {tool->settings, service_conf(tool, NULL), findings};

	for (const struct section *s = settings_sections(tool->settings); s; s = s->next) {
		check_names(&look, s);
		check_twins(&look, s);
		check_reach(&look, s);
	}
	settings_each_option(tool->settings, look_at_use, &look);
}

struct arguments {
	struct look look;
	unsigned line;
};

static void look_at_argument(void *context, const struct option_use *use)
{
	const struct arguments *arguments = context;
	struct option_use here = *use;

	here.line = arguments->line;
	if (use->line == 0)
		check_value(&arguments->look, &here);
}

void check_arguments(const struct settings *settings, const struct pam_rule *rule,
		     struct findings *findings)
{
	struct arguments arguments = {{settings, rule->file, findings}, rule->line};

	settings_each_option(settings, look_at_argument, &arguments);
}
