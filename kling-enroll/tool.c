/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/tool.h"

#include "kling-enroll/config_text.h"
#include "kling-enroll/culprit.h"
#include "kling-enroll/json.h"
#include "kling-enroll/log.h"
#include "kling-enroll/terminal.h"
#include "kling-enroll/text.h"
#include "lib/base/cleanup.h"
#include "lib/base/clock.h"
#include "lib/base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 2048, UID_MIN_USUAL = 1000, UID_NOBODY = 65534 };

/* A line on standard error; on a terminal as many as it takes, broken between words. */
static void print_line(const char *before, const char *user, const char *message)
{
	AUTO_OUT line = OUT_EMPTY;
	AUTO_OUT out = OUT_EMPTY;
	struct display display = display_of(STDERR_FILENO);

	out_text(&line, TEXT_PREFIX);
	if (user) {
		out_visible(&line, user);
		out_text(&line, ": ");
	}
	out_visible(&line, message);
	out_text(&out, before);
	out_wrapped(&out, out_string(&line), "", display.columns);
	(void)!out_flush(&out, STDERR_FILENO);
}

static void print_error(const struct tool *tool, enum exit_code code, const char *user,
			const char *message)
{
	AUTO_OUT out = OUT_EMPTY;
	struct json json = JSON_TO(&out);

	if (tool->quiet)
		return;
	print_line(tool->over_progress ? "\r\033[K" : "", user, message);
	if (code == EXIT_USAGE && tool->request.command) {
		out_format(&out, TEXT_SEE_HELP, " ", tool->request.command->name);
		(void)!out_flush(&out, STDERR_FILENO);
	}
	if (!tool->request.options.json)
		return;
	json_open(&json, NULL);
	if (user)
		json_text(&json, "user", user);
	json_text(&json, "error", message);
	json_number(&json, "exit", code);
	json_close(&json);
	json_end(&json);
	(void)!out_flush(&out, STDOUT_FILENO);
}

enum exit_code fail(const struct tool *tool, enum exit_code code, const char *format, ...)
{
	char message[MESSAGE_BYTES];
	va_list values;

	va_start(values, format);
	vsnprintf(message, sizeof(message), format, values);
	va_end(values);
	print_error(tool, code, NULL, message);
	return code;
}

enum exit_code fail_of(const struct tool *tool, enum exit_code code, const char *user,
		       const char *format, ...)
{
	char message[MESSAGE_BYTES];
	va_list values;

	va_start(values, format);
	vsnprintf(message, sizeof(message), format, values);
	va_end(values);
	print_error(tool, code, user, message);
	return code;
}

/* What to do about it, where something can be said. */
static const char *advice(enum status status)
{
	static const char *const texts[ST_COUNT] = {
	    [ST_IO] = TEXT_ADVICE_IO,
	    [ST_LOCK_TIMEOUT] = TEXT_ADVICE_LOCK,
	    [ST_PERM] = TEXT_ADVICE_CHECK,
	    [ST_CORRUPT] = TEXT_ADVICE_CORRUPT,
	    [ST_OWNER] = TEXT_ADVICE_OWNER,
	    [ST_KEY_MISSING] = TEXT_ADVICE_KEY,
	    [ST_KEY_MISMATCH] = TEXT_ADVICE_KEY,
	    [ST_UNINITIALISED] = TEXT_ADVICE_INIT,
	    [ST_STALE] = TEXT_ADVICE_AGAIN,
	    [ST_LOOKUP] = TEXT_ADVICE_LOOKUP,
	};

	return status < ST_COUNT && texts[status] ? _(texts[status]) : "";
}

static enum exit_code exit_of(enum status status)
{
	if (status == ST_NO_USER || status == ST_BAD_NAME)
		return EXIT_NO_USER;
	return status == ST_STALE || status == ST_EXISTS ? EXIT_NO : EXIT_TROUBLE;
}

/* An owner, a mode or a kind that is wrong: the very path, and the command that mends it. */
static bool blame(const struct tool *tool, const char *user, enum status status)
{
	struct culprit culprit;

	if ((status != ST_PERM && status != ST_KEY_MISMATCH) || !tool->place.state_dir ||
	    !culprit_find(&tool->place, user, &culprit))
		return false;
	(void)fail_of(tool, EXIT_TROUBLE, user, TEXT_BLAME, culprit.path, culprit.problem,
		      culprit.fix);
	return true;
}

enum exit_code fail_status(const struct tool *tool, const char *user, enum status status)
{
	char cause[128] = "";
	enum exit_code code = exit_of(status);

	if (status_has_errno(status) && errno != 0)
		snprintf(cause, sizeof(cause), " (%s)", strerror(errno));
	if (status == ST_IO && (errno == EACCES || errno == EPERM) && geteuid() != 0)
		return fail(tool, EXIT_NOT_ROOT, TEXT_NOT_ROOT);
	if (blame(tool, user, status))
		return EXIT_TROUBLE;
	if (status == ST_KEY_MISSING && !user && tool->place.state_dir)
		return fail(tool, code, TEXT_KEY_GONE, tool->place.key_dir, tool->place.state_dir,
			    tool->place.state_dir, tool->place.state_dir);
	if (status == ST_STORE_LOST && tool->place.state_dir)
		return fail(tool, code, TEXT_STORE_GONE, tool->place.key_dir,
			    tool->place.state_dir);
	if (user)
		return fail_of(tool, code, user, "%s%s%s", spoken(status_text(status)), cause,
			       advice(status));
	return fail(tool, code, "%s%s%s", spoken(status_text(status)), cause, advice(status));
}

const char *file_problem(enum status status)
{
	if (status == ST_MISSING)
		return strerror(ENOENT);
	if (status == ST_PERM)
		return strerror(EISDIR);
	return status_has_errno(status) && errno ? strerror(errno) : spoken(status_text(status));
}

void remark(const char *format, ...)
{
	char message[MESSAGE_BYTES];
	va_list values;

	va_start(values, format);
	vsnprintf(message, sizeof(message), format, values);
	va_end(values);
	print_line("", NULL, message);
}

/* What is said of a configuration that did not load. */
static enum exit_code fail_config(const struct tool *tool, const struct conf_error *error)
{
	const char *path = tool->request.options.config;
	AUTO_OUT problem = OUT_EMPTY;
	struct culprit culprit;

	config_problem(&problem, error);
	if (error->line)
		return fail(tool, EXIT_TROUBLE, "%s:%u: %s", error->file, error->line,
			    out_string(&problem));
	if (culprit_on_path(path ? path : KLING_CONF_FILE, ROLE_CONFIG, geteuid(), &culprit))
		return fail(tool, EXIT_TROUBLE, TEXT_BLAME, culprit.path, culprit.problem,
			    culprit.fix);
	return fail(tool, EXIT_TROUBLE, "%s: %s", error->file, spoken(error->problem));
}

enum exit_code tool_configure(struct tool *tool)
{
	struct conf_source source = {.path = tool->request.options.config,
				     .must_exist = tool->request.options.config != NULL,
				     .owner = geteuid()};
	struct conf_error error = {0};

	if (tool->settings)
		return EXIT_DONE;
	if (clock_read(&tool->now) != ST_OK)
		return fail(tool, EXIT_TROUBLE, TEXT_CLOCK);
	if (gethostname(tool->host, sizeof(tool->host) - 1) != 0 || !tool->host[0])
		memcpy(tool->host, "localhost", sizeof("localhost"));
	errno = 0;
	enum status s = settings_load(&source, &tool->settings, &error);
	if (s == ST_CONFIG)
		return fail_config(tool, &error);
	if (s != ST_OK)
		return fail_status(tool, NULL, s);
	tool->place = (struct place){settings_state_dir(tool->settings),
				     settings_key_dir(tool->settings), geteuid()};
	return EXIT_DONE;
}

enum exit_code tool_open(struct tool *tool)
{
	enum exit_code code = tool_configure(tool);

	if (code != EXIT_DONE)
		return code;
	errno = 0;
	enum status s = store_open(&tool->place, &tool->store);
	if (s == ST_PERM && geteuid() != 0)
		return fail(tool, EXIT_NOT_ROOT, TEXT_NOT_ROOT);
	return s == ST_OK ? EXIT_DONE : fail_status(tool, NULL, s);
}

void tool_say_init(const struct tool *tool)
{
	log_act(&(struct act){.event = "init", .reason = "ok"});
	remark(TEXT_INIT_DONE, tool->place.key_dir, tool->place.state_dir);
}

enum exit_code tool_open_or_init(struct tool *tool)
{
	enum exit_code code = tool_configure(tool);

	if (code != EXIT_DONE)
		return code;
	errno = 0;
	enum status s = store_open(&tool->place, &tool->store);
	if (s == ST_UNINITIALISED) {
		s = store_init(&tool->place, false);
		if (s == ST_OK)
			tool_say_init(tool);
		if (s == ST_OK || s == ST_EXISTS)
			s = store_open(&tool->place, &tool->store);
	}
	return s == ST_OK ? EXIT_DONE : fail_status(tool, NULL, s);
}

void tool_close(struct tool *tool)
{
	store_close(&tool->store);
	settings_free(&tool->settings);
}

enum exit_code tool_find_person(struct tool *tool, const char *name, struct person *person)
{
	errno = 0;
	enum status s = person_find(name, person);

	if (s == ST_NO_USER)
		return fail_of(tool, EXIT_NO_USER, name, TEXT_NO_USER);
	return s == ST_OK ? EXIT_DONE : fail_status(tool, name, s);
}

static enum exit_code resolve(struct tool *tool, const char *name, const struct group_names *groups,
			      struct rules *rules)
{
	const struct subject subject = {.user = name,
					.service = "",
					.origin = {.kind = ORIGIN_NONE},
					.groups = groups->names,
					.group_count = groups->count};
	const char *problem = NULL;

	if (settings_resolve(tool->settings, &subject, rules, &problem) == ST_OK)
		return EXIT_DONE;
	return fail_of(tool, EXIT_TROUBLE, name, TEXT_CONTRADICTION,
		       spoken(problem ? problem : ""));
}

enum exit_code tool_rules(struct tool *tool, const struct person *person, struct rules *rules)
{
	AUTO_GROUPS groups = {0};
	enum status s = ST_OK;

	if (settings_need_groups(tool->settings))
		s = group_names_find(person, &groups);
	if (s != ST_OK)
		return fail_status(tool, person->name, s);
	return resolve(tool, person->name, &groups, rules);
}

enum exit_code tool_rules_of(struct tool *tool, const struct who *who, struct rules *rules)
{
	const struct group_names none = {0};
	AUTO_PERSON person = {0};

	if (!settings_need_groups(tool->settings))
		return resolve(tool, who->name, &none, rules);
	enum exit_code code = tool_find_person(tool, who->name, &person);
	return code == EXIT_DONE ? tool_rules(tool, &person, rules) : code;
}

enum exit_code tool_begin(struct tool *tool, struct person *person, struct rules *rules)
{
	enum exit_code code = tool_configure(tool);

	if (code == EXIT_DONE)
		code = tool_find_person(tool, tool->request.operands[0], person);
	if (code == EXIT_DONE)
		code = tool_open(tool);
	return code == EXIT_DONE ? tool_rules(tool, person, rules) : code;
}

uid_t first_person_uid(void)
{
	AUTO_FILE file = fopen("/etc/login.defs", "re");
	char line[256], value[32];
	uint64_t number = UID_MIN_USUAL;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, " UID_MIN %31[0-9]", value) == 1 &&
		    number_parse(value, 0, UINT32_MAX, &number) != ST_OK)
			number = UID_MIN_USUAL;
	return (uid_t)number;
}

bool is_system_uid(uid_t uid, uid_t first_person)
{
	return uid < first_person || uid == UID_NOBODY;
}

bool is_system_account(uid_t uid)
{
	return is_system_uid(uid, first_person_uid());
}

struct who who_of(const struct person *person)
{
	return (struct who){.name = person->name, .uid = person->uid, .exists = true};
}

enum exit_code tool_print(const struct tool *tool, struct out *out)
{
	errno = 0;
	if (out_flush(out, STDOUT_FILENO) == ST_OK)
		return EXIT_DONE;
	if (errno == EPIPE)
		return EXIT_TROUBLE; /* whoever read it has seen enough */
	return fail(tool, EXIT_TROUBLE, TEXT_STDOUT, strerror(errno));
}

enum exit_code tool_can_print(const struct tool *tool)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		return EXIT_DONE;
	return fail(tool, EXIT_TROUBLE, TEXT_STDOUT, strerror(EBADF));
}
