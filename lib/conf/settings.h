/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_SETTINGS_H
#define KLING_CONF_SETTINGS_H

#include "lib/base/attributes.h"
#include "lib/base/safe_path.h"
#include "lib/base/status.h"
#include "lib/conf/mark.h"
#include "policy/address.h"
#include "policy/rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The configuration, parsed once: the file, its sections, and the module arguments that win over
 * both. Nothing is ever ignored: an unknown word, a duplicate, trailing junk, a value out of range
 * or a contradiction fails the whole load. Immutable afterwards.
 *
 * A line is empty, `name = value` or `[conditions]`; each ends in a line feed, the last too. A # at
 * the start of a line or behind a blank begins a comment. There are no includes, continuations,
 * quotes or escapes; a value is what stands between its outer blanks. An option stands once at
 * the top, once in a section and once among the arguments; a section stands once, in whatever
 * order its conditions are.
 *
 * A section's conditions are separated by commas and must all hold; a condition holds for one of
 * its words: [group staff wheel, service sshd, from 10.0.0.0/8 2001:db8::/32]. Only `group` may be
 * said twice in one section.
 */
struct settings;

#define KLING_CONF_FILE KLING_CONF_DIR "/kling.conf"

#define AUTO_SETTINGS AT_SCOPE_END(settings_free) struct settings *
void settings_free(struct settings **settings);

/* Where and why a load failed. `line` is 0 for a module argument or the file as a whole. */
struct conf_error {
	char file[256]; /* the path, cut, or "argument" */
	unsigned line;
	char word[64];       /* the offending word as it stands there, cut; "" when there is none */
	const char *problem; /* static text */
	const struct tunable *tunable; /* the option whose value it is about, or NULL */
};

struct conf_source {
	const char *path; /* NULL: KLING_CONF_FILE. A conf= argument wins over it */
	bool must_exist;  /* true: a missing file is an error. conf= implies it; otherwise missing =
			     defaults */
	uid_t owner;      /* who must own the file (root is always fine) */
	int argc;         /* name=value words; `conf=` and, where `flags` knows them, bare words */
	const char *const *argv;
	const char *const *flags; /* bare words that belong to the caller (preauth, use_authtok
				     ...); ends with NULL; may be NULL */
	struct safe_way *way;     /* to the file; NULL: a way of its own */
};

/* ST_OK, or ST_CONFIG and ST_IO (both with *error filled), ST_NOMEM, ST_INTERNAL. */
enum status settings_load(const struct conf_source *source, struct settings **settings,
			  struct conf_error *error) MUST_USE;

/* The built-in defaults alone: the way back in when the file does not load. */
enum status settings_builtin(struct settings **settings) MUST_USE;

/* The file that was, or would have been, read; both live as long as the settings. */
const char *settings_path(const struct settings *settings);
const struct conf_mark *settings_mark(const struct settings *settings);

/* Whether any [group ...] section exists; otherwise groups need not be looked up. */
bool settings_need_groups(const struct settings *settings);

/* The groups that sections name, one after the other; NULL behind the last. */
const char *settings_group(const struct settings *settings, size_t index);

/* For whom rules are resolved. */
struct subject {
	const char *user; /* canonical name, or as typed when unknown */
	const char *service;
	struct origin origin;
	const char *const *groups; /* names */
	size_t group_count;
};

/*
 * The rules for one subject: defaults, then the file, then each matching section in its order,
 * then the module arguments. They borrow from `settings`. ST_CONFIG when the combination
 * contradicts itself (`problem` gets a static text).
 *
 * Where a [from ...] section would have to decide and the origin is a host name, none of them is
 * taken and allow_from comes back empty, so that access_origin refuses for REASON_RHOST_NAME.
 */
enum status settings_resolve(const struct settings *settings, const struct subject *subject,
			     struct rules *rules, const char **problem) MUST_USE;

/* Which place gave an option its value: "default", "FILE:LINE" or "argument"; into `out`. "" for an
 * option that does not exist. */
void settings_origin_of(const struct settings *settings, const struct subject *subject,
			const char *option, char *out, size_t size);

/*
 * Calls `each` for every value that the file, any of its sections or an argument gives to an option
 * of type text or path; `line` is 0 for an argument. Nothing is called for the default.
 */
void settings_each_text(const struct settings *settings, const char *option,
			void (*each)(void *context, const char *text, unsigned line),
			void *context);

/* Global paths are known before any subject is. */
const char *settings_state_dir(const struct settings *settings);
const char *settings_key_dir(const struct settings *settings);

#endif
