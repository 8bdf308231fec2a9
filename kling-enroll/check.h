/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_CHECK_H
#define KLING_ENROLL_CHECK_H

#include "kling-enroll/culprit.h"
#include "kling-enroll/findings.h"
#include "kling-enroll/service.h"
#include "kling-enroll/tool.h"

/* The parts of check. Each adds what it finds; none says anything itself. */

/* kling.conf: loads it into the tool. False: it did not, and nothing else can be told. */
bool check_config(struct tool *tool, struct findings *findings);

/* An owner, a mode or a kind for which a configuration is not read: the very path and what mends
 * it. False when it is not that. */
bool check_blame_config(const char *path, struct findings *findings);

/* Keys, store, its file system, and every record. */
void check_store(struct tool *tool, struct findings *findings);

/* Every record in an open store. */
void check_records(struct tool *tool, struct findings *findings);

/* Owners and modes; each with the command that mends it. A culprit_fn. */
struct blame {
	struct findings *findings;
	const char *name; /* NULL: nobody's in particular */
	bool refused;     /* result: at least one is refused */
};
void check_blame(void *context, const struct culprit *culprit);

/* Every list of refused passwords that is named in settings, as a line of Kling's (or NULL: the
 * file alone) loads them. */
void check_blocklists(const struct tool *tool, const struct settings *settings,
		      const struct pam_rule *rule, struct findings *findings);

/* Sections that miss what is meant, options that do nothing where they stand, and values that open
 * something: in the file, and among the arguments of a line of Kling's. */
void check_sections(const struct tool *tool, struct findings *findings);
void check_arguments(const struct settings *settings, const struct pam_rule *rule,
		     struct findings *findings);

/* The clock. */
void check_clock(struct findings *findings);

/* Every service that uses pam_kling, and those that people log in through and that do not. */
void check_services(struct tool *tool, struct findings *findings);

/* One type of one service; for tests and for check_services. */
void check_auth_stack(const char *service, const struct pam_stack *stack,
		      struct findings *findings);
void check_account_stack(const char *service, const struct pam_stack *stack,
			 struct findings *findings);
void check_password_stack(const char *service, const struct pam_stack *stack,
			  struct findings *findings);

/* What sshd says of its configuration. */
void check_sshd(struct tool *tool, struct findings *findings);

/* Whether no code could ever be asked through sshd, Match blocks aside. */
bool check_sshd_never_asks(void);

/* The same for add: a remark when no code could ever be asked through sshd. */
void check_sshd_can_ask(void);

/* Whether sshd asks PAM nothing before a public key was accepted. */
bool check_sshd_wants_key(void);

#endif
