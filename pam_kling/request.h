/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_REQUEST_H
#define PAM_KLING_REQUEST_H

#include "lib/base/attributes.h"
#include "lib/base/people.h"
#include "lib/base/status.h"
#include "lib/conf/settings.h"
#include "lib/store/account.h"
#include "policy/access.h"
#include "policy/lockout.h"

#include <security/pam_modules.h>
#include <stdbool.h>

/* What one call of the module is about: gathered once, read-only afterwards. */
struct request {
	pam_handle_t *pamh;
	bool silent;
	const char *name;    /* PAM_USER as given */
	const char *service; /* "" when the host named none */
	const char *rhost;   /* "" when there is none */
	struct settings *settings;
	struct rules rules;
	struct person person; /* empty when unknown */
	struct who who;
	struct origin origin;
	struct source source;
	bool path_name; /* a name that is no name: "..", "a/b" */
	bool console;   /* at a console service, without an address */
	bool rescued;   /* the configuration did not load: root at a console, built-in defaults */
	uid_t caller;   /* the real user */
	uid_t owner;    /* the effective one: whose files are read */
	struct safe_way way;
	int argc; /* of the line in the stack */
	const char **argv;
	struct conf_error trouble; /* with REASON_CONFIG */
};

#define AUTO_REQUEST AT_SCOPE_END(request_clear) struct request

/*
 * Asks the host, reads the configuration and looks the user up. REASON_OK, or what stopped it:
 * REASON_CONV (no user name), REASON_CONFIG, REASON_NOMEM, REASON_LIMITS, REASON_INTERNAL (a
 * look-up failed). All of these are trouble of the host, whoever the user is.
 */
enum reason request_gather(pam_handle_t *pamh, int flags, int argc, const char **argv,
			   struct request *request) MUST_USE;
void request_clear(struct request *request);

/* The same as the policy wants it, but for the key, which `source` knows. */
struct arrival request_arrival(const struct request *request);

/* The place of the store as the rules name it. */
struct place request_place(const struct request *request);

/* Where this attempt counts in that account. May claim a slot, as lockout_select. */
size_t request_ledger(const struct request *request, struct account *account);

/* Root at a console with `rescue = console-root`: may pass without a code while state cannot be
 * written. */
bool request_may_rescue(const struct request *request);

#endif
