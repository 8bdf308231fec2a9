/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/deliver.h"

#include "kling-enroll/json.h"
#include "kling-enroll/text.h"
#include "lib/factor/answer.h"
#include "lib/show/base32.h"

#include <unistd.h>

static void add_codes_json(struct json *json, const struct issue *issue)
{
	const struct enrollment_record *had = issue->before.record;

	if (issue->with_codes)
		json_number(json, "set_id", issue->set.id);
	else if (issue->kind != ISSUE_INSTEAD_OF_ALL && had && had->backup.count)
		json_number(json, "set_id", had->backup.id);
	else
		json_null(json, "set_id");
	json_open_array(json, "backup_codes");
	for (size_t i = 0; issue->with_codes && i < issue->set.count; i++)
		json_text(json, NULL, (const char *)issue->codes.bytes + i * BACKUP_CODE_TEXT);
	json_close_array(json);
}

static void add_secret_json(struct json *json, const struct issue *issue)
{
	const struct token *token = &issue->otpauth.token;
	AUTO_OUT text = OUT_EMPTY;

	uri_add(&text, &issue->otpauth);
	json_text(json, "uri", out_string(&text));
	out_clear(&text);
	base32_add(&text, token->secret, token->secret_length);
	json_text(json, "secret", out_string(&text));
}

void delivery_json(struct out *out, const struct issue *issue)
{
	const struct token *token = &issue->otpauth.token;
	struct json json = JSON_TO(out);

	json_open(&json, NULL);
	json_text(&json, "user", issue->who.name);
	if (issue->kind != ISSUE_CODES) {
		json_text(&json, "label", token->label);
		if (!issue->imported)
			add_secret_json(&json, issue);
		json_text(&json, "algorithm", algorithm_name(token->algorithm));
		json_number(&json, "digits", token->digits);
		json_number(&json, "period", token->period);
	}
	add_codes_json(&json, issue);
	json_close(&json);
	json_end(&json);
}

static void paper_text(const struct delivery *delivery, const struct tool *tool,
		       const struct issue *issue, struct out *out)
{
	struct scan scan = delivery_scan(delivery, tool, issue);

	if (issue->kind != ISSUE_CODES && !issue->imported)
		scan_list(out, &delivery->display, &scan);
	if (issue->with_codes) {
		out_text(out, "\n");
		codes_page(out, &delivery->display, issue, tool->host, true);
	}
}

struct codes_view {
	const struct issue *issue;
	const char *host;
	bool scrolls;
};

static void paint_codes(struct out *page, const struct display *display, const void *context)
{
	const struct codes_view *view = context;

	codes_page(page, display, view->issue, view->host, view->scrolls);
}

/* The codes on the screen until somebody says they are kept. */
static enum exit_code show_codes(const struct delivery *delivery, struct tool *tool,
				 const struct issue *issue)
{
	AUTO_TERMINAL terminal = TERMINAL_CLOSED;
	AUTO_SECRET answer = SECRET_EMPTY;
	const struct codes_view view = {issue, tool->host,
					delivery->plain || !delivery->display.controls};
	const struct painter painter = {paint_codes, &view};

	if (terminal_open(&terminal, STDIN_FILENO, &delivery->display, delivery->plain) != ST_OK ||
	    terminal_show(&terminal, &painter) != ST_OK) {
		terminal_close(&terminal);
		return fail_of(tool, EXIT_TROUBLE, issue->who.name, TEXT_CODES_NOT_SHOWN,
			       issue->who.name);
	}
	(void)terminal_ask(&terminal, TEXT_ASK_KEPT, false, &answer);
	tool->caught = terminal.caught;
	return EXIT_DONE;
}

static void say_done(const struct issue *issue)
{
	if (issue->kind != ISSUE_CODES)
		remark(TEXT_ENROLLED, issue->who.name, issue->otpauth.token.label);
	if (issue->with_codes)
		remark(TEXT_CODES_MADE(issue->set.count), issue->who.name, issue->set.count,
		       issue->set.id);
}

enum exit_code delivery_show(struct delivery *delivery, struct tool *tool, struct issue *issue)
{
	AUTO_OUT out = OUT_EMPTY;
	enum exit_code code = EXIT_DONE;

	if (delivery->json)
		delivery_json(&out, issue);
	else if (delivery->paper)
		paper_text(delivery, tool, issue, &out);
	if (delivery->json || delivery->paper) {
		code = tool_print(tool, &out);
		return code == EXIT_DONE ? code : delivery_take_back(delivery, tool, issue);
	}
	if (delivery->meets && issue->with_codes)
		code = show_codes(delivery, tool, issue);
	if (code == EXIT_DONE)
		say_done(issue);
	return code;
}
