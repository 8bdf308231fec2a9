/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/summary.h"

#include "kling-enroll/json.h"
#include "kling-enroll/text.h"
#include "kling-enroll/uri.h"
#include "kling-enroll/when.h"
#include "lib/base/process.h"

#include <stdio.h>
#include <string.h>

static int64_t last_use_of(const struct live_state *state, uint32_t id)
{
	for (size_t i = 0; i < TOKENS_MAX; i++)
		if (state->tokens[i].id == id)
			return state->tokens[i].last_used;
	return 0;
}

static void take_enrollment(struct summary *summary, const struct enrollment_record *record,
			    const struct live_state *state)
{
	summary->enrolled = record->made;
	summary->token_count = record->token_count;
	for (size_t i = 0; i < record->token_count; i++) {
		const struct token *token = &record->tokens[i];
		struct token_summary *to = &summary->tokens[i];
		memcpy(to->label, token->label, sizeof(to->label));
		to->algorithm = token->algorithm;
		to->digits = token->digits;
		to->period = token->period;
		to->last_used = last_use_of(state, token->id);
	}
	summary->codes_made = record->backup.count;
	summary->set_id = record->backup.count ? record->backup.id : 0;
	for (uint32_t i = 0; i < record->backup.count; i++)
		summary->codes_left += !(state->spent & (1U << i));
}

static bool alive(void *context, uint32_t pid, uint32_t started)
{
	(void)context;
	return process_alive(pid, started);
}

static void take_ledgers(struct summary *summary, struct live_state *state,
			 const struct lockout_rules *rules)
{
	const struct witness witness = {alive, NULL};
	bool root = summary->uid == 0;

	for (size_t i = 0; i < LEDGER_COUNT; i++) {
		const struct ledger *ledger = &state->ledgers.ledger[i];
		(void)lockout_sweep(&state->ledgers, i, rules, &witness);
		struct ledger_summary one = {
		    .name = ledger_name(i),
		    .source = ledger->source,
		    .password_failures = lockout_password_failures(ledger),
		    .code_failures = ledger->code_failures,
		    .locked_until = lockout_until(&state->ledgers, i, rules, root),
		    .codes = lockout_code_state(&state->ledgers, i, rules, root),
		};
		if (one.password_failures || one.code_failures || one.locked_until)
			summary->ledgers[summary->ledger_count++] = one;
	}
	summary->locked = lockout_any(&state->ledgers, rules, root, &summary->locked_until);
}

enum status summary_read(struct tool *tool, const struct who *who, const struct rules *rules,
			 struct summary *summary)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	AUTO_ENROLLMENT enrollment = {0};

	*summary = (struct summary){.user = who->name, .now = tool->now.wall, .uid = who->uid};
	summary->required = rules->second_factor == SECOND_FACTOR_REQUIRED;
	enum status s = account_lock(&tool->store, who, &account);
	if (s != ST_OK)
		return s;
	s = account_enrollment(&account, &enrollment);
	if (s == ST_OK)
		take_enrollment(summary, enrollment.record, account.state);
	if (s != ST_OK && s != ST_MISSING)
		return s;
	if (account.kind == ACCOUNT_USER) {
		lockout_rebase(&account.state->ledgers, &tool->now);
		take_ledgers(summary, account.state, &rules->lockout);
		summary->repair_due = account.state->repair_due;
	}
	if (s == ST_MISSING)
		summary->grace =
		    deadline_view(&account.state->grace, &rules->enroll, tool->now.wall);
	return ST_OK;
}

static void token_json(struct json *json, const struct token_summary *token)
{
	json_open(json, NULL);
	json_text(json, "label", token->label);
	json_text(json, "algorithm", algorithm_name(token->algorithm));
	json_number(json, "digits", token->digits);
	json_number(json, "period", token->period);
	json_time(json, "last_used", token->last_used);
	json_close(json);
}

static int64_t time_of_lock(int64_t until)
{
	return until == LOCKED_UNTIL_UNLOCK ? 0 : until;
}

static void ledger_json(struct json *json, const struct ledger_summary *ledger)
{
	char source[46];

	address_format(&ledger->source, source);
	json_open(json, NULL);
	json_text(json, "name", ledger->name);
	if (source[0])
		json_text(json, "source", source);
	json_number(json, "password_failures", ledger->password_failures);
	json_number(json, "code_failures", ledger->code_failures);
	json_time(json, "locked_until", time_of_lock(ledger->locked_until));
	json_close(json);
}

void summary_json(struct out *out, const struct summary *summary, bool ledgers)
{
	struct json json = JSON_TO(out);

	json_open(&json, NULL);
	json_text(&json, "user", summary->user);
	json_number(&json, "uid", summary->uid);
	json_time(&json, "enrolled", summary->enrolled);
	json_open_array(&json, "tokens");
	for (size_t i = 0; i < summary->token_count; i++)
		token_json(&json, &summary->tokens[i]);
	json_close_array(&json);
	json_number(&json, "codes_left", summary->codes_left);
	json_time(&json, "set_id", summary->set_id);
	json_bool(&json, "locked", summary->locked);
	json_time(&json, "locked_until", time_of_lock(summary->locked_until));
	if (ledgers) {
		json_open_array(&json, "ledgers");
		for (size_t i = 0; i < summary->ledger_count; i++)
			ledger_json(&json, &summary->ledgers[i]);
		json_close_array(&json);
	}
	json_time(&json, "deadline", summary->enrolled ? 0 : summary->grace.end);
	json_close(&json);
	json_end(&json);
}

static void token_text(struct out *out, const struct token_summary *token, int64_t now)
{
	char when[WHEN_LONG];

	when_about(token->last_used, now, when);
	out_text(out, TEXT_STATUS_TOKEN);
	out_visible(out, token->label);
	out_format(out, TEXT_STATUS_KIND, algorithm_name(token->algorithm), token->digits,
		   token->period);
	if (token->last_used)
		out_format(out, TEXT_STATUS_LAST_USE, when);
	else
		out_text(out, TEXT_STATUS_NEVER_USED);
}

/* Counts begin anew with each lock: beside a lock there may be none. */
static void failures_text(struct out *out, const struct ledger_summary *ledger)
{
	uint32_t codes = ledger->code_failures, passwords = ledger->password_failures;

	if (codes)
		out_format(out, TEXT_STATUS_WRONG_CODES(codes), codes);
	if (codes && passwords)
		out_text(out, ", ");
	if (passwords)
		out_format(out, TEXT_STATUS_WRONG_PASSWORDS(passwords), passwords);
	if (ledger->locked_until && (codes || passwords))
		out_text(out, "; ");
}

static void lock_text(struct out *out, const struct ledger_summary *ledger, int64_t now)
{
	char when[WHEN_LONG];

	when_about(ledger->locked_until, now, when);
	if (ledger->codes == LOCK_CAPPED)
		out_text(out, TEXT_STATUS_CAPPED);
	else if (ledger->locked_until == LOCKED_UNTIL_UNLOCK)
		out_text(out, TEXT_STATUS_LOCKED_FOR_GOOD);
	else if (ledger->codes == LOCK_CLOSED)
		out_format(out, TEXT_STATUS_LOCKED_CODES, when);
	else
		out_format(out, TEXT_STATUS_LOCKED_PASSWORDS, when);
}

static void ledger_text(struct out *out, const struct ledger_summary *ledger, int64_t now)
{
	char source[46];

	address_format(&ledger->source, source);
	out_format(out, TEXT_STATUS_LEDGER, ledger->name, source[0] ? " " : "", source);
	failures_text(out, ledger);
	if (ledger->locked_until)
		lock_text(out, ledger, now);
	out_text(out, "\n");
}

static void grace_text(struct out *out, const struct summary *summary)
{
	char when[WHEN_LONG];

	when_about(summary->grace.end, summary->now, when);
	if (!summary->required)
		out_text(out, TEXT_STATUS_NOT_REQUIRED);
	else if (summary->grace.phase == GRACE_RUNNING)
		out_format(out, TEXT_STATUS_GRACE, when);
	else if (summary->grace.phase == GRACE_NOT_BEGUN)
		out_text(out, TEXT_STATUS_GRACE_AHEAD);
	else
		out_text(out, TEXT_STATUS_GRACE_OVER);
}

void summary_text(struct out *out, const struct summary *summary)
{
	char when[WHEN_LONG];

	out_visible(out, summary->user);
	out_format(out, TEXT_STATUS_UID, summary->uid);
	when_about(summary->enrolled, summary->now, when);
	if (summary->enrolled)
		out_format(out, TEXT_STATUS_ENROLLED, when);
	else
		out_text(out, TEXT_STATUS_NOT_ENROLLED);
	for (size_t i = 0; i < summary->token_count; i++)
		token_text(out, &summary->tokens[i], summary->now);
	if (summary->set_id)
		out_format(out, TEXT_STATUS_CODES, summary->codes_left, summary->codes_made,
			   summary->set_id);
	else if (summary->enrolled)
		out_text(out, TEXT_STATUS_NO_CODES);
	else
		grace_text(out, summary);
	for (size_t i = 0; i < summary->ledger_count; i++)
		ledger_text(out, &summary->ledgers[i], summary->now);
	if (summary->locked)
		out_format(out, TEXT_STATUS_LOCKED, summary->user);
	if (summary->repair_due)
		out_text(out, TEXT_STATUS_REPAIR);
}

static void row_state(const struct summary *summary, char *out, size_t size)
{
	char when[WHEN_TEXT] = "";

	if (summary->locked) {
		when_minute(summary->locked_until, when);
		snprintf(out, size, "%s",
			 summary->locked_until == LOCKED_UNTIL_UNLOCK ? TEXT_ROW_LOCKED_FOR_GOOD
								      : TEXT_ROW_LOCKED);
	} else if (!summary->enrolled && summary->required) {
		when_day(summary->grace.end, when);
		snprintf(out, size, "%s",
			 summary->grace.phase == GRACE_RUNNING     ? TEXT_ROW_GRACE
			 : summary->grace.phase == GRACE_NOT_BEGUN ? TEXT_ROW_AHEAD
								   : TEXT_ROW_OVER);
		if (summary->grace.phase != GRACE_RUNNING)
			when[0] = '\0';
	} else {
		snprintf(out, size, "%s", summary->enrolled ? "" : TEXT_ROW_NOT_REQUIRED);
	}
	if (when[0] && summary->locked_until != LOCKED_UNTIL_UNLOCK) {
		size_t length = strlen(out);
		snprintf(out + length, size - length, " %s", when);
	}
}

void summary_row(struct out *out, const struct summary *summary)
{
	char when[WHEN_TEXT] = "-", state[96];
	AUTO_OUT name = OUT_EMPTY;

	if (!summary) {
		out_format(out, TEXT_ROW, TEXT_ROW_USER, TEXT_ROW_SINCE, TEXT_ROW_TOKENS,
			   TEXT_ROW_CODES, TEXT_ROW_STATE);
		return;
	}
	char tokens[24], codes[24];
	if (summary->enrolled)
		when_day(summary->enrolled, when);
	snprintf(tokens, sizeof(tokens), "%zu", summary->token_count);
	snprintf(codes, sizeof(codes), "%u", summary->codes_left);
	row_state(summary, state, sizeof(state));
	out_visible(&name, summary->user);
	out_format(out, TEXT_ROW, out_string(&name), when, tokens, codes, state);
}
