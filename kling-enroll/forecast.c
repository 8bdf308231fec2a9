/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/forecast.h"

#include "kling-enroll/check.h"
#include "kling-enroll/json.h"
#include "kling-enroll/text.h"
#include "kling-enroll/when.h"
#include "lib/base/clock.h"
#include "policy/access.h"

#include <stdio.h>
#include <string.h>

/* A login that is imagined, and what is known of it. */
struct login {
	struct tool *tool;
	const char *user;
	const char *service;
	struct person person;
	bool exists;
	struct group_names groups;
	struct settings *settings;
	struct subject subject;
	struct rules rules;
	struct visitor visitor;
	bool locked;
	char origin[512]; /* which place decided second_factor */
};

#define AUTO_LOGIN AT_SCOPE_END(login_clear) struct login

static void login_clear(struct login *login)
{
	person_clear(&login->person);
	group_names_clear(&login->groups);
	settings_free(&login->settings);
}

static enum reason reason_of(enum status s)
{
	switch ((int)s) {
	case ST_MISSING:
	case ST_STORE_LOST:
		return REASON_STATE_MISSING;
	case ST_CORRUPT:
		return REASON_STATE_CORRUPT;
	case ST_PERM:
		return REASON_STATE_PERM;
	case ST_OWNER:
		return REASON_STATE_OWNER;
	case ST_LOCK_TIMEOUT:
		return REASON_LOCK_TIMEOUT;
	case ST_KEY_MISSING:
		return REASON_KEY_MISSING;
	case ST_KEY_MISMATCH:
		return REASON_KEY_MISMATCH;
	case ST_NOMEM:
		return REASON_NOMEM;
	default:
		return REASON_STATE_IO;
	}
}

static enum exit_code look_up(struct login *login)
{
	enum status s = person_find(login->user, &login->person);

	login->exists = s == ST_OK;
	if (s != ST_OK && s != ST_NO_USER)
		return fail_status(login->tool, login->user, s);
	if (login->exists && settings_need_groups(login->settings))
		s = group_names_find(&login->person, &login->groups);
	return s == ST_LOOKUP ? fail_status(login->tool, login->user, s) : EXIT_DONE;
}

static enum exit_code load(struct login *login)
{
	struct conf_error error = {0};
	enum status s = check_load_for(login->tool, login->service, &login->settings, &error);

	if (s == ST_OK)
		return EXIT_DONE;
	if (s != ST_CONFIG)
		return fail_status(login->tool, NULL, s);
	return fail(login->tool, EXIT_TROUBLE, "%s:%u: %s%s%s", error.file, error.line, error.word,
		    error.word[0] ? ": " : "", spoken(error.problem));
}

static enum exit_code resolve(struct login *login)
{
	const char *problem = NULL;

	login->subject = (struct subject){
	    .user = login->exists ? login->person.name : login->user,
	    .service = login->service,
	    .origin = origin_of(login->tool->request.options.from),
	    .groups = login->groups.names,
	    .group_count = login->groups.count,
	};
	if (settings_resolve(login->settings, &login->subject, &login->rules, &problem) != ST_OK)
		return fail_of(login->tool, EXIT_TROUBLE, login->user, TEXT_CONTRADICTION,
			       spoken(problem ? problem : ""));
	return EXIT_DONE;
}

static enum status read_state(struct login *login, bool *enrolled)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who who = who_of(&login->person);
	struct store *store = &login->tool->store;
	int64_t until;
	enum status s = account_is_enrolled(store, &who, enrolled);

	if (s == ST_OK)
		s = account_lock(store, &who, &account);
	if (s != ST_OK)
		return s;
	lockout_rebase(&account.state->ledgers, &login->tool->now);
	login->visitor.grace = account.state->grace;
	login->locked = lockout_any(&account.state->ledgers, &login->rules.lockout,
				    login->person.uid == 0, &until);
	return ST_OK;
}

static void trouble(struct visitor *visitor, enum status s)
{
	visitor->standing = STANDING_TROUBLE;
	visitor->trouble = reason_of(s);
}

/* As the module does it, from the same pieces. */
static void find_standing(struct login *login)
{
	struct tool *tool = login->tool;
	struct visitor *visitor = &login->visitor;
	bool enrolled = false;

	*visitor = (struct visitor){
	    .standing = STANDING_UNKNOWN,
	    .trouble = REASON_UNKNOWN,
	    .origin = login->subject.origin,
	    .console_service = word_list_has(&login->rules.console_services, login->service),
	    .local_service = word_list_has(&login->rules.local_services, login->service),
	    .wall = tool->now.wall,
	};
	if (!login->exists)
		return;
	enum status s = store_open(&tool->place, &tool->store);
	if (s == ST_UNINITIALISED) {
		visitor->standing = STANDING_UNINITIALISED;
		return;
	}
	if (s == ST_OK)
		s = read_state(login, &enrolled);
	if (s != ST_OK)
		trouble(visitor, s);
	else
		visitor->standing = enrolled ? STANDING_ENROLLED : STANDING_NOT_ENROLLED;
}

/* What becomes of it in one word. */
static const char *verdict_word(struct decision decision)
{
	if (decision.verdict == VERDICT_ASK)
		return decision.reason == REASON_OK ? "ask" : "deny";
	if (decision.verdict == VERDICT_PASS || decision.verdict == VERDICT_ENROLL)
		return "pass";
	return "deny";
}

/* The option that decided; where it got its value is the section. */
static const char *deciding_option(enum reason reason)
{
	bool by_address = reason == REASON_RHOST_DENIED || reason == REASON_RHOST_NAME;

	return by_address ? "allow_from" : "second_factor";
}

static void place_name(struct login *login, enum reason reason)
{
	settings_origin_of(login->settings, &login->subject, deciding_option(reason), login->origin,
			   sizeof(login->origin));
}

static const char *explanation(const struct login *login, struct decision decision)
{
	if (strcmp(verdict_word(decision), "ask") == 0)
		return login->locked ? TEXT_FORECAST_ASK_LOCKED : TEXT_FORECAST_ASK;
	if (strcmp(verdict_word(decision), "pass") == 0)
		return TEXT_FORECAST_PASS;
	return decision.verdict == VERDICT_ASK ? TEXT_FORECAST_ASK_DENY : TEXT_FORECAST_DENY;
}

static void add_text(struct out *out, const struct login *login, struct decision auth,
		     struct decision account)
{
	char line[160];

	out_format(out, "%-9s %s\n", TEXT_FORECAST_DECISION, verdict_word(auth));
	out_format(out, "%-9s %s\n", TEXT_FORECAST_REASON, reason_text(auth.reason));
	out_format(out, "%-9s ", TEXT_FORECAST_SECTION);
	out_visible(out, login->origin);
	out_format(out, "\n\n%s\n", explanation(login, auth));
	if (account.verdict == VERDICT_DENY) {
		snprintf(line, sizeof(line), TEXT_FORECAST_ACCOUNT, reason_text(account.reason));
		out_format(out, "%s\n", line);
	}
}

static void add_json(struct out *out, const struct login *login, struct decision auth,
		     struct decision account)
{
	struct json json = JSON_TO(out);

	json_open(&json, NULL);
	json_text(&json, "user", login->user);
	json_text(&json, "decision", verdict_word(auth));
	json_text(&json, "reason", reason_text(auth.reason));
	json_text(&json, "section", login->origin);
	json_text(&json, "account", verdict_word(account));
	json_text(&json, "account_reason", reason_text(account.reason));
	json_bool(&json, "locked", login->locked);
	json_close(&json);
	json_end(&json);
}

static enum exit_code tell(struct login *login)
{
	AUTO_OUT out = OUT_EMPTY;
	struct decision auth = access_auth(&login->rules, &login->visitor);
	struct decision account =
	    access_account(&login->rules, &login->visitor, ACCOUNT_AFTER_AUTH);

	place_name(login, auth.reason);
	if (login->tool->request.options.json)
		add_json(&out, login, auth, account);
	else
		add_text(&out, login, auth, account);
	enum exit_code code = tool_print(login->tool, &out);
	if (code != EXIT_DONE)
		return code;
	bool denied = strcmp(verdict_word(auth), "deny") == 0;
	return denied ? EXIT_NO : EXIT_DONE;
}

enum exit_code forecast(struct tool *tool)
{
	const struct options *options = &tool->request.options;
	AUTO_LOGIN login = {
	    .tool = tool,
	    .user = options->user,
	    .service = options->service ? options->service : "sshd",
	};
	enum exit_code code = tool_configure(tool);

	if (code == EXIT_DONE)
		code = load(&login);
	if (code == EXIT_DONE)
		code = look_up(&login);
	if (code == EXIT_DONE)
		code = resolve(&login);
	if (code != EXIT_DONE)
		return code;
	find_standing(&login);
	return tell(&login);
}
