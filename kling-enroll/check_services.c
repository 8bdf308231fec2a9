/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/pam_stack.h"
#include "kling-enroll/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STACKS = 3, PATH_BYTES = 512 };

/* One service: its auth, account and password stacks, and where they name Kling. */
struct service {
	const char *name;
	struct pam_stack stacks[STACKS];
	const struct pam_rule *code;    /* the line that asks; NULL: none */
	const struct pam_rule *preauth; /* likewise */
	const struct pam_rule *account;
	const struct pam_rule *password;
};

#define AUTO_SERVICE AT_SCOPE_END(service_clear) struct service

static void service_clear(struct service *service)
{
	for (size_t i = 0; i < STACKS; i++)
		pam_stack_clear(&service->stacks[i]);
}

static void note(const struct pam_rule **place, const struct pam_rule *rule)
{
	if (!*place)
		*place = rule;
}

static void look_for_kling(struct service *service, enum pam_type type)
{
	const struct pam_stack *stack = &service->stacks[type];

	for (size_t i = 0; i < stack->count; i++) {
		const struct pam_rule *rule = &stack->rules[i];
		if (strcmp(rule->module, "pam_kling") != 0)
			continue;
		if (type == PAM_TYPE_ACCOUNT)
			note(&service->account, rule);
		else if (type == PAM_TYPE_PASSWORD)
			note(&service->password, rule);
		else if (pam_rule_has(rule, "preauth"))
			note(&service->preauth, rule);
		else
			note(&service->code, rule);
	}
}

static enum status service_read(const char *name, struct service *service)
{
	enum status s = ST_OK;

	*service = (struct service){.name = name};
	for (int type = PAM_TYPE_AUTH; s == ST_OK && type < STACKS; type++) {
		s = pam_stack_read(PAM_DIRECTORY, name, (enum pam_type)type,
				   &service->stacks[type]);
		look_for_kling(service, (enum pam_type)type);
	}
	return s;
}

static bool uses_kling(const struct service *service)
{
	return service->code || service->preauth || service->account || service->password;
}

/* The configuration as the service's own line would load it. */
static enum status load_for(const struct tool *tool, const struct service *service,
			    struct settings **settings, struct conf_error *error)
{
	static const char *const flags[] = {"preauth", "use_authtok", "try_first_pass", NULL};
	const struct pam_rule *line = service->code ? service->code : service->account;
	const char *words[PAM_ARGUMENTS_MAX] = {NULL};
	size_t count = 0;

	for (size_t i = 0; line && i < line->argument_count; i++)
		words[count++] = line->arguments[i];
	const struct conf_source source = {.path = tool->request.options.config,
					   .must_exist = tool->request.options.config != NULL,
					   .owner = geteuid(),
					   .argc = (int)count,
					   .argv = words,
					   .flags = flags};
	return settings_load(&source, settings, error);
}

static bool resolve(const struct settings *settings, const char *service, struct rules *rules)
{
	const struct subject subject = {
	    .user = "", .service = service, .origin = {.kind = ORIGIN_NONE}};
	const char *problem = NULL;

	return settings_resolve(settings, &subject, rules, &problem) == ST_OK;
}

enum status check_load_for(const struct tool *tool, const char *name, struct settings **settings,
			   struct conf_error *error)
{
	AUTO_SERVICE service = {0};

	(void)!service_read(name, &service);
	return load_for(tool, &service, settings, error);
}

static void report(const char *service, const struct pam_rule *line, enum severity severity,
		   const char *fix, struct findings *findings, const char *problem)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), PAM_DIRECTORY "/%s", service);
	const struct spot spot = {severity, line ? line->file : path, line ? line->line : 0, fix};
	findings_add(findings, &spot, "%s: %s", service, problem);
}

/* Programs that run things for nobody in particular. */
static bool has_no_people(const char *service)
{
	static const char *const names[] = {"cron", "crond", "atd", "systemd-user"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(service, names[i]) == 0)
			return true;
	return false;
}

static void check_off(const struct service *service, const struct settings *settings,
		      struct findings *findings)
{
	struct rules rules;

	if (!has_no_people(service->name) || !resolve(settings, service->name, &rules) ||
	    rules.second_factor == SECOND_FACTOR_OFF)
		return;
	report(service->name, service->code ? service->code : service->account, SEVERITY_WARNING,
	       TEXT_FIX_NO_PEOPLE, findings, TEXT_CHECK_NO_PEOPLE);
}

static void check_lines(const struct service *service, struct findings *findings)
{
	if (service->preauth && !service->account)
		report(service->name, service->preauth, SEVERITY_ERROR, TEXT_FIX_ACCOUNT, findings,
		       TEXT_CHECK_PREAUTH_NO_ACCOUNT);
	else if (service->code && !service->account)
		report(service->name, service->code, SEVERITY_ERROR, TEXT_FIX_ACCOUNT, findings,
		       TEXT_CHECK_NO_ACCOUNT);
	for (size_t i = 0; i < STACKS; i++)
		if (service->stacks[i].missing)
			report(service->name, NULL, SEVERITY_WARNING, TEXT_FIX_INCLUDE, findings,
			       TEXT_CHECK_INCLUDE);
}

static void check_service(const struct tool *tool, const struct service *service,
			  struct findings *findings)
{
	struct conf_error error = {0};
	AUTO_SETTINGS settings = NULL;
	enum status s = load_for(tool, service, &settings, &error);

	check_auth_stack(service->name, &service->stacks[PAM_TYPE_AUTH], findings);
	check_account_stack(service->name, &service->stacks[PAM_TYPE_ACCOUNT], findings);
	check_password_stack(service->name, &service->stacks[PAM_TYPE_PASSWORD], findings);
	check_lines(service, findings);
	if (s == ST_OK)
		check_off(service, settings, findings);
	else if (s == ST_CONFIG)
		report(service->name, service->code ? service->code : service->account,
		       SEVERITY_ERROR, TEXT_FIX_ARGUMENT, findings, spoken(error.problem));
}

/* A name of a service, not of an editor's or a package manager's left-over. */
static bool is_service_name(const char *name)
{
	return name[0] != '.' && !strchr(name, '~') && !strstr(name, ".dpkg-") &&
	       !strstr(name, ".rpm") && strncmp(name, "common-", 7) != 0 && !strstr(name, ".bak") &&
	       !strstr(name, ".orig");
}

static void check_entry(const struct tool *tool, const char *name, struct findings *findings,
			bool *any)
{
	AUTO_SERVICE service;
	enum status s = service_read(name, &service);

	if (s == ST_SYNTAX)
		report(name, NULL, SEVERITY_ERROR, TEXT_FIX_INCLUDE, findings, TEXT_CHECK_ROUND);
	if (s != ST_OK || !uses_kling(&service))
		return;
	*any = true;
	check_service(tool, &service, findings);
}

/* A way in for people that does not ask, where others do. */
static void check_without(const struct tool *tool, const char *name, struct findings *findings)
{
	AUTO_SERVICE service;
	struct rules rules;

	if (service_read(name, &service) != ST_OK || service.code)
		return;
	if (resolve(tool->settings, name, &rules) && rules.second_factor != SECOND_FACTOR_OFF)
		report(name, NULL, SEVERITY_WARNING, TEXT_FIX_WITHOUT, findings,
		       TEXT_CHECK_WITHOUT);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool check_directory(const struct tool *tool, struct findings *findings)
{
	struct dirent **entries = NULL;
	bool any = false;
	int count = scandir(PAM_DIRECTORY, &entries, NULL, by_name);

	for (int i = 0; i < count; i++) {
		if (is_service_name(entries[i]->d_name))
			check_entry(tool, entries[i]->d_name, findings, &any);
		free(entries[i]);
	}
	free(entries);
	return any;
}

void check_services(struct tool *tool, struct findings *findings)
{
	static const char *const people[] = {"sshd", "login", "sudo", "su"};

	if (!check_directory(tool, findings)) {
		const struct spot spot = {SEVERITY_WARNING, PAM_DIRECTORY, 0, TEXT_FIX_NOWHERE};
		findings_add(findings, &spot, "%s", TEXT_CHECK_NOWHERE);
		return;
	}
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		check_without(tool, people[i], findings);
}
