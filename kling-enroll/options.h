/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_OPTIONS_H
#define KLING_ENROLL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_code {
	EXIT_DONE = 0,
	EXIT_NO = 1, /* refused, not matching, problems found */
	EXIT_USAGE = 2,
	EXIT_NOT_ROOT = 3,
	EXIT_NO_USER = 4, /* no such user, or not enrolled */
	EXIT_TROUBLE = 5  /* store, key or configuration */
};

/* The values of all options of all commands; zero is "not given". */
struct options {
	bool help;
	bool version;
	bool json;
	bool force;
	bool replace;
	bool no_confirm;
	bool plain;
	bool enrolled;
	bool missing;
	bool locked;
	bool end;
	bool yes;
	const char *config;
	const char *label;
	const char *issuer;
	const char *qr_file;
	const char *sheet;
	const char *sheet_dir;
	const char *users;
	const char *group;
	const char *user;
	const char *service;
	const char *from;
	uint64_t count;
	uint64_t digits;
	uint64_t period;
	uint64_t extend;
	int algorithm;
	int qr;    /* enum qr_style, or QR_AUTO */
	int paper; /* 1 + enum paper */
};

enum { QR_AUTO = -1, QR_OFF = -2 };

enum option_kind {
	OPTION_FLAG,     /* bool */
	OPTION_TEXT,     /* const char * */
	OPTION_NUMBER,   /* uint64_t */
	OPTION_SECONDS,  /* uint64_t, seconds without a unit */
	OPTION_DURATION, /* uint64_t seconds, written with a unit */
	OPTION_CHOICE,   /* int out of `choices` */
};

struct option_choice {
	const char *word;
	int value;
};

struct option {
	const char *name;     /* without the hyphens */
	const char *argument; /* as the help calls it; NULL for a flag */
	const char *help;
	enum option_kind kind;
	size_t offset; /* in struct options */
	uint64_t low, high;
	const struct option_choice *choices; /* ends with a NULL word */
};

struct tool;

struct command {
	const char *name;
	const char *operands; /* as the help shows them */
	const char *summary;  /* a line */
	const char *help;     /* a paragraph, or NULL */
	const char *more;     /* what to do for more operands than it takes, or NULL */
	int least, most;      /* operands */
	bool writes;          /* needs root */
	enum exit_code (*run)(struct tool *tool);
	const struct option *const *options; /* ends with NULL */
};

/* Options that stand before the command, or behind it, for every command. */
extern const struct option *const common_options[];

/* All commands in the order of the help; ends with a NULL name. */
extern const struct command commands[];

const struct command *command_find(const char *name);

/* What was asked for on the command line; borrowed from it. */
struct request {
	const struct command *command; /* NULL: none was named */
	struct options options;
	const char **operands;
	int operand_count;
};

/* Why a command line was not taken. The texts are borrowed and not yet safe for a terminal. */
struct usage_problem {
	const char *text;            /* a static text, or NULL */
	const char *word;            /* the word it is about, or NULL */
	const char *suggestion;      /* what may have been meant, or NULL */
	const struct option *option; /* whose value it is about, or NULL: then text is NULL */
	const char *value;           /* that value; NULL when it is missing */
};

/*
 * Reads the words behind the program's name. `operands` has room for all of them. "help" in place
 * of a command is --help. False with *problem.
 */
bool request_parse(int argc, char *const *argv, const char **operands, struct request *request,
		   struct usage_problem *problem);

/* The one of `count` words that `word` was probably meant to be, or NULL. `at` gives the i-th. */
const char *suggestion_for(const char *word, const char *(*at)(const void *context, size_t i),
			   const void *context, size_t count);

#endif
