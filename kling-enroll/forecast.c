/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/forecast.h"

#include "kling-enroll/check.h"
#include "kling-enroll/forecast_parts.h"
#include "kling-enroll/text.h"
#include "lib/base/clock.h"
#include "lib/base/process.h"
#include "lib/base/reason.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AUTO_LOGIN AT_SCOPE_END(login_clear) struct login

static void login_clear(struct login *login)
{
	person_clear(&login->person);
	group_names_clear(&login->groups);
	settings_free(&login->preauth.settings);
	settings_free(&login->code.settings);
	settings_free(&login->account.settings);
	service_clear(&login->service);
}

/* --- the stack, the user, the rules ------------------------------------------------------------
 */

static enum exit_code find_service(struct login *login)
{
	const struct options *options = &login->tool->request.options;
	enum status s = service_find(options->service ? options->service : "sshd", &login->service);

	if (s != ST_OK && s != ST_MISSING)
		return fail_of(login->tool, EXIT_TROUBLE, login->service.name, "%s",
			       spoken(status_text(s)));
	login->preauth.rule = login->service.preauth;
	login->code.rule = login->service.code;
	login->account.rule = login->service.account;
	login->asked = login->code.rule != NULL;
	return EXIT_DONE;
}

static enum exit_code look_up(struct login *login)
{
	struct arrival *arrival = &login->arrival;
	enum status s = person_find(login->user, &login->person);

	if (s != ST_OK && s != ST_NO_USER)
		return fail_status(login->tool, login->user, s);
	*arrival = (struct arrival){
	    .service = login->service.name,
	    .origin = origin_of(login->tool->request.options.from),
	    .exists = s == ST_OK,
	    .path_name = strchr(login->user, '/') || strcmp(login->user, ".") == 0 ||
			 strcmp(login->user, "..") == 0,
	    .caller = s == ST_OK ? login->person.uid : 0,
	    .own = s == ST_OK,
	    .keyed = strcmp(login->service.name, "sshd") == 0 && check_sshd_wants_key(),
	};
	if (arrival->exists)
		s = group_names_find(&login->person, &login->groups);
	return s == ST_LOOKUP ? fail_status(login->tool, login->user, s) : EXIT_DONE;
}

struct subject forecast_subject(const struct login *login)
{
	return (struct subject){
	    .user = login->arrival.exists ? login->person.name : login->user,
	    .service = login->service.name,
	    .origin = login->arrival.origin,
	    .groups = login->groups.names,
	    .group_count = login->groups.count,
	};
}

static enum exit_code load_line(struct login *login, struct line *line)
{
	const struct subject subject = forecast_subject(login);
	struct conf_error error = {0};
	const char *problem = NULL;

	if (!line->rule)
		return EXIT_DONE;
	enum status s = service_load(login->tool, line->rule, &line->settings, &error);
	if (s == ST_CONFIG)
		return fail(login->tool, EXIT_TROUBLE, "%s:%u: %s%s%s",
			    error.line ? error.file : line->rule->file,
			    error.line ? error.line : line->rule->line, error.word,
			    error.word[0] ? ": " : "", spoken(error.problem));
	if (s != ST_OK)
		return fail_status(login->tool, NULL, s);
	if (settings_resolve(line->settings, &subject, &line->rules, &problem) != ST_OK)
		return fail_of(login->tool, EXIT_TROUBLE, login->user, TEXT_CONTRADICTION,
			       spoken(problem ? problem : ""));
	return EXIT_DONE;
}

/* The line by whose rules the login is judged first. */
static const struct line *first_line(const struct login *login)
{
	return login->code.rule ? &login->code : &login->account;
}

/* --- the store -------------------------------------------------------------------------------- */

static bool alive(void *context, uint32_t pid, uint32_t started)
{
	(void)context;
	return process_alive(pid, started);
}

static void note_lock(struct login *login, const struct ledgers *ledgers, size_t index,
		      const struct rules *rules)
{
	login->locked = true;
	login->ledger = ledger_name(index);
	login->source = ledgers->ledger[index].source;
	login->everybody = rules->lockout.scope == LOCKOUT_SCOPE_ACCOUNT;
	login->locked_until =
	    lockout_until(ledgers, index, &rules->lockout, login->person.uid == 0);
}

/* As preauth takes a ticket, in a copy that nobody keeps. */
static void try_password(struct login *login, struct ledgers *ledgers)
{
	static const struct witness processes = {alive, NULL};
	const struct rules *rules = &login->preauth.rules;
	const struct source source = source_of(rules, &login->arrival);
	struct attempt ticket;

	if (!login->preauth.rule)
		return;
	size_t index = lockout_select(ledgers, &source, &rules->lockout);
	(void)lockout_sweep(ledgers, index, &rules->lockout, &processes);
	if (lockout_admit_password(ledgers, index, &rules->lockout, login->person.uid == 0,
				   (uint32_t)getpid(), 0, &ticket))
		return;
	note_lock(login, ledgers, index, rules);
	login->auth = (struct decision){VERDICT_DENY, REASON_LOCKED};
}

/* As the judge asks before it looks at a code. */
static void try_code(struct login *login, struct ledgers *ledgers)
{
	const struct rules *rules = &login->code.rules;
	const struct source source = source_of(rules, &login->arrival);

	if (login->locked || login->auth.verdict != VERDICT_ASK || login->auth.reason != REASON_OK)
		return;
	size_t index = lockout_select(ledgers, &source, &rules->lockout);
	enum lock_state state =
	    lockout_code_state(ledgers, index, &rules->lockout, login->person.uid == 0);
	login->ledger = ledger_name(index);
	if (state == LOCK_OPEN)
		return;
	note_lock(login, ledgers, index, rules);
	login->auth.verdict = VERDICT_DENY;
	login->auth.reason = state == LOCK_CAPPED ? REASON_CAP : REASON_LOCKED;
}

/* Nobody is let in by a record that does not open. */
static enum status try_record(const struct login *login, struct account *account)
{
	AUTO_ENROLLMENT enrollment = {0};

	if (login->auth.verdict != VERDICT_ASK || login->auth.reason != REASON_OK)
		return ST_OK;
	return account_enrollment(account, &enrollment);
}

static enum status read_state(struct login *login)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who who = who_of(&login->person);
	struct store *store = &login->tool->store;
	bool enrolled = false;
	int64_t until;
	enum status s = account_is_enrolled(store, &who, &enrolled);

	if (s == ST_OK)
		s = account_lock(store, &who, &account);
	if (s != ST_OK)
		return s;
	struct ledgers *ledgers = &account.state->ledgers;
	const struct rules *rules = &first_line(login)->rules;
	login->arrival.own = login->arrival.own && account.kind == ACCOUNT_USER;
	lockout_rebase(ledgers, &login->tool->now);
	login->visitor.grace = account.state->grace;
	login->visitor.standing = enrolled ? STANDING_ENROLLED : STANDING_NOT_ENROLLED;
	login->elsewhere = lockout_any(ledgers, &rules->lockout, login->person.uid == 0, &until);
	if (!login->asked)
		return ST_OK;
	login->auth = access_auth(rules, &login->visitor);
	try_password(login, ledgers);
	try_code(login, ledgers);
	return try_record(login, &account);
}

/* As the module does it, from the same pieces. */
static void find_standing(struct login *login)
{
	struct tool *tool = login->tool;
	const struct line *line = first_line(login);
	const struct place place = {line->rules.state_dir, line->rules.key_dir, geteuid()};

	login->visitor = visitor_at_door(&line->rules, &login->arrival);
	login->visitor.wall = tool->now.wall;
	login->auth = access_auth(&line->rules, &login->visitor);
	if (!login->arrival.exists)
		return;
	enum status s = store_open(&place, &tool->store);
	if (s == ST_OK)
		s = read_state(login);
	if (s == ST_OK)
		return;
	login->visitor.standing = s == ST_UNINITIALISED ? STANDING_UNINITIALISED : STANDING_TROUBLE;
	login->visitor.trouble = reason_of(s);
	login->auth = access_auth(&line->rules, &login->visitor);
}

static void judge_account(struct login *login)
{
	const struct rules *rules = &login->account.rules;

	if (!login->account.rule)
		return;
	login->after = access_account(rules, &login->visitor,
				      account_caller_of(rules, &login->arrival, login->asked));
	login->has_key = account_caller_of(rules, &login->arrival, false) == ACCOUNT_KEY_LOGIN;
	login->key = access_account(rules, &login->visitor, ACCOUNT_KEY_LOGIN);
}

enum exit_code forecast(struct tool *tool)
{
	AUTO_LOGIN login = {.tool = tool, .user = tool->request.options.user};
	enum exit_code code = tool_configure(tool);

	if (code == EXIT_DONE)
		code = find_service(&login);
	if (code == EXIT_DONE)
		code = look_up(&login);
	if (code == EXIT_DONE)
		code = load_line(&login, &login.preauth);
	if (code == EXIT_DONE)
		code = load_line(&login, &login.code);
	if (code == EXIT_DONE)
		code = load_line(&login, &login.account);
	if (code != EXIT_DONE)
		return code;
	if (login.code.rule || login.account.rule)
		find_standing(&login);
	judge_account(&login);
	return forecast_tell(&login);
}
