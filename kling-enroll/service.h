/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_SERVICE_H
#define KLING_ENROLL_SERVICE_H

#include "kling-enroll/pam_stack.h"
#include "kling-enroll/tool.h"

#define PAM_DIRECTORY        "/etc/pam.d"
#define PAM_VENDOR_DIRECTORY "/usr/lib/pam.d"
#define PAM_DIRECTORIES      PAM_DIRECTORY ":" PAM_VENDOR_DIRECTORY

enum { SERVICE_STACKS = 4 };

/* One service: its four stacks, and the first of each kind of Kling's lines in them. */
struct service {
	const char *name; /* borrowed */
	struct pam_stack stacks[SERVICE_STACKS];
	const struct pam_rule *code; /* the line that asks; NULL: none */
	const struct pam_rule *preauth;
	const struct pam_rule *account;
	const struct pam_rule *password;
	const struct pam_rule *session;
	bool by_other; /* has no file of its own: PAM takes `other` */
};

#define AUTO_SERVICE AT_SCOPE_END(service_clear) struct service
void service_clear(struct service *service);

/* ST_MISSING: no such file. ST_SYNTAX: includes that go round. ST_NOMEM. */
enum status service_read(const char *name, struct service *service) MUST_USE;

/* The same, but of a service without a file what PAM takes instead. ST_MISSING: not even that. */
enum status service_find(const char *name, struct service *service) MUST_USE;

bool service_uses_kling(const struct service *service);

/* Where its lines stand: the file that PAM reads for it. */
const char *service_file(const struct service *service);

/* The configuration as the module loads it behind one of its lines (NULL: without arguments). */
enum status service_load(const struct tool *tool, const struct pam_rule *line,
			 struct settings **settings, struct conf_error *error) MUST_USE;

/* The file it reads: of its conf= argument, of --config, or the usual one. */
const char *service_conf(const struct tool *tool, const struct pam_rule *line);

/* What a line's module is: ours; one that checks a password; one that lets everybody pass or is no
 * way in of its own, and then what it returns; one that may be a factor of its own. */
bool rule_is_kling(const struct pam_rule *rule);
bool rule_checks_password(const struct pam_rule *rule);
bool rule_is_fixed(const struct pam_rule *rule, enum pam_result *result);
bool rule_checks_something(const struct pam_rule *rule);
bool rule_is_faillock(const struct pam_rule *rule);

#endif
