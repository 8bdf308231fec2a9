/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/sshd.h"
#include "kling-enroll/text.h"

#include <stdio.h>
#include <string.h>

/* sshd as it is for some connections: all that no Match block is about, or those of one. */
struct view {
	const struct tool *tool;
	const struct service *service; /* sshd's */
	struct findings *findings;
	struct sshd sshd;
	const struct sshd_match *match; /* NULL: no block */
	const struct view *usual;       /* what a block begins from; NULL: this is it */
};

static void report(const struct view *view, enum severity severity, const char *keyword,
		   const char *problem, const char *fix)
{
	struct sshd_line where;

	if (view->match)
		sshd_find_in(view->match, keyword, &where);
	else
		sshd_find(keyword, &where);
	const struct spot spot = {severity, where.file, where.line, fix};
	if (view->match)
		findings_add(view->findings, &spot, TEXT_SSHD_MATCH, view->match->criteria,
			     problem);
	else
		findings_add(view->findings, &spot, "%s", problem);
}

/* The rules of whoever the view is about; false when they do not load. */
static bool rules_of(const struct view *view, struct settings **settings, struct rules *rules)
{
	struct conf_error error;
	AUTO_PERSON person = {0};
	AUTO_GROUPS groups = {0};
	const char *problem = NULL;
	const char *user = view->match ? view->match->user : "";

	if (user[0] && person_find(user, &person) == ST_OK)
		(void)!group_names_find(&person, &groups);
	const struct subject subject = {.user = user,
					.service = "sshd",
					.origin = {.kind = ORIGIN_NONE},
					.groups = groups.names,
					.group_count = groups.count};
	return service_load(view->tool, view->service->account, settings, &error) == ST_OK &&
	       settings_resolve(*settings, &subject, rules, &problem) == ST_OK;
}

/* --- what can be wrong -------------------------------------------------------------------------
 */

enum trouble {
	TROUBLE_NONE = 0,
	TROUBLE_NO_PAM,
	TROUBLE_NO_KEYBOARD,
	TROUBLE_NO_METHOD,
};

static enum trouble asking_of(const struct sshd *sshd)
{
	if (!sshd->use_pam)
		return TROUBLE_NO_PAM;
	if (!sshd->keyboard)
		return TROUBLE_NO_KEYBOARD;
	return sshd_can_ask(sshd) ? TROUBLE_NONE : TROUBLE_NO_METHOD;
}

static bool answers_blindly(const struct sshd *sshd)
{
	return sshd->password && sshd_has_method(sshd, "password");
}

/* A stack that trusts sshd to have taken a key: it asks for a code and for nothing else. */
static bool asks_code_alone(const struct view *view)
{
	const struct pam_stack *stack = &view->service->stacks[PAM_TYPE_AUTH];

	for (size_t i = 0; i < stack->count; i++)
		if (rule_checks_something(&stack->rules[i]))
			return false;
	return view->service->code != NULL;
}

static bool needs_key(const struct view *view)
{
	return asks_code_alone(view) && sshd_can_ask(&view->sshd) && !sshd_wants_key(&view->sshd);
}

/* --- each, unless the view begins from one that has it as well -----------------------------------
 */

static void check_asking(const struct view *view)
{
	enum trouble trouble = asking_of(&view->sshd);
	/* Users with a key alone are what such a block is for. */
	enum severity severity = view->match ? SEVERITY_WARNING : SEVERITY_ERROR;

	if (view->usual && trouble == asking_of(&view->usual->sshd))
		return;
	if (view->match && sshd_takes_key_alone(&view->sshd))
		return;
	if (trouble == TROUBLE_NO_PAM)
		report(view, severity, "UsePAM", TEXT_CHECK_SSHD_PAM, TEXT_FIX_SSHD_PAM);
	else if (trouble == TROUBLE_NO_KEYBOARD)
		report(view, severity, "KbdInteractiveAuthentication", TEXT_CHECK_SSHD_KEYBOARD,
		       view->match ? TEXT_FIX_SSHD_KEYBOARD : TEXT_FIX_SSHD);
	else if (trouble == TROUBLE_NO_METHOD)
		report(view, severity, "AuthenticationMethods", TEXT_CHECK_SSHD_METHODS,
		       TEXT_FIX_SSHD_METHODS);
}

static void check_answers(const struct view *view)
{
	const struct view *usual = view->usual;

	if (answers_blindly(&view->sshd) && !(usual && answers_blindly(&usual->sshd)))
		report(view, SEVERITY_WARNING, "PasswordAuthentication", TEXT_CHECK_SSHD_PASSWORD,
		       TEXT_FIX_SSHD_PASSWORD);
	if (view->sshd.use_dns && !(usual && usual->sshd.use_dns))
		report(view, SEVERITY_WARNING, "UseDNS", TEXT_CHECK_SSHD_DNS, TEXT_FIX_SSHD_DNS);
	if (needs_key(view) && !(usual && needs_key(usual)))
		report(view, SEVERITY_ERROR, "AuthenticationMethods", TEXT_CHECK_SSHD_CODE_ALONE,
		       TEXT_FIX_SSHD_METHODS);
}

static void check_keys(const struct view *view)
{
	AUTO_SETTINGS settings = NULL;
	struct rules rules;

	if (!sshd_takes_key_alone(&view->sshd) || !rules_of(view, &settings, &rules) ||
	    rules.second_factor == SECOND_FACTOR_OFF)
		return;
	if (rules.public_key == PUBLIC_KEY_NEEDS_CODE) {
		if (!view->usual || !sshd_takes_key_alone(&view->usual->sshd))
			report(view, SEVERITY_WARNING, "AuthenticationMethods",
			       TEXT_CHECK_KEY_REFUSED, TEXT_FIX_KEY_REFUSED);
	} else if (!view->usual || !sshd_takes_key_alone(&view->usual->sshd)) {
		report(view, SEVERITY_NOTE, "PubkeyAuthentication", TEXT_CHECK_KEY_ENOUGH,
		       TEXT_FIX_KEY_ENOUGH);
	}
}

static void check_view(const struct view *view)
{
	check_asking(view);
	check_answers(view);
	check_keys(view);
}

/* --- the whole of it ----------------------------------------------------------------------------
 */

static void check_match(void *context, const struct sshd_match *match)
{
	const struct view *usual = context;
	struct view view = {usual->tool, usual->service, usual->findings, {0}, match, usual};
	const struct spot spot = {SEVERITY_NOTE, match->at.file, match->at.line,
				  TEXT_FIX_SSHD_MATCH};

	if (match->spec[0] && sshd_ask(match->spec, &view.sshd))
		check_view(&view);
	else
		findings_add(usual->findings, &spot, TEXT_SSHD_MATCH, match->criteria,
			     TEXT_CHECK_SSHD_MATCH);
}

void check_sshd(struct tool *tool, struct findings *findings)
{
	AUTO_SERVICE service = {0};
	struct view usual = {.tool = tool, .service = &service, .findings = findings};

	if (!sshd_is_here() || service_read("sshd", &service) != ST_OK)
		return;
	if (!sshd_ask(NULL, &usual.sshd)) {
		const struct spot spot = {SEVERITY_NOTE, SSHD_CONFIG, 0, TEXT_FIX_SSHD_SILENT};
		findings_add(findings, &spot, "%s", TEXT_CHECK_SSHD_SILENT);
		return;
	}
	check_view(&usual);
	sshd_each_match(check_match, &usual);
}

bool check_sshd_never_asks(void)
{
	struct sshd sshd;

	return sshd_is_here() && sshd_ask(NULL, &sshd) && !sshd_can_ask(&sshd);
}

void check_sshd_can_ask(void)
{
	if (check_sshd_never_asks())
		remark(TEXT_SSHD_CANNOT_ASK, TEXT_FIX_SSHD);
}

bool check_sshd_wants_key(void)
{
	struct sshd sshd;

	return sshd_is_here() && sshd_ask(NULL, &sshd) && sshd_wants_key(&sshd);
}
