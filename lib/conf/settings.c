/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/settings.h"

#include "lib/conf/parts.h"
#include "lib/conf/reader.h"
#include "lib/conf/scanner.h"
#include "policy/mark.h"

#include <stdio.h>
#include <string.h>

enum { SECTION_BUCKETS = 256 };

/* What is on its way from text to settings. */
struct load {
	struct settings *settings;
	struct conf_error *error;
	struct section *section; /* the last one, or NULL at the top */
	struct section *buckets[SECTION_BUCKETS];
};

static enum status report(struct conf_error *error, unsigned line, const char *word,
			  const char *problem)
{
	error->line = line;
	error->problem = problem;
	snprintf(error->word, sizeof(error->word), "%s", word ? word : "");
	return ST_CONFIG;
}

static enum status report_complaint(struct conf_error *error, unsigned line,
				    const struct complaint *complaint)
{
	return report(error, line, complaint->word, complaint->problem);
}

/* One option at one place. `inner` is not the top of the file. */
static enum status option_add(struct load *load, struct assignments *place, bool inner,
			      const struct line *line, unsigned number)
{
	struct complaint complaint = {NULL, NULL};
	const struct tunable *tunable = tunable_find(line->name);

	if (!tunable)
		return report(load->error, number, line->name, "no such option");
	if (inner && tunable->place == TUNABLE_FILE_ONLY)
		return report(load->error, number, line->name,
			      "only in the file, above its sections");
	enum status s = assignments_add(place, tunable, line->value, number, &load->settings->arena,
					&complaint);
	if (s != ST_SYNTAX)
		return s;
	if (!complaint.word || complaint.word[0] == '\0')
		complaint.word = tunable->name;
	else if (complaint.word != tunable->name)
		load->error->tunable = tunable;
	return report_complaint(load->error, number, &complaint);
}

/* False when there is one like it. */
static bool bucket_add(struct load *load, struct section *section)
{
	struct section **bucket = &load->buckets[section->hash % SECTION_BUCKETS];

	for (const struct section *s = *bucket; s; s = s->alike)
		if (section_equals(s, section))
			return false;
	section->alike = *bucket;
	*bucket = section;
	return true;
}

static enum status section_begin(struct load *load, const struct line *line, unsigned number)
{
	struct complaint complaint = {NULL, NULL};
	struct settings *settings = load->settings;
	struct section *section = arena_take(&settings->arena, sizeof(*section));

	if (!section)
		return ST_NOMEM;
	enum status s = section_parse(line->name, &settings->arena, section, &complaint);
	if (s == ST_SYNTAX)
		return report_complaint(load->error, number, &complaint);
	if (s != ST_OK)
		return s;
	if (!bucket_add(load, section))
		return report(load->error, number, NULL, "the same section stands twice");
	section->line = number;
	settings->need_groups = settings->need_groups || section_has(section, CONDITION_GROUP);
	if (load->section)
		load->section->next = section;
	else
		settings->sections = section;
	load->section = section;
	return ST_OK;
}

static enum status line_add(struct load *load, const struct line *line, unsigned number)
{
	struct assignments *place =
	    load->section ? &load->section->assignments : &load->settings->top;

	if (line->kind == LINE_SECTION)
		return section_begin(load, line, number);
	return option_add(load, place, load->section != NULL, line, number);
}

static enum status lines_add(struct load *load, struct scanner *scanner)
{
	struct complaint complaint = {NULL, NULL};
	struct line line;
	enum status s;

	do {
		s = scanner_next(scanner, &line, &complaint);
		if (s != ST_OK)
			return report_complaint(load->error, scanner->number, &complaint);
		if (line.kind != LINE_END)
			s = line_add(load, &line, scanner->number);
	} while (s == ST_OK && line.kind != LINE_END);
	return s;
}

enum status settings_add_text(struct settings *settings, char *bytes, size_t length,
			      struct conf_error *error)
{
	struct load load = {.settings = settings, .error = error};
	struct scanner scanner = {bytes, bytes + length, 0};
	enum status s = lines_add(&load, &scanner);

	assignments_apply(&settings->top, &settings->base);
	return s;
}

static const char *problem_of_file(enum status status)
{
	if (status == ST_MISSING)
		return N_("there is no such file");
	if (status == ST_PERM)
		return N_("it or a directory above it has a wrong owner, mode or type");
	return status == ST_TOO_BIG ? N_("larger than 1 MiB") : N_("cannot be read");
}

static enum status file_add(struct load *load, bool must_exist, const struct conf_source *source)
{
	struct settings *settings = load->settings;
	struct safe_way own = {NULL, 0, 0};
	struct reading reading;
	enum status s = file_read(source->way ? source->way : &own, settings->path, source->owner,
				  &settings->arena, &reading);

	if (s == ST_NOMEM)
		return s;
	if (s == ST_OK || s == ST_MISSING)
		settings->mark = conf_mark_of(s == ST_OK ? &reading.st : NULL);
	if (s == ST_MISSING && !must_exist)
		return ST_OK;
	snprintf(load->error->file, sizeof(load->error->file), "%s", settings->path);
	if (s != ST_OK) {
		enum status reported = report(load->error, 0, NULL, problem_of_file(s));
		return status_has_errno(s) ? s : reported;
	}
	return settings_add_text(settings, reading.bytes, reading.length, load->error);
}

static bool is_flag(const char *word, const char *const *flags)
{
	for (; flags && *flags; flags++)
		if (strcmp(word, *flags) == 0)
			return true;
	return false;
}

static const char conf_prefix[] = "conf=";

static const char *conf_argument(const char *word)
{
	size_t length = sizeof(conf_prefix) - 1;

	return strncmp(word, conf_prefix, length) == 0 ? word + length : NULL;
}

static enum status argument_add(struct load *load, const char *word)
{
	struct complaint complaint = {NULL, NULL};
	struct line line;
	char *copy = arena_text(&load->settings->arena, word);

	if (!copy)
		return ST_NOMEM;
	enum status s = option_split(copy, &line, &complaint);
	if (s != ST_OK)
		return report(load->error, 0, word, "no such word");
	s = option_add(load, &load->settings->arguments, true, &line, 0);
	if (s == ST_CONFIG)
		return report(load->error, 0, word, load->error->problem);
	return s;
}

static enum status arguments_add(struct load *load, const struct conf_source *source)
{
	enum status s = ST_OK;

	snprintf(load->error->file, sizeof(load->error->file), "argument");
	for (int i = 0; i < source->argc && s == ST_OK; i++) {
		const char *word = source->argv[i];
		if (!conf_argument(word) && !is_flag(word, source->flags))
			s = argument_add(load, word);
	}
	return s;
}

/* Which file, and whether it must be there. */
static enum status file_choose(struct load *load, const struct conf_source *source,
			       bool *must_exist)
{
	const char *chosen = NULL;

	snprintf(load->error->file, sizeof(load->error->file), "argument");
	for (int i = 0; i < source->argc; i++) {
		const char *path = conf_argument(source->argv[i]);
		if (!path)
			continue;
		if (chosen)
			return report(load->error, 0, source->argv[i], "stands twice");
		chosen = path;
	}
	*must_exist = source->must_exist || chosen;
	if (!chosen)
		chosen = source->path ? source->path : KLING_CONF_FILE;
	load->settings->path = arena_text(&load->settings->arena, chosen);
	return load->settings->path ? ST_OK : ST_NOMEM;
}

static enum status check_contradictions(const struct load *load)
{
	unsigned line = 0;
	const char *problem = settings_contradiction(load->settings, &line);

	if (line != 0)
		snprintf(load->error->file, sizeof(load->error->file), "%s", load->settings->path);
	return problem ? report(load->error, line, NULL, problem) : ST_OK;
}

static enum status load_all(struct load *load, const struct conf_source *source)
{
	bool must_exist = true;
	enum status s = file_choose(load, source, &must_exist);

	if (s == ST_OK)
		s = file_add(load, must_exist, source);
	if (s == ST_OK)
		s = arguments_add(load, source);
	if (s == ST_OK)
		s = check_contradictions(load);
	return s;
}

enum status settings_load(const struct conf_source *source, struct settings **settings,
			  struct conf_error *error)
{
	AUTO_SETTINGS made = NULL;
	enum status s = settings_builtin(&made);

	*settings = NULL;
	*error = (struct conf_error){.problem = ""};
	if (s != ST_OK)
		return s;
	struct load load = {.settings = made, .error = error};
	s = load_all(&load, source);
	if (s != ST_OK) {
		/* The way borrows the path of settings that nobody gets. */
		if (source->way)
			*source->way = (struct safe_way){NULL, 0, 0};
		return s;
	}
	*error = (struct conf_error){.problem = ""};
	*settings = made;
	made = NULL;
	return ST_OK;
}
