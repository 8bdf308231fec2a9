/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_RULES_H
#define KLING_POLICY_RULES_H

#include "policy/address.h"
#include "policy/password_rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero is the strictest choice of each, so that forgetting one never opens a door. */
enum second_factor { SECOND_FACTOR_REQUIRED = 0, SECOND_FACTOR_OPTIONAL, SECOND_FACTOR_OFF };
enum enroll_at_login { ENROLL_AT_LOGIN_NO = 0, ENROLL_AT_LOGIN_KEY, ENROLL_AT_LOGIN_YES };
enum public_key { PUBLIC_KEY_NEEDS_CODE = 0, PUBLIC_KEY_ACCEPT };
enum prompt_style { PROMPT_SEPARATE = 0, PROMPT_COMBINED };
enum lockout_scope { LOCKOUT_SCOPE_SOURCE = 0, LOCKOUT_SCOPE_ACCOUNT };
enum rescue { RESCUE_NONE = 0, RESCUE_CONSOLE_ROOT };
enum password_policy { PASSWORD_POLICY_CLASSIC = 0, PASSWORD_POLICY_NIST };

enum { LOCKOUT_TRIES_MAX = 16, LOCKOUT_PARALLEL_MAX = 8 };

/* Lists are borrowed from whoever parsed them (struct settings) and live as long as it does. */
struct word_list {
	const char *const *words;
	size_t count;
};

struct range_list {
	bool any; /* everybody; `ranges` is not looked at */
	const struct range *ranges;
	size_t count;
};

struct lockout_rules {
	uint32_t tries; /* 0: off */
	uint32_t cap;   /* 0: off */
	uint32_t parallel;
	uint64_t interval;     /* seconds */
	uint64_t duration;     /* seconds; 0: until unlocked */
	uint64_t max_duration; /* seconds */
	bool root;
	bool message;
	enum lockout_scope scope;
};

struct enroll_rules {
	uint64_t grace;   /* seconds */
	int64_t deadline; /* wall clock, first second without grace; 0: none */
	enum enroll_at_login at_login;
};

/* Every tunable, resolved for one user, service and source. */
struct rules {
	enum second_factor second_factor;
	struct enroll_rules enroll;
	enum public_key public_key;
	uint32_t code_window;
	const char *prompt;
	enum prompt_style prompt_style;
	struct lockout_rules lockout;
	enum rescue rescue;
	uint32_t backup_code_iterations;
	struct range_list allow_from;
	enum password_policy password_policy;
	struct password_rules password;
	uint32_t password_history;
	const char *password_blocklist; /* "" when none */
	uint32_t password_retries;
	bool password_enforce_root;
	struct word_list console_services;
	struct word_list local_services;
	struct word_list enroll_services;
	struct word_list key_login_services;
	bool session_report;
	const char *state_dir;
	const char *key_dir;
};

enum tunable_type {
	TUNABLE_BOOL,     /* bool: yes no */
	TUNABLE_NUMBER,   /* uint32_t */
	TUNABLE_DURATION, /* uint64_t seconds */
	TUNABLE_DATE,     /* int64_t, empty for none */
	TUNABLE_CHOICE,   /* int-sized enum out of `choices` */
	TUNABLE_TEXT,     /* const char *: printable ASCII, `low` to `high` bytes */
	TUNABLE_PATH,     /* const char *: absolute and clean, or empty where `low` is 0 */
	TUNABLE_WORDS,    /* struct word_list: service names between blanks */
	TUNABLE_RANGES,   /* struct range_list: "any", or addresses and ranges between blanks */
};

struct choice {
	const char *word;
	int value;
};

/* Where an option may stand. */
enum tunable_place {
	TUNABLE_ANYWHERE,  /* file, section, module argument */
	TUNABLE_FILE_ONLY, /* the file outside every section: state_dir, key_dir */
};

/* One option: the name people write, where its value goes, its default and its limits. */
struct tunable {
	const char *name;
	enum tunable_type type;
	enum tunable_place place;
	size_t offset;                /* in struct rules */
	uint64_t low, high;           /* NUMBER, DURATION, TEXT, PATH */
	const char *standard;         /* the default, as it would be written */
	const struct choice *choices; /* TUNABLE_CHOICE: ends with a NULL word */
};

/* All options in the order of the documentation. */
extern const struct tunable tunables[];
extern const size_t tunable_count;

/* The option of that name, or NULL. */
const struct tunable *tunable_find(const char *name);

/*
 * The first contradiction in a complete set of rules as a short text, or NULL: a
 * lockout_max_duration below lockout_duration; classic class minima that together exceed
 * password_min_length; a service that is both a console and a local one.
 */
const char *rules_contradiction(const struct rules *rules);

bool word_list_has(const struct word_list *list, const char *word);

#endif
