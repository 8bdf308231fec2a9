/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/deliver.h"

#include "kling-enroll/drawing.h"
#include "kling-enroll/recorder.h"
#include "kling-enroll/sheet.h"
#include "kling-enroll/text.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

void delivery_clear(struct delivery *delivery)
{
	qr_clear(&delivery->qr);
	output_file_discard(&delivery->sheet);
	output_file_discard(&delivery->picture);
}

/* Of two endings all need cairo but `text`. */
static enum exit_code check_ending(const struct tool *tool, const char *option, const char *path,
				   const char *const endings[2], const char *text)
{
	if (!path || (text && path_ends_in(path, text)))
		return EXIT_DONE;
	if (!path_ends_in(path, endings[0]) && !path_ends_in(path, endings[1]))
		return fail(tool, EXIT_USAGE, TEXT_BAD_ENDING, option, path, endings[0],
			    endings[1]);
	return drawing_is_possible() ? EXIT_DONE : fail(tool, EXIT_USAGE, TEXT_NO_CAIRO);
}

static enum exit_code check_files(const struct tool *tool)
{
	const struct options *options = &tool->request.options;
	static const char *const sheets[2] = {".pdf", ".txt"};
	static const char *const pictures[2] = {".png", ".svg"};
	enum exit_code code = check_ending(tool, "--sheet", options->sheet, sheets, ".txt");

	if (code == EXIT_DONE)
		code = check_ending(tool, "--qr-file", options->qr_file, pictures, NULL);
	return code;
}

static void warn_of_recording(const struct delivery *delivery)
{
	char name[32];

	if (delivery->display.is_terminal && (delivery->meets || delivery->paper) &&
	    recorder_find(name, sizeof(name)))
		remark(TEXT_RECORDED, name);
}

enum exit_code delivery_choose(struct delivery *delivery, struct tool *tool, bool token)
{
	const struct options *options = &tool->request.options;
	bool picture_asked = options->qr == QR_AUTO || options->qr > 0;
	bool aside = options->json || !isatty(STDOUT_FILENO);

	delivery->json = options->json;
	delivery->plain = options->plain;
	delivery->display = display_of(
	    aside && isatty(STDERR_FILENO) && !picture_asked ? STDERR_FILENO : STDOUT_FILENO);
	bool somebody = isatty(STDIN_FILENO) && delivery->display.is_terminal;
	delivery->confirms = token && !options->no_confirm;
	if (delivery->confirms && !somebody)
		return fail(tool, EXIT_USAGE, TEXT_NEEDS_TERMINAL);
	delivery->meets = somebody && (delivery->confirms || !aside);
	delivery->paper = !delivery->json && !delivery->meets && (picture_asked || !aside);
	if (!delivery->json && !delivery->paper && !options->sheet && !options->qr_file &&
	    (aside || !delivery->meets))
		return fail(tool, EXIT_USAGE, "%s", token ? TEXT_NO_PLACE : TEXT_NO_PLACE_CODES);
	enum exit_code code = check_files(tool);
	if (code == EXIT_DONE && (delivery->json || delivery->paper))
		code = tool_can_print(tool);
	if (code == EXIT_DONE)
		warn_of_recording(delivery);
	return code;
}

void delivery_limit(const struct delivery *delivery, const struct tool *tool, struct issue *issue)
{
	bool shown = delivery->json || delivery->meets || delivery->paper;

	if (!issue->with_codes || shown || tool->request.options.sheet)
		return;
	issue->with_codes = false;
	remark(TEXT_NO_PLACE_FOR_CODES, issue->who.name);
}

static enum exit_code fail_file(const struct tool *tool, const char *path, enum status status)
{
	if (status == ST_EXISTS)
		return fail(tool, EXIT_NO, TEXT_FILE_EXISTS, path);
	return fail(tool, EXIT_TROUBLE, TEXT_FILE, path,
		    status == ST_MISSING ? strerror(ENOENT)
		    : errno              ? strerror(errno)
					 : spoken(status_text(status)));
}

static enum exit_code begin_file(const struct tool *tool, struct output_file *file,
				 const char *path)
{
	if (!path)
		return EXIT_DONE;
	errno = 0;
	enum status s = output_file_begin(file, path, tool->request.options.force);
	return s == ST_OK ? EXIT_DONE : fail_file(tool, path, s);
}

/* Finds out early what would fail late; nothing lies about while somebody looks for the phone. */
static enum exit_code try_file(const struct tool *tool, const char *path)
{
	AUTO_OUTPUT_FILE file = OUTPUT_FILE_CLOSED;

	return begin_file(tool, &file, path);
}

/* Whether somebody will look at the picture. */
static bool shows_picture(const struct delivery *delivery, const struct options *options)
{
	bool on_screen = (delivery->meets || delivery->paper) && options->qr != QR_OFF;
	bool on_sheet =
	    options->sheet && !delivery->confirms && path_ends_in(options->sheet, ".pdf");

	return on_screen || on_sheet || options->qr_file;
}

static enum exit_code make_picture(struct delivery *delivery, const struct tool *tool,
				   const struct issue *issue)
{
	AUTO_OUT uri = OUT_EMPTY;

	uri_add(&uri, &issue->otpauth);
	enum status s = qr_make(out_string(&uri), &delivery->qr);
	if (s == ST_OK)
		return EXIT_DONE;
	return fail(tool, EXIT_TROUBLE, "%s", s == ST_TOO_BIG ? TEXT_NO_PICTURE : TEXT_NO_QRENCODE);
}

enum exit_code delivery_prepare(struct delivery *delivery, const struct tool *tool,
				const struct issue *issue)
{
	enum exit_code code = EXIT_DONE;

	if (issue->kind != ISSUE_CODES && shows_picture(delivery, &tool->request.options))
		code = make_picture(delivery, tool, issue);
	if (code == EXIT_DONE && delivery->meets && delivery->qr.size)
		shorter_find(delivery->shorter, issue, &tool->request.options, tool->host);
	if (code == EXIT_DONE)
		code = try_file(tool, tool->request.options.sheet);
	if (code == EXIT_DONE)
		code = try_file(tool, tool->request.options.qr_file);
	return code;
}

struct scan delivery_scan(const struct delivery *delivery, const struct tool *tool,
			  const struct issue *issue)
{
	int wanted = tool->request.options.qr;

	return (struct scan){
	    .issue = issue,
	    .qr = &delivery->qr,
	    .wanted = wanted > 0 ? (enum qr_style)wanted : QR_NONE,
	    .without = wanted == QR_OFF,
	    .confirms = delivery->confirms,
	    .plain = delivery->plain,
	    .shorter = delivery->shorter,
	};
}

static enum status draw_sheet(const struct delivery *delivery, const struct tool *tool,
			      const struct issue *issue, const char *path, struct out *out)
{
	bool with_token = issue->kind != ISSUE_CODES && !delivery->confirms;
	int paper = tool->request.options.paper;
	struct sheet sheet = {
	    .host = tool->host,
	    .user = issue->who.name,
	    .made = tool->now.wall,
	    .set_id = issue->set.id,
	    .count = issue->with_codes ? issue->set.count : 0,
	    .codes = (const char *)issue->codes.bytes,
	    .otpauth = with_token ? &issue->otpauth : NULL,
	    .qr = with_token ? &delivery->qr : NULL,
	    .paper = paper ? (enum paper)(paper - 1) : sheet_paper(),
	};

	if (path_ends_in(path, ".pdf"))
		return sheet_pdf(&sheet, out);
	sheet_text(&sheet, out);
	return out->status;
}

static enum status write_sheet(struct delivery *delivery, const struct tool *tool,
			       const struct issue *issue)
{
	AUTO_OUT out = OUT_EMPTY;

	if (!delivery->sheet.path)
		return ST_OK;
	enum status s = draw_sheet(delivery, tool, issue, delivery->sheet.path, &out);
	return s == ST_OK ? output_file_write(&delivery->sheet, &out) : s;
}

static enum status write_picture(struct delivery *delivery)
{
	AUTO_OUT out = OUT_EMPTY;
	const char *path = delivery->picture.path;

	if (!path)
		return ST_OK;
	enum status s =
	    drawing_qr(&delivery->qr, path_ends_in(path, ".png") ? PICTURE_PNG : PICTURE_SVG, &out);
	return s == ST_OK ? output_file_write(&delivery->picture, &out) : s;
}

static enum exit_code write_files(struct delivery *delivery, const struct tool *tool,
				  const struct issue *issue)
{
	const struct options *options = &tool->request.options;
	enum exit_code code = begin_file(tool, &delivery->sheet, options->sheet);

	if (code == EXIT_DONE)
		code = begin_file(tool, &delivery->picture, options->qr_file);
	if (code != EXIT_DONE)
		return code;
	enum status s = write_sheet(delivery, tool, issue);
	if (s != ST_OK)
		return fail_file(tool, options->sheet, s);
	s = write_picture(delivery);
	return s == ST_OK ? EXIT_DONE : fail_file(tool, options->qr_file, s);
}

enum exit_code delivery_take_back(struct delivery *delivery, struct tool *tool,
				  const struct issue *issue)
{
	output_file_retract(&delivery->sheet);
	output_file_retract(&delivery->picture);
	if (issue_undo(tool, issue) != ST_OK)
		return fail_of(tool, EXIT_TROUBLE, issue->who.name, TEXT_NOT_UNDONE);
	return fail_of(tool, EXIT_TROUBLE, issue->who.name, TEXT_UNDONE);
}

static enum exit_code publish_files(struct delivery *delivery, struct tool *tool,
				    const struct issue *issue)
{
	enum status s = output_file_publish(&delivery->sheet);

	if (s != ST_OK) {
		(void)fail_file(tool, delivery->sheet.path, s);
		delivery->sheet.path = NULL;
		delivery->picture.path = NULL;
		return delivery_take_back(delivery, tool, issue);
	}
	s = output_file_publish(&delivery->picture);
	if (s == ST_OK)
		return EXIT_DONE;
	(void)fail_file(tool, delivery->picture.path, s);
	delivery->picture.path = NULL;
	return delivery_take_back(delivery, tool, issue);
}

static enum exit_code store_and_publish(struct delivery *delivery, struct tool *tool,
					struct issue *issue)
{
	enum exit_code code = write_files(delivery, tool, issue);

	if (code != EXIT_DONE)
		return code;
	errno = 0;
	enum status s = issue_store(tool, issue);
	if (s != ST_OK)
		return fail_status(tool, issue->who.name, s);
	return publish_files(delivery, tool, issue);
}

/* Ends by a signal would leave hidden files: they wait for the moment. */
static void hold_signals(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, before);
}

enum exit_code delivery_store(struct delivery *delivery, struct tool *tool, struct issue *issue)
{
	sigset_t before;
	enum status s = issue_make_codes(tool, issue);

	if (s != ST_OK)
		return fail_status(tool, issue->who.name, s);
	hold_signals(&before);
	enum exit_code code = store_and_publish(delivery, tool, issue);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}
