/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_TOOL_H
#define KLING_ENROLL_TOOL_H

#include "kling-enroll/options.h"
#include "lib/base/people.h"
#include "lib/conf/settings.h"
#include "lib/show/out.h"
#include "lib/store/account.h"
#include "lib/store/store.h"

#include <limits.h>

/* What every command gets: the request, and what was opened for it. */
struct tool {
	struct request request;
	struct settings *settings; /* after tool_configure */
	struct place place;        /* after tool_configure; borrows from settings */
	struct store store;        /* after tool_open */
	struct moment now;         /* when the command began */
	char host[256];            /* this machine's name */
	char config[PATH_MAX];     /* --config, made absolute where it was not */
	bool over_progress;        /* messages come over a bar, which they wipe first */
	bool quiet;                /* no messages: what fails is done again by one that speaks */
	int caught;                /* a signal that ended a question */
};

/*
 * The steps below say themselves what went wrong, on standard error, and with --json as an object
 * on standard output too. They return EXIT_DONE, or the exit code to end with.
 */
enum exit_code tool_configure(struct tool *tool);
enum exit_code tool_open(struct tool *tool);

/* tool_open, but makes key, store and marker first when there are none, and says so. */
enum exit_code tool_open_or_init(struct tool *tool);

/* That key and store were made: to whoever is there, and in the log. */
void tool_say_init(const struct tool *tool);
void tool_close(struct tool *tool);

/* The person of that name: EXIT_NO_USER when there is none. */
enum exit_code tool_find_person(struct tool *tool, const char *name, struct person *person);

/* The rules that hold for a person wherever no service or address is known. */
enum exit_code tool_rules(struct tool *tool, const struct person *person, struct rules *rules);
enum exit_code tool_rules_of(struct tool *tool, const struct who *who, struct rules *rules);

/* Configures, finds the person of the first operand, opens the store and resolves the rules. */
enum exit_code tool_begin(struct tool *tool, struct person *person, struct rules *rules);

/* Root's own and the system's accounts, which need --force. */
bool is_system_account(uid_t uid);

/* The same in two steps, for many: UID_MIN of /etc/login.defs, and what it makes of a uid. */
uid_t first_person_uid(void);
bool is_system_uid(uid_t uid, uid_t first_person);

struct who who_of(const struct person *person);

/* Says on standard error what is wrong, behind the tool's name; returns `code`. */
enum exit_code fail(const struct tool *tool, enum exit_code code, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The same, about somebody. */
enum exit_code fail_of(const struct tool *tool, enum exit_code code, const char *user,
		       const char *format, ...) PRINTF_LIKE(4, 5);

/* What a failed operation on a user's record means, and what to do. */
enum exit_code fail_status(const struct tool *tool, const char *user, enum status status);

/* What kept a file of the command line from being read; by errno where the status is ST_IO. */
const char *file_problem(enum status status);

/* A line on standard error that is no error. */
void remark(const char *format, ...) PRINTF_LIKE(1, 2);

/* Everything of `out` to standard output: EXIT_TROUBLE with a message when it does not arrive. */
enum exit_code tool_print(const struct tool *tool, struct out *out);

/* Whether standard output can be written to at all; says so when not. */
enum exit_code tool_can_print(const struct tool *tool);

#endif
