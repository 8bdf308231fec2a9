/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/findings.h"
#include "kling-enroll/forecast_parts.h"
#include "kling-enroll/json.h"
#include "kling-enroll/text.h"
#include "kling-enroll/when.h"

#include <stdio.h>
#include <string.h>

/* What becomes of it in one word. */
static const char *verdict_word(struct decision decision)
{
	if (decision.verdict == VERDICT_ASK)
		return decision.reason == REASON_OK ? "ask" : "deny";
	if (decision.verdict == VERDICT_PASS || decision.verdict == VERDICT_ENROLL)
		return "pass";
	return "deny";
}

static const char *auth_word(const struct login *login)
{
	return login->asked ? verdict_word(login->auth) : "none";
}

static const char *auth_reason(const struct login *login)
{
	return login->asked ? reason_text(login->auth.reason) : "no-line";
}

/* The option that decided; where it got its value is the section. */
static const char *deciding_option(enum reason reason)
{
	if (reason == REASON_RHOST_DENIED || reason == REASON_RHOST_NAME)
		return "allow_from";
	if (reason == REASON_LOCKED)
		return "lockout_tries";
	return reason == REASON_CAP ? "lockout_cap" : "second_factor";
}

static void find_origin(struct login *login)
{
	const struct subject subject = forecast_subject(login);
	const struct line *line = login->preauth.rule && login->auth.reason == REASON_LOCKED
				      ? &login->preauth
				      : &login->code;

	if (login->asked)
		settings_origin_of(line->settings, &subject, deciding_option(login->auth.reason),
				   login->origin, sizeof(login->origin));
	else
		snprintf(login->origin, sizeof(login->origin), "%s", service_file(&login->service));
}

static void say(struct out *out, const char *text)
{
	out_wrapped(out, text, "", findings_width());
}

/* For whom the ledger counts, in words. */
static void source_words(const struct login *login, char *words, size_t size)
{
	const char *user = login->person.name;
	char address[46];

	address_format(&login->source, address);
	if (login->everybody)
		snprintf(words, size, "%s", TEXT_LEDGER_EVERYBODY);
	else if (strcmp(login->ledger, "known") == 0)
		snprintf(words, size, TEXT_LEDGER_KNOWN, address, user);
	else if (strcmp(login->ledger, "strangers") == 0)
		snprintf(words, size, TEXT_LEDGER_STRANGERS, user);
	else if (strcmp(login->ledger, "keyed") == 0)
		snprintf(words, size, "%s", TEXT_LEDGER_KEYED);
	else
		snprintf(words, size, "%s",
			 strcmp(login->ledger, "console") == 0 ? TEXT_LEDGER_CONSOLE
							       : TEXT_LEDGER_LOCAL);
}

static void say_lock(struct out *out, const struct login *login)
{
	const char *user = login->person.name;
	char line[1024], words[512], when[WHEN_TEXT] = "";

	source_words(login, words, sizeof(words));

	if (login->locked_until != LOCKED_UNTIL_UNLOCK && login->locked_until != 0)
		when_minute(login->locked_until, when);
	if (when[0])
		snprintf(line, sizeof(line), TEXT_FORECAST_LOCKED, words, when, user);
	else if (login->locked_until == LOCKED_UNTIL_UNLOCK)
		snprintf(line, sizeof(line), TEXT_FORECAST_CLOSED, words, user);
	else
		snprintf(line, sizeof(line), TEXT_FORECAST_BUSY, words);
	say(out, line);
}

static void say_pass(struct out *out, const struct login *login)
{
	const char *user = login->person.name;
	char line[1024], when[WHEN_LONG];

	if (login->auth.reason != REASON_GRACE || !user) {
		say(out, TEXT_FORECAST_PASS);
		return;
	}
	const struct grace_view view =
	    deadline_view(&login->visitor.grace, &login->code.rules.enroll, login->visitor.wall);
	when_about(view.end, login->visitor.wall, when);
	if (view.phase == GRACE_RUNNING)
		snprintf(line, sizeof(line), TEXT_FORECAST_GRACE, user, when);
	else
		snprintf(line, sizeof(line), TEXT_FORECAST_GRACE_AHEAD, user);
	say(out, line);
}

static void say_auth(struct out *out, const struct login *login)
{
	char line[512];

	if (!login->asked) {
		if (login->service.by_other)
			snprintf(line, sizeof(line), TEXT_FORECAST_NO_SERVICE, login->service.name);
		else
			snprintf(line, sizeof(line), TEXT_FORECAST_NO_LINE,
				 service_file(&login->service));
		say(out, line);
	} else if (login->locked) {
		say_lock(out, login);
	} else if (strcmp(auth_word(login), "ask") == 0) {
		say(out, login->elsewhere ? TEXT_FORECAST_ASK_LOCKED : TEXT_FORECAST_ASK);
	} else if (strcmp(auth_word(login), "pass") == 0) {
		say_pass(out, login);
	} else {
		say(out, login->auth.verdict == VERDICT_ASK ? TEXT_FORECAST_ASK_DENY
							    : TEXT_FORECAST_DENY);
	}
}

static void say_account(struct out *out, const struct login *login)
{
	char line[512];
	bool refused = login->after.verdict == VERDICT_DENY;

	if (!login->account.rule) {
		if (login->asked)
			say(out, TEXT_FORECAST_NO_ACCOUNT);
		return;
	}
	snprintf(line, sizeof(line), TEXT_FORECAST_ACCOUNT, reason_text(login->after.reason));
	if (refused)
		say(out, line);
	snprintf(line, sizeof(line),
		 login->key.verdict == VERDICT_DENY ? TEXT_FORECAST_KEY_DENY
						    : TEXT_FORECAST_KEY_PASS,
		 reason_text(login->key.reason));
	if (login->has_key && login->asked)
		say(out, line);
}

static void say_other(struct out *out, const struct login *login)
{
	char line[512];

	if (!login->asked || !login->service.by_other)
		return;
	snprintf(line, sizeof(line), TEXT_FORECAST_OTHER, login->service.name);
	say(out, line);
}

static void say_sshd(struct out *out, const struct login *login)
{
	if (strcmp(auth_word(login), "ask") == 0 && !login->service.by_other &&
	    strcmp(login->service.name, "sshd") == 0 && check_sshd_never_asks())
		say(out, TEXT_FORECAST_SSHD);
}

static void add_text(struct out *out, const struct login *login)
{
	out_format(out, "%-9s %s\n", TEXT_FORECAST_DECISION, auth_word(login));
	out_format(out, "%-9s %s\n", TEXT_FORECAST_REASON, auth_reason(login));
	out_format(out, "%-9s ", TEXT_FORECAST_SECTION);
	out_visible(out, login->origin);
	out_text(out, "\n\n");
	say_other(out, login);
	say_auth(out, login);
	say_sshd(out, login);
	say_account(out, login);
}

static void add_json(struct out *out, const struct login *login)
{
	struct json json = JSON_TO(out);
	bool account = login->account.rule != NULL;

	json_open(&json, NULL);
	json_text(&json, "user", login->user);
	json_text(&json, "decision", auth_word(login));
	json_text(&json, "reason", auth_reason(login));
	json_text(&json, "section", login->origin);
	json_text(&json, "account", account ? verdict_word(login->after) : "none");
	json_text(&json, "account_reason", account ? reason_text(login->after.reason) : "no-line");
	json_bool(&json, "locked", login->locked);
	json_time(&json, "locked_until",
		  login->locked_until == LOCKED_UNTIL_UNLOCK ? 0 : login->locked_until);
	json_close(&json);
	json_end(&json);
}

enum exit_code forecast_tell(struct login *login)
{
	AUTO_OUT out = OUT_EMPTY;

	find_origin(login);
	if (login->tool->request.options.json)
		add_json(&out, login);
	else
		add_text(&out, login);
	enum exit_code code = tool_print(login->tool, &out);
	if (code != EXIT_DONE)
		return code;
	const char *word = auth_word(login);
	bool refused = login->account.rule && login->after.verdict == VERDICT_DENY;
	bool comes_in = strcmp(word, "ask") == 0 || strcmp(word, "pass") == 0;
	return comes_in && !refused ? EXIT_DONE : EXIT_NO;
}
