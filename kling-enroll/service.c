/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/service.h"

#include <string.h>
#include <unistd.h>

void service_clear(struct service *service)
{
	for (size_t i = 0; i < SERVICE_STACKS; i++)
		pam_stack_clear(&service->stacks[i]);
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

bool rule_is_kling(const struct pam_rule *rule)
{
	return strcmp(rule->module, "pam_kling") == 0;
}

bool rule_checks_password(const struct pam_rule *rule)
{
	static const char *const names[] = {"pam_unix",    "pam_sss",   "pam_ldap", "pam_krb5",
					    "pam_winbind", "pam_unix2", "pam_tcb",  NULL};

	return is_one_of(rule->module, names);
}

bool rule_is_faillock(const struct pam_rule *rule)
{
	static const char *const names[] = {"pam_faillock", "pam_tally2", "pam_tally", NULL};

	return is_one_of(rule->module, names);
}

/* Modules that let everybody pass, and those that are meant to pass root by. */
bool rule_is_fixed(const struct pam_rule *rule, enum pam_result *result)
{
	static const char *const yes[] = {"pam_permit",  "pam_env",      "pam_faildelay",
					  "pam_keyinit", "pam_loginuid", "pam_limits",
					  "pam_group",   "pam_cap",      "pam_nologin",
					  "pam_warn",    "pam_issue",    "pam_securetty",
					  "pam_mail",    "pam_motd",     "pam_selinux",
					  "pam_umask",   "pam_shells",   NULL};

	*result = RESULT_SUCCESS;
	if (is_one_of(rule->module, yes))
		return true;
	*result = RESULT_REFUSED;
	return strcmp(rule->module, "pam_deny") == 0 || strcmp(rule->module, "pam_rootok") == 0 ||
	       rule_is_faillock(rule);
}

bool rule_checks_something(const struct pam_rule *rule)
{
	enum pam_result result;

	return !rule_is_kling(rule) && !rule_is_fixed(rule, &result);
}

static void note(const struct pam_rule **place, const struct pam_rule *rule)
{
	if (!*place)
		*place = rule;
}

static void note_line(struct service *service, enum pam_type type, const struct pam_rule *rule)
{
	switch (type) {
	case PAM_TYPE_ACCOUNT:
		note(&service->account, rule);
		break;
	case PAM_TYPE_PASSWORD:
		note(&service->password, rule);
		break;
	case PAM_TYPE_SESSION:
		note(&service->session, rule);
		break;
	case PAM_TYPE_AUTH:
		note(pam_rule_has(rule, "preauth") ? &service->preauth : &service->code, rule);
		break;
	}
}

enum status service_read(const char *name, struct service *service)
{
	enum status s = ST_OK;

	*service = (struct service){.name = name};
	if (strchr(name, '/'))
		return ST_MISSING;
	for (int type = PAM_TYPE_AUTH; s == ST_OK && type < SERVICE_STACKS; type++) {
		struct pam_stack *stack = &service->stacks[type];
		s = pam_stack_read(PAM_DIRECTORIES, name, (enum pam_type)type, stack);
		for (size_t i = 0; i < stack->count; i++)
			if (rule_is_kling(&stack->rules[i]))
				note_line(service, (enum pam_type)type, &stack->rules[i]);
	}
	return s;
}

enum status service_find(const char *name, struct service *service)
{
	enum status s = service_read(name, service);

	if (s != ST_MISSING)
		return s;
	service_clear(service);
	s = service_read("other", service);
	service->name = name;
	service->by_other = true;
	return s;
}

bool service_uses_kling(const struct service *service)
{
	return service->code || service->preauth || service->account || service->password ||
	       service->session;
}

const char *service_file(const struct service *service)
{
	const struct pam_stack *first = &service->stacks[0];

	return first->file_count ? first->files[0] : PAM_DIRECTORY;
}

enum status service_load(const struct tool *tool, const struct pam_rule *line,
			 struct settings **settings, struct conf_error *error)
{
	static const char *const flags[] = {"preauth", "use_authtok", "try_first_pass", NULL};
	const struct conf_source source = {.path = tool->request.options.config,
					   .must_exist = tool->request.options.config != NULL,
					   .owner = geteuid(),
					   .argc = line ? (int)line->argument_count : 0,
					   .argv = line ? line->arguments : NULL,
					   .flags = flags};

	return settings_load(&source, settings, error);
}

const char *service_conf(const struct tool *tool, const struct pam_rule *line)
{
	const char *path = tool->request.options.config;

	for (size_t i = 0; line && i < line->argument_count; i++)
		if (strncmp(line->arguments[i], "conf=", 5) == 0)
			return line->arguments[i] + 5;
	return path ? path : KLING_CONF_FILE;
}
