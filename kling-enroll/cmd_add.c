/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/bulk.h"
#include "kling-enroll/check.h"
#include "kling-enroll/commands.h"
#include "kling-enroll/deliver.h"
#include "kling-enroll/issue.h"
#include "kling-enroll/screens.h"
#include "kling-enroll/text.h"
#include "lib/base/clock.h"
#include "lib/factor/answer.h"

#include <string.h>
#include <unistd.h>

enum { TRIES = 3 };

/* What was wrong with a code, for the prompt of the next try. */
static const char *verdict_text(const struct issue *issue, long away, int left, struct out *out)
{
	if (away)
		out_format(out, away < 0 ? TEXT_CODE_CLOCK_BEHIND : TEXT_CODE_CLOCK_AHEAD,
			   away < 0 ? -away * issue->otpauth.token.period
				    : away * issue->otpauth.token.period);
	else
		out_text(out, TEXT_CODE_WRONG);
	out_format(out, TEXT_CODE_LEFT((unsigned long)left), left);
	return out_string(out);
}

static void paint_scan(struct out *page, const struct display *display, const void *context)
{
	scan_page(page, display, context);
}

static bool is_blank(const struct secret *answer)
{
	for (size_t i = 0; i < answer->length; i++)
		if (answer->bytes[i] != ' ')
			return false;
	return true;
}

static bool wants_turn(const struct secret *answer)
{
	return secret_equals(answer, "i", 1) || secret_equals(answer, "I", 1);
}

/* Draws the page anew, measured again; `turn`: dark and light the other way round. */
static enum status draw_again(struct terminal *terminal, struct scan *scan, bool turn)
{
	scan->turned = scan->turned != turn;
	if (!turn && (terminal->plain || !terminal->display.controls))
		return ST_OK;
	return terminal_redraw(terminal);
}

static bool looks_like_code(const struct issue *issue, const struct secret *answer)
{
	AUTO_SECRET code = SECRET_EMPTY;
	enum answer_shape shape = ANSWER_OTHER;

	return answer_read(answer, &shape, &code) == ST_OK && shape == ANSWER_TOTP &&
	       code.length == issue->otpauth.token.digits;
}

/* Judges one answer; what it was is in the prompt for the next. */
static bool is_right(struct issue *issue, const struct secret *answer, const struct moment *now,
		     int *left, struct out *prompt)
{
	long away;

	out_clear(prompt);
	if (!looks_like_code(issue, answer)) {
		out_format(prompt, TEXT_CODE_SHAPE, issue->otpauth.token.digits);
		return false;
	}
	if (issue_confirm(issue, answer, now->wall, &away))
		return true;
	(void)verdict_text(issue, away, --*left, prompt);
	return false;
}

/* Asks for a code until one is right, three were wrong (*left is 0), or nobody answers. */
static enum exit_code confirm(struct tool *tool, struct terminal *terminal, struct scan *scan,
			      struct issue *issue, int *left)
{
	AUTO_SECRET answer = SECRET_EMPTY;
	AUTO_OUT prompt = OUT_EMPTY;

	out_text(&prompt, TEXT_ASK_CODE);
	while (*left > 0) {
		struct moment now = tool->now;
		if (terminal_ask(terminal, out_string(&prompt), true, &answer) != ANSWER_TYPED)
			return EXIT_NO;
		if (is_blank(&answer) || wants_turn(&answer)) {
			if (draw_again(terminal, scan, !is_blank(&answer)) != ST_OK)
				return EXIT_TROUBLE;
			out_clear(&prompt);
			out_text(&prompt, TEXT_ASK_CODE);
		} else if (clock_read(&now) != ST_OK) {
			return EXIT_TROUBLE;
		} else if (is_right(issue, &answer, &now, left, &prompt)) {
			return EXIT_DONE;
		}
	}
	return EXIT_NO;
}

static enum exit_code ask_to_go_on(struct terminal *terminal, struct scan *scan)
{
	AUTO_SECRET answer = SECRET_EMPTY;

	while (terminal_ask(terminal, TEXT_ASK_ENTER, false, &answer) == ANSWER_TYPED) {
		if (!wants_turn(&answer))
			return EXIT_DONE;
		if (draw_again(terminal, scan, true) != ST_OK)
			return EXIT_TROUBLE;
	}
	return EXIT_NO;
}

/* The part in which somebody sits at the terminal, before anything is stored. */
static enum exit_code meet(struct tool *tool, struct delivery *delivery, struct issue *issue)
{
	AUTO_TERMINAL terminal = TERMINAL_CLOSED;
	struct scan scan = delivery_scan(delivery, tool, issue);
	const struct painter painter = {paint_scan, &scan};
	enum exit_code code = EXIT_TROUBLE;
	int left = TRIES;

	if (terminal_open(&terminal, STDIN_FILENO, &delivery->display, delivery->plain) == ST_OK &&
	    terminal_show(&terminal, &painter) == ST_OK)
		code = scan.confirms ? confirm(tool, &terminal, &scan, issue, &left)
				     : ask_to_go_on(&terminal, &scan);
	tool->caught = terminal.caught;
	terminal_close(&terminal);
	if (code == EXIT_NO && left == 0)
		return fail_of(tool, EXIT_NO, issue->who.name, TEXT_NO_RIGHT_CODE, TRIES);
	if (code == EXIT_NO)
		return fail_of(tool, EXIT_NO, issue->who.name, "%s",
			       tool->caught ? TEXT_CUT_SHORT : TEXT_NOT_CONFIRMED);
	if (code == EXIT_TROUBLE)
		return fail(tool, EXIT_TROUBLE, TEXT_TERMINAL);
	return code;
}

/* Makes, shows, confirms, stores and hands out. */
static enum exit_code add_one(struct tool *tool, const struct person *person,
			      struct delivery *delivery)
{
	AUTO_ISSUE issue = {0};
	const struct who who = who_of(person);
	struct issue_wish wish = issue_wish_of(&tool->request.options, &who);
	enum exit_code code = issue_plan(tool, &wish, &issue);

	if (code != EXIT_DONE)
		return code;
	if (issue_make_secret(&issue) != ST_OK)
		return fail_status(tool, person->name, ST_IO);
	delivery_limit(delivery, tool, &issue);
	code = delivery_prepare(delivery, tool, &issue);
	if (code == EXIT_DONE && delivery->meets)
		code = meet(tool, delivery, &issue);
	if (code == EXIT_DONE)
		code = delivery_store(delivery, tool, &issue);
	if (code != EXIT_DONE)
		return code;
	issue_log(&issue);
	code = delivery_show(delivery, tool, &issue);
	if (code == EXIT_DONE && !delivery->json)
		check_sshd_can_ask();
	return code;
}

enum exit_code cmd_add(struct tool *tool)
{
	AUTO_DELIVERY delivery = DELIVERY_NONE;
	AUTO_PERSON person = {0};
	const struct options *options = &tool->request.options;

	if (options->users || options->group)
		return add_many(tool);
	if (tool->request.operand_count == 0)
		return fail(tool, EXIT_USAGE, TEXT_ADD_WHOM);
	enum exit_code code = delivery_choose(&delivery, tool, true);

	if (code == EXIT_DONE)
		code = tool_configure(tool);
	if (code == EXIT_DONE)
		code = tool_find_person(tool, tool->request.operands[0], &person);
	if (code == EXIT_DONE)
		code = issue_check_person(tool, person.name, person.uid);
	if (code == EXIT_DONE)
		code = tool_open_or_init(tool);
	return code == EXIT_DONE ? add_one(tool, &person, &delivery) : code;
}
