/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CONF_SURVEY_H
#define KLING_CONF_SURVEY_H

#include "lib/conf/section.h"
#include "lib/conf/settings.h"
#include "lib/conf/value.h"

/* What stands where in a configuration, for who looks it over; no login needs it. */

/* The sections in their order; the next one is section->next. NULL: none. */
const struct section *settings_sections(const struct settings *settings);

/* The condition of that kind, or NULL. */
const struct condition *section_condition(const struct section *section, enum condition_kind kind);

/* One option where it is set. */
struct option_use {
	const struct tunable *option;
	const union value *value;
	unsigned line;                 /* 0: a module argument */
	const struct section *section; /* NULL: above all sections, or an argument */
};

void settings_each_option(const struct settings *settings,
			  void (*each)(void *context, const struct option_use *use), void *context);

/* The value that an option has in a section, as far as the section alone says: its own, that of the
 * top, or the default. Only for options of type number, duration and choice. */
uint64_t settings_value_in(const struct settings *settings, const struct section *section,
			   const char *option);

/*
 * The line of a later section that sets the same option and holds wherever the section of this one
 * does, so that this one never counts. 0: none.
 */
unsigned option_overridden_at(const struct option_use *use);

#endif
