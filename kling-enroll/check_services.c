/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/config_text.h"
#include "kling-enroll/service.h"
#include "kling-enroll/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

static bool resolve(const struct settings *settings, const char *service, struct rules *rules)
{
	const struct subject subject = {
	    .user = "", .service = service, .origin = {.kind = ORIGIN_NONE}};
	const char *problem = NULL;

	return settings_resolve(settings, &subject, rules, &problem) == ST_OK;
}

static void report(const struct service *service, const struct pam_rule *line,
		   enum severity severity, const char *fix, struct findings *findings,
		   const char *problem)
{
	const struct spot spot = {severity, line ? line->file : service_file(service),
				  line ? line->line : 0, fix};

	findings_add(findings, &spot, "%s: %s", service->name, problem);
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* Programs in which nobody can answer: those that run things, and those that answer for root. */
static void check_off(const struct service *service, const struct pam_rule *line,
		      const struct settings *settings, struct findings *findings)
{
	static const char *const jobs[] = {"cron", "crond", "atd", "systemd-user", NULL};
	static const char *const batches[] = {"chpasswd", "newusers", NULL};
	struct rules rules;

	if (!resolve(settings, service->name, &rules) || rules.second_factor == SECOND_FACTOR_OFF)
		return;
	if (is_one_of(service->name, jobs))
		report(service, line, SEVERITY_WARNING, TEXT_FIX_NO_PEOPLE, findings,
		       TEXT_CHECK_NO_PEOPLE);
	if (is_one_of(service->name, batches))
		report(service, line, SEVERITY_WARNING, TEXT_FIX_BATCH, findings, TEXT_CHECK_BATCH);
}

static size_t index_of(const struct pam_stack *stack, const struct pam_rule *rule)
{
	return (size_t)(rule - stack->rules);
}

/* Password and code come typed together, so nobody may have asked before, nor ask behind. */
static void check_combined(const struct service *service, const struct settings *settings,
			   struct findings *findings)
{
	const struct pam_stack *stack = &service->stacks[PAM_TYPE_AUTH];
	struct rules rules;

	if (!service->code || !resolve(settings, service->name, &rules) ||
	    rules.prompt_style != PROMPT_COMBINED)
		return;
	for (size_t i = 0; i < stack->count; i++) {
		const struct pam_rule *rule = &stack->rules[i];
		if (!rule_checks_password(rule))
			continue;
		if (i < index_of(stack, service->code))
			report(service, service->code, SEVERITY_ERROR, TEXT_FIX_COMBINED, findings,
			       TEXT_CHECK_COMBINED_LATE);
		else if (!pam_rule_has(rule, "use_first_pass"))
			report(service, rule, SEVERITY_ERROR, TEXT_FIX_COMBINED, findings,
			       TEXT_CHECK_COMBINED_AGAIN);
	}
}

/* The line whose rules are looked at for what holds for the service as a whole. */
static const struct pam_rule *main_line(const struct service *service)
{
	if (service->code)
		return service->code;
	return service->account ? service->account : service->password;
}

static void check_missing(const struct pam_stack *stack, const struct service *service,
			  struct findings *findings)
{
	const struct spot spot = {SEVERITY_ERROR,
				  stack->missing_in ? stack->missing_in : service_file(service),
				  stack->missing_at, TEXT_FIX_INCLUDE};

	if (stack->missing)
		findings_add(findings, &spot, TEXT_CHECK_INCLUDE, service->name, stack->missing);
}

static void check_lines(const struct service *service, struct findings *findings)
{
	if (service->preauth && !service->account)
		report(service, service->preauth, SEVERITY_ERROR, TEXT_FIX_ACCOUNT, findings,
		       TEXT_CHECK_PREAUTH_NO_ACCOUNT);
	else if (service->code && !service->account)
		report(service, service->code, SEVERITY_ERROR, TEXT_FIX_ACCOUNT, findings,
		       TEXT_CHECK_NO_ACCOUNT);
	for (size_t i = 0; i < SERVICE_STACKS; i++)
		check_missing(&service->stacks[i], service, findings);
}

/* The configuration behind a line did not load: its argument, or the file it names with conf=. */
static void report_load(const struct tool *tool, const struct pam_rule *rule,
			const struct service *service, const struct conf_error *error,
			struct findings *findings)
{
	const char *conf = service_conf(tool, rule);
	const struct spot there = {SEVERITY_ERROR, conf, error->line, TEXT_FIX_CONFIG};
	const struct spot here = {SEVERITY_ERROR, rule->file, rule->line, TEXT_FIX_ARGUMENT};
	bool argument = strcmp(error->file, "argument") == 0;
	AUTO_OUT problem = OUT_EMPTY;

	config_problem(&problem, error);
	if (argument)
		findings_add(findings, &here, "%s: %s", service->name, out_string(&problem));
	else if (error->line || !check_blame_config(conf, findings))
		findings_add(findings, &there, "%s", out_string(&problem));
}

static void check_line(const struct tool *tool, const struct service *service,
		       const struct pam_rule *rule, struct findings *findings)
{
	struct conf_error error = {0};
	AUTO_SETTINGS settings = NULL;
	enum status s = service_load(tool, rule, &settings, &error);

	if (s == ST_CONFIG)
		report_load(tool, rule, service, &error, findings);
	if (s != ST_OK)
		return;
	check_blocklists(tool, settings, rule, findings);
	check_arguments(settings, rule, findings);
	if (rule == main_line(service))
		check_off(service, rule, settings, findings);
	if (rule == service->code)
		check_combined(service, settings, findings);
}

static void check_service(const struct tool *tool, const struct service *service,
			  struct findings *findings)
{
	check_auth_stack(service->name, &service->stacks[PAM_TYPE_AUTH], findings);
	check_account_stack(service->name, &service->stacks[PAM_TYPE_ACCOUNT], findings);
	check_password_stack(service->name, &service->stacks[PAM_TYPE_PASSWORD], findings);
	check_lines(service, findings);
	for (size_t i = 0; i < SERVICE_STACKS; i++)
		for (size_t k = 0; k < service->stacks[i].count; k++)
			if (rule_is_kling(&service->stacks[i].rules[k]))
				check_line(tool, service, &service->stacks[i].rules[k], findings);
}

/* A name of a service, not of an editor's or a package manager's left-over. */
static bool is_service_name(const char *name)
{
	return name[0] != '.' && !strchr(name, '~') && !strstr(name, ".dpkg-") &&
	       !strstr(name, ".rpm") && strncmp(name, "common-", 7) != 0 && !strstr(name, ".bak") &&
	       !strstr(name, ".orig");
}

/* What others include, jobs, and what root alone runs: no way in of its own. */
static bool is_no_entrance(const char *name)
{
	static const char *const names[] = {
	    "other",          "cron",         "crond",    "atd",       "systemd-user",
	    "password-auth",  "postlogin",    "runuser",  "runuser-l", "fingerprint-auth",
	    "smartcard-auth", "base-auth",    "chpasswd", "newusers",  "screen-locker",
	    "kling-test",     "base-session", NULL};

	return is_one_of(name, names) || strncmp(name, "system-", strlen("system-")) == 0;
}

/* The services through which people come, more or less: they are looked for by name. */
static const char *const people[] = {
    "sshd", "login", "sudo", "sudo-i", "su",      "su-l",        "gdm-password", "lightdm",
    "sddm", "xdm",   "kdm",  "kde",    "cockpit", "xrdp-sesman", "remote",       NULL};

/* One look through the directories. */
struct tour {
	const struct tool *tool;
	struct findings *findings;
	bool any;         /* uses Kling */
	char others[512]; /* those that let in with a password alone */
};

static bool lets_in_by_password(const struct tour *tour, const struct service *service)
{
	const struct pam_stack *stack = &service->stacks[PAM_TYPE_AUTH];
	struct rules rules;

	if (service->code || is_no_entrance(service->name) || is_one_of(service->name, people) ||
	    !resolve(tour->tool->settings, service->name, &rules) ||
	    rules.second_factor == SECOND_FACTOR_OFF)
		return false;
	for (size_t i = 0; i < stack->count; i++)
		if (rule_checks_password(&stack->rules[i]))
			return true;
	return false;
}

static void note_other(struct tour *tour, const char *name)
{
	size_t length = strlen(tour->others);

	snprintf(tour->others + length, sizeof(tour->others) - length, "%s%s", length ? " " : "",
		 name);
}

static void check_entry(struct tour *tour, const char *name)
{
	AUTO_SERVICE service;
	enum status s = service_read(name, &service);

	if (s == ST_SYNTAX)
		report(&service, NULL, SEVERITY_ERROR, TEXT_FIX_INCLUDE, tour->findings,
		       TEXT_CHECK_ROUND);
	if (s != ST_OK)
		return;
	if (lets_in_by_password(tour, &service))
		note_other(tour, name);
	if (!service_uses_kling(&service))
		return;
	tour->any = true;
	check_service(tour->tool, &service, tour->findings);
}

/* A way in for people that does not ask, where others do. */
static void check_without(const struct tool *tool, const char *name, struct findings *findings)
{
	AUTO_SERVICE service;
	struct rules rules;

	if (service_read(name, &service) != ST_OK || service.code)
		return;
	if (resolve(tool->settings, name, &rules) && rules.second_factor != SECOND_FACTOR_OFF)
		report(&service, NULL, SEVERITY_WARNING, TEXT_FIX_WITHOUT, findings,
		       TEXT_CHECK_WITHOUT);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* What the first directory has hides the same name in the second. */
static bool is_hidden(const char *directory, const char *name)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), PAM_DIRECTORY "/%.400s", name);
	return strcmp(directory, PAM_DIRECTORY) != 0 && access(path, F_OK) == 0;
}

static void check_directory(struct tour *tour, const char *directory)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, NULL, by_name);

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		if (is_service_name(name) && !is_hidden(directory, name))
			check_entry(tour, name);
		free(entries[i]);
	}
	free(entries);
}

/* Whether Debian's own way to switch it on is there. */
static bool has_profile(void)
{
	return access("/usr/share/pam-configs/kling", F_OK) == 0 &&
	       access("/usr/sbin/pam-auth-update", X_OK) == 0;
}

void check_services(struct tool *tool, struct findings *findings)
{
	struct tour tour = {tool, findings, false, ""};
	const struct spot nowhere = {SEVERITY_WARNING, PAM_DIRECTORY, 0,
				     has_profile() ? TEXT_FIX_NOWHERE_DEBIAN : TEXT_FIX_NOWHERE};
	const struct spot others = {SEVERITY_NOTE, PAM_DIRECTORY, 0, TEXT_FIX_OTHERS};

	check_directory(&tour, PAM_DIRECTORY);
	check_directory(&tour, PAM_VENDOR_DIRECTORY);
	if (!tour.any) {
		findings_add(findings, &nowhere, "%s", TEXT_CHECK_NOWHERE);
		return;
	}
	for (const char *const *name = people; *name; name++)
		check_without(tool, *name, findings);
	if (tour.others[0])
		findings_add(findings, &others, TEXT_CHECK_OTHERS, tour.others);
}
